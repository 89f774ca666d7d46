"""What a poll means for its source."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.document import POLL
from ingest.errors import Permanent, Transient
from ingest.model import Entry, Page, Source
from ingest.polling import polls
from ingest.polling.listing import Listing
from ingest.polling.poll import Poll

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = Source("s", "feed", "https://www.site.example/feed", interval_s=600)
LISTING = Listing(tuple(Entry(f"https://site.example/{n}", published_at=NOW - n * HOUR) for n in range(24)))


def page(body: bytes = b"x", status: int = 200, moved_to: str = "", **headers: str) -> Page:
    pairs = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Page(SOURCE.url, status, pairs, body, NOW, moved_to)


def polled(*pages: Page, at: datetime = NOW, every: timedelta = HOUR, poll: Poll = Poll()) -> Poll:  # noqa: B008  # frozen
    """Return the poll after some answers, each read as the listing."""
    for number, answer in enumerate(pages):
        poll = polls.listing_read(poll, answer, LISTING, at + number * every, full=number == 0)
    return poll


def test_validators_are_sent_back_verbatim() -> None:
    poll = polled(page(ETag='W/"a b"', Last_Modified="yesterday, about noon"))
    assert polls.conditions(poll) == {"If-None-Match": 'W/"a b"', "If-Modified-Since": "yesterday, about noon"}
    assert polls.conditions(polled(page())) == polls.conditions(polled(page(ETag="*"))) == {}
    assert polls.conditions(polled(page(ETag='"1"'), page())) == {}, "a new listing without one has none"
    kept = polls.unchanged(poll, page(b"", 304), NOW)
    assert polls.conditions(kept) == polls.conditions(poll)
    assert polls.conditions(polls.unchanged(poll, page(b"", 304, ETag='"2"'), NOW))["If-None-Match"] == '"2"'


def test_an_answer_is_the_same_by_its_status_or_by_its_body() -> None:
    poll = polled(page(b"feed"))
    assert polls.is_same(poll, page(b"", 304))
    assert polls.is_same(poll, page(b"feed"))
    assert not polls.is_same(poll, page(b"feed2"))
    assert polls.is_same(polls.unchanged(poll, page(b"", 304), NOW), page(b"feed")), "a 304 has no body to hash"


def test_once_a_day_and_after_a_failure_it_is_asked_without_conditions() -> None:
    assert polls.is_full(SOURCE, Poll(), NOW)
    poll = polled(page(ETag='"1"'))
    assert not polls.is_full(SOURCE, poll, NOW + timedelta(hours=23))
    assert polls.is_full(SOURCE, poll, NOW + DAY)
    assert polls.is_full(SOURCE, replace(poll, failures=1), NOW)
    assert polls.is_full(replace(SOURCE, interval_s=0), poll, NOW), "a person asks"
    assert polls.unchanged(poll, page(b"", 304), NOW + HOUR).full_at == NOW


@pytest.mark.parametrize("ahead", [3 * HOUR, 365 * DAY])
def test_a_listing_read_while_the_clock_was_ahead_does_not_stand_for_today(ahead: timedelta) -> None:
    early = polled(page(b"a"))
    poll = polled(page(b"b"), at=NOW + ahead, poll=early)
    assert polls.is_full(SOURCE, poll, NOW)
    fresh = Listing((Entry("https://site.example/new", published_at=NOW + 15 * HOUR),))
    later = polls.listing_read(poll, page(b"c"), fresh, NOW + 15 * HOUR, full=False)
    assert later.rhythm.newest_at == later.rhythm.until == NOW + 15 * HOUR


def test_backoff_is_linear_and_never_ends() -> None:
    pauses = []
    poll = Poll()
    for _ in range(400):
        poll = polls.failed(poll, Transient("timeout", "30 s"), NOW)
        due = polls.next_poll(SOURCE, poll, NOW, 0.0)
        assert due
        pauses.append((due - NOW).total_seconds())
    assert pauses[:3] == [1200, 1800, 2400]
    assert pauses[-1] == 86_400
    assert poll.error == "timeout: 30 s"
    assert polls.unchanged(poll, page(b"", 304), NOW).failures == 0


def test_a_410_is_believed_the_second_time_a_day_later() -> None:
    gone = Permanent("http_410", "gone")
    poll = polls.failed(Poll(), gone, NOW)
    assert polls.next_poll(SOURCE, poll, NOW, 0.0) == NOW + DAY
    assert not polls.failed(poll, gone, NOW + HOUR).gone
    assert not polls.failed(poll, Permanent("http_404"), NOW + DAY).gone
    dead = polls.failed(poll, gone, NOW + DAY)
    assert dead.gone
    assert polls.next_poll(SOURCE, dead, NOW, 0.0) is None
    alive = polled(page(), poll=dead)
    assert not alive.gone
    assert polls.next_poll(SOURCE, replace(alive, failures=0), NOW, 0.0)


TO = "https://site.example/rss"


@pytest.mark.parametrize(
    ("answers", "every", "moves"),
    [
        ([TO] * 3, DAY, True),
        ([TO] * 2, timedelta(hours=48), False),
        ([TO] * 9, timedelta(hours=5), False),
        ([TO, TO, "", TO, TO], DAY, False),
        ([TO, "https://site.example/other", TO], DAY, False),
        (["https://elsewhere.example/feed"] * 9, DAY, False),
        (["https://feeds.site.example/feed"] * 3, DAY, True),
        (["https://notsite.example/feed"] * 3, DAY, False),
    ],
)
def test_a_move_is_followed_after_three_equal_answers_in_two_days(
    answers: list[str],
    every: timedelta,
    moves: bool,  # noqa: FBT001
) -> None:
    poll = polled(*(page(moved_to=to) for to in answers), every=every)
    moved = polls.rewritten(SOURCE, poll, NOW + (len(answers) - 1) * every)
    assert moved == (replace(SOURCE, url=answers[-1]) if moves else None)


def test_the_rhythm_hears_what_the_feed_says() -> None:
    listing = replace(LISTING, ttl_s=1800, skip_hours=(1, 2), skip_days=("friday",))
    poll = polls.listing_read(Poll(), page(Cache_Control="public, s-maxage=9, max-age=3600"), listing, NOW, full=True)
    rhythm = poll.rhythm
    assert (rhythm.hint_s, rhythm.skip_hours, rhythm.skip_days, rhythm.window) == (3600, (1, 2), ("friday",), 24)
    assert rhythm.gap_s == pytest.approx(3600, rel=0.1)
    assert polled(page(Cache_Control="no-cache, s-maxage=600")).rhythm.hint_s == 0


def test_undated_entries_count_when_they_are_admitted_except_the_first_time() -> None:
    undated = Listing(tuple(Entry(f"https://site.example/{n}") for n in range(20)))
    poll = polls.listing_read(Poll(admitted=20), page(), undated, NOW, full=True)
    assert sum(poll.rhythm.entries) == 0
    poll = polls.listing_read(replace(poll, admitted=3), page(), undated, NOW + HOUR, full=False)
    assert sum(poll.rhythm.entries) == 3
    again = polls.listing_read(replace(polled(page()), admitted=9), page(), LISTING, NOW + HOUR, full=False)
    assert again.rhythm.newest_at == NOW
    assert sum(again.rhythm.entries) == pytest.approx(sum(polled(page()).rhythm.entries), rel=0.01)


@pytest.mark.parametrize("ahead", [3 * HOUR, 30 * DAY])
def test_an_entry_that_is_dated_ahead_is_new_once(ahead: timedelta) -> None:
    listing = Listing((Entry("https://site.example/1", published_at=NOW + ahead),))
    poll = polls.listing_read(replace(polled(page()), admitted=1), page(), listing, NOW, full=True)
    seen = sum(poll.rhythm.entries)
    for n in range(1, 12):
        poll = polls.listing_read(replace(poll, admitted=0), page(), listing, NOW + n * HOUR / 2, full=False)
    assert sum(poll.rhythm.entries) == pytest.approx(seen, rel=0.05)
    later = Listing((Entry("https://site.example/2", published_at=NOW + 6 * HOUR),))
    poll = polls.listing_read(replace(poll, admitted=1), page(), later, NOW + 6 * HOUR, full=False)
    assert sum(poll.rhythm.entries) == pytest.approx(seen + 1, rel=0.05)


def test_a_sitemap_is_heard_through_its_parts() -> None:
    index = polls.listing_read(Poll(), page(ETag='"index"'), Listing(()), NOW, full=True)
    assert (sum(index.rhythm.entries), index.rhythm.window) == (0, 0)
    poll = polls.part_read(index, LISTING, NOW)
    assert (sum(poll.rhythm.entries), poll.rhythm.window, poll.etag) == (24, 24, '"index"')
    assert poll.rhythm.newest_at == NOW
    assert poll.rhythm.gap_s == pytest.approx(3600, rel=0.1), "it was watched since its oldest entry"
    archive = Listing(tuple(Entry("https://site.example/a", published_at=NOW - n * DAY) for n in range(2000)))
    assert sum(polls.part_read(poll, archive, NOW).rhythm.entries) == 24, "an archive is no news"


def test_a_poll_survives_elasticsearch() -> None:
    poll = replace(polls.failed(polled(page(ETag='"1"')), Permanent("http_410"), NOW), due_at=NOW)
    assert POLL.validate_python(POLL.dump_python(poll, mode="json")) == poll


@pytest.mark.parametrize(
    "validator", ['"خبر-1"', "\u200f23/\u200f11/\u200f2026 10:30:00 ص", '"a\tb"', '"\ufffd"', "x" * 5000]
)
def test_a_validator_that_cannot_be_sent_as_it_came_is_left_out(validator: str) -> None:
    assert polls.conditions(polled(page(ETag=validator, Last_Modified=validator))) == {}
    assert polls.conditions(polled(page(ETag=validator, Last_Modified="x"))) == {"If-Modified-Since": "x"}
