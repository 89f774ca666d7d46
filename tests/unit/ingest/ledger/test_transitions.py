from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.errors import Transient, Unavailable
from ingest.ledger.documents import document_found, document_lost, refused
from ingest.ledger.history import DETAIL, HISTORY
from ingest.ledger.record import Record, State
from ingest.ledger.reopening import relisted, reopened, replayed
from ingest.ledger.transitions import (
    ATTEMPTS,
    BACKOFF_CAP_S,
    BACKOFF_S,
    PAUSE_S,
    STARTS,
    IllegalTransitionError,
    abandoned,
    admitted,
    ended,
    put_off,
    retried,
)
from ingest.model import Entry, Page, Source

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SOURCE = Source("s", "feed", "http://h/feed")
SLOW = Transient("timeout", "30 s")


def record(**changes: object) -> Record:
    return replace(admitted(SOURCE, Entry("http://h/a?utm_source=x", updated_at=NOW), NOW), **changes)  # type: ignore[arg-type]


def test_admission_makes_a_pending_record_of_the_canonical_url() -> None:
    made = record()
    assert (made.state, made.url, made.lane, made.version) == (State.PENDING, "http://h/a", "h", 1)


def test_a_listing_that_holds_the_page_waits_in_the_held_lane_and_the_record_does_not_carry_the_page() -> None:
    page = Page("http://h/a", 200, (), b"x", NOW)
    made = admitted(SOURCE, Entry("http://h/a", page=page), NOW)
    assert made.lane == "held"
    assert made.entry.page is None


@pytest.mark.parametrize("state", [State.INDEXED, State.DUPLICATE, State.REJECTED, State.FAILED])
def test_an_end_is_final_for_workers(state: State) -> None:
    over = ended(record(), state, LATER, "why", "because")
    assert (over.state, over.reason, over.detail, over.ended_at, over.version) == (state, "why", "because", LATER, 2)
    with pytest.raises(IllegalTransitionError, match=over.id):
        ended(over, State.FAILED, LATER)
    with pytest.raises(IllegalTransitionError, match=over.id):
        abandoned(over, LATER)
    with pytest.raises(IllegalTransitionError, match=over.id):
        retried(over, SLOW, LATER, 0.5)


def test_backoff_is_exponential_with_full_jitter_and_a_cap() -> None:
    first, luckless = retried(record(), SLOW, NOW, 0.5), retried(record(attempts=1), SLOW, NOW, 0.0)
    assert first.due_at - NOW == timedelta(seconds=BACKOFF_S)
    assert luckless.due_at == NOW
    capped = retried(record(attempts=ATTEMPTS - 2), SLOW, NOW, 0.999)
    assert capped.due_at - NOW < timedelta(seconds=BACKOFF_CAP_S)


def test_retry_after_is_obeyed() -> None:
    told = retried(record(), Transient("http_503", retry_after_s=500), NOW, 0.0)
    assert told.due_at - NOW == timedelta(seconds=500)


def test_the_last_attempt_fails_with_the_last_error() -> None:
    over = retried(record(attempts=ATTEMPTS - 1), SLOW, NOW, 0.5)
    assert (over.state, over.reason, over.detail, over.attempts) == (State.FAILED, "timeout", "30 s", ATTEMPTS)


def test_the_fourth_start_without_an_end_is_poison() -> None:
    seen = record()
    for start in range(STARTS):
        seen = abandoned(seen, NOW)
        assert (seen.state, seen.starts) == (State.PENDING, start + 1)
    assert (abandoned(seen, NOW).state, abandoned(seen, NOW).reason) == (State.FAILED, "poison")


@pytest.mark.parametrize(
    ("updated", "asked_again"),
    [
        (NOW + timedelta(minutes=1), True),
        (NOW, False),
        (NOW - timedelta(days=1), False),
        (None, False),
    ],
)
def test_only_a_listing_with_a_later_update_brings_an_ended_article_back(
    updated: datetime | None,
    asked_again: bool,  # noqa: FBT001
) -> None:
    over = ended(record(), State.INDEXED, NOW)
    back = relisted(over, Entry("http://h/a", updated_at=updated), LATER)
    assert (back is not None) is asked_again
    if back is not None:
        assert (back.state, back.asked_at, back.version, back.attempts) == (State.PENDING, LATER, 3, 0)


def test_a_pending_article_is_not_brought_back() -> None:
    assert relisted(record(), Entry("http://h/a", updated_at=LATER), LATER) is None


def test_a_refresh_that_fails_leaves_the_article_indexed_and_says_so() -> None:
    first = ended(record(), State.INDEXED, NOW)
    again = relisted(first, Entry("http://h/a", updated_at=LATER), LATER)
    assert again is not None
    over = ended(again, State.FAILED, LATER, "http_404", "gone")
    assert (over.state, over.reason, over.indexed_at) == (State.INDEXED, "refresh_http_404", NOW)


def test_what_the_index_refuses_is_failed_although_its_record_said_indexed() -> None:
    over = refused(ended(record(), State.INDEXED, NOW), LATER, "mapper_parsing_exception")
    assert (over.state, over.reason, over.indexed_at, over.version) == (State.FAILED, "refused_by_index", None, 2)
    assert [one.what for one in over.history] == ["refused"], "its end as `indexed` was never written"


def test_a_refresh_that_the_index_refuses_leaves_the_old_document() -> None:
    again = relisted(ended(record(), State.INDEXED, NOW), Entry("http://h/a", updated_at=LATER), LATER)
    assert again is not None
    over = refused(ended(again, State.INDEXED, LATER), LATER, "mapper_parsing_exception")
    assert (over.state, over.reason, over.indexed_at) == (State.INDEXED, "refresh_refused_by_index", NOW)


def test_a_document_that_comes_after_another_end_makes_that_end_a_refresh_that_failed() -> None:
    over = ended(record(), State.FAILED, NOW, "poison")
    told = document_found(over, LATER)
    assert told is not None
    assert (told.state, told.reason, told.indexed_at) == (State.INDEXED, "refresh_poison", LATER)
    assert told.version == over.version + 1
    assert document_found(told, LATER) is None, "once is enough"
    twin = document_found(ended(record(), State.DUPLICATE, NOW), LATER)
    assert twin is not None
    assert twin.reason == "refresh_duplicate"


def test_a_document_that_comes_while_the_article_is_at_work_again_is_not_forgotten() -> None:
    told = document_found(record(), LATER)
    assert told is not None
    assert (told.state, told.indexed_at, told.due_at, told.version) == (State.PENDING, LATER, LATER, 2)
    assert ended(told, State.FAILED, LATER, "http_404").state is State.INDEXED


def test_a_lost_document_brings_its_article_back_and_its_next_failure_is_one() -> None:
    back = document_lost(ended(record(), State.INDEXED, NOW), LATER)
    assert (back.state, back.asked_at, back.due_at, back.indexed_at) == (State.PENDING, NOW, LATER, None)
    assert ended(back, State.FAILED, LATER, "http_404").state is State.FAILED
    with pytest.raises(IllegalTransitionError, match="pending"):
        document_lost(record(), NOW)


def test_who_waits_for_a_part_of_our_own_is_put_off_and_nothing_is_counted() -> None:
    waits = put_off(record(), Unavailable("page_store", "no space left"), NOW, 0.5)
    assert (waits.state, waits.reason, waits.attempts, waits.version) == (State.PENDING, "page_store", 0, 2)
    assert waits.due_at - NOW == timedelta(seconds=PAUSE_S)


def test_a_record_tells_its_story() -> None:
    told = ended(abandoned(retried(record(), SLOW, NOW, 0.5), LATER), State.FAILED, LATER, "http_404", "gone")
    assert [(one.at, one.what, one.detail) for one in told.history] == [
        (NOW, "put off", "timeout 30 s, again in 30 s"),
        (LATER, "abandoned", "start 1 without an end"),
        (LATER, "failed", "http_404 gone"),
    ]


def test_a_story_has_an_end() -> None:
    told = record()
    for _ in range(HISTORY + 5):
        told = reopened(ended(told, State.FAILED, NOW, "x" * 9999), LATER)
    assert len(told.history) == HISTORY
    assert max(len(one.detail) for one in told.history) == DETAIL


def test_a_person_may_reopen_what_has_ended_and_nothing_else() -> None:
    back = reopened(ended(record(attempts=3, starts=2), State.FAILED, NOW, "dns"), LATER)
    assert (back.state, back.reason, back.attempts, back.starts, back.due_at) == (State.PENDING, "", 0, 0, LATER)
    with pytest.raises(IllegalTransitionError, match="pending"):
        reopened(record(), NOW)


def test_a_replay_keeps_the_page_that_is_there() -> None:
    back = replayed(ended(record(), State.INDEXED, NOW), LATER)
    assert (back.state, back.lane, back.asked_at, back.due_at) == (State.PENDING, "held", NOW, LATER)
    with pytest.raises(IllegalTransitionError, match="pending"):
        replayed(record(), NOW)
