"""What is told of articles and sources when a task has ended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.errors import Gone, Transient, Unavailable, WarraqError
from ingest.ledger.record import Record, State
from ingest.ledger.reopening import opened
from ingest.ledger.transitions import ATTEMPTS, admitted, ended, page_missing, put_off, redirected, retried
from ingest.ledger.upshots import indexed, moved_on
from ingest.ledger.upshots import not_yet as article_not_yet
from ingest.model import Entry, Source
from ingest.polling.poll import Poll
from ingest.polling.upshots import not_yet, polled
from ingest.upshot import LONGEST, LONGEST_OF_ALL, Ending, Upshot, place, readable, size, together

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
SOURCE = Source("s", "feed", "https://h.example/feed", "دفاتر")
URL = "https://h.example/%D8%AE%D8%A8%D8%B1/1?token=secret"
RECORD = admitted(SOURCE, Entry(URL), NOW)
GONE = Gone("http_404", f"{URL} answered 404")
BUSY = Transient("http_503", "busy")


def failed(record: Record, error: WarraqError = GONE) -> Record:
    return ended(record, State.FAILED, NOW, error.reason, error.detail)


ENDS = {
    "failed": (failed(RECORD), Ending.FAILED, f"http_404 {URL} answered 404"),
    "last attempt": (retried(replace(RECORD, attempts=ATTEMPTS - 1), BUSY, NOW, 0), Ending.FAILED, "http_503 busy"),
    "tried again": (retried(RECORD, BUSY, NOW, 0.5), Ending.PUT_BACK, "http_503 busy, again in 30 s"),
    "disk": (
        put_off(RECORD, Unavailable("page_store", "full"), NOW, 0.5),
        Ending.PUT_BACK,
        "page_store full, again in 10 s",
    ),
    "another host": (redirected(RECORD, "https://g/1", NOW), Ending.PUT_BACK, "redirected https://g/1"),
    "no page": (page_missing(RECORD, NOW), Ending.PUT_BACK, "page missing "),
    "rejected": (
        ended(RECORD, State.REJECTED, NOW, "paywall", "a wall of 12 words"),
        Ending.DONE,
        "rejected: paywall",
    ),
    "duplicate": (
        ended(RECORD, State.DUPLICATE, NOW, "same_page", "https://h.example/1"),
        Ending.DONE,
        "duplicate: same_page https://h.example/1",
    ),
    "refresh failed": (
        failed(opened(ended(RECORD, State.INDEXED, NOW), NOW, "relisted")),
        Ending.FAILED,
        f"refresh_http_404 {URL} answered 404",
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_records_last_transition_is_told(name: str) -> None:
    record, ending, said = ENDS[name]
    told = moved_on(record)
    assert (told.about, told.ending, told.said) == ("h.example/خبر/1", ending, said)


def test_a_host_that_rests_and_a_good_end() -> None:
    rests = article_not_yet(RECORD, timedelta(seconds=4.4), "its host rests")
    assert (rests.said, rests.ending) == ("its host rests, again in 4 s", Ending.PUT_BACK)
    assert indexed(RECORD, 412).said == "indexed, 412 words"


POLLS = {
    "good": (Poll(listed=30, admitted=2), Ending.DONE, "30 listed, 2 new"),
    "half": (Poll(listed=9, problems=("a", "b")), Ending.DONE, "9 listed, 0 new, 2 unreadable"),
    "bad": (Poll(failures=3, error="http_500: no"), Ending.FAILED, "http_500: no (3 times in a row)"),
}


@pytest.mark.parametrize("name", POLLS)
def test_a_poll_is_told(name: str) -> None:
    poll, ending, said = POLLS[name]
    told = polled(SOURCE, poll)
    assert (told.about, told.ending, told.said) == ("دفاتر h.example/feed", ending, said)
    assert not_yet(SOURCE, timedelta(seconds=1)).ending is Ending.PUT_BACK


def test_a_place_has_letters_and_no_query() -> None:
    assert place(URL) == "h.example/خبر/1"
    assert place("https://h:8080/a%0Ab%1Fc%FF") == "h:8080/a b c\N{REPLACEMENT CHARACTER}"
    assert place("file:///texts/%D8%A3.txt") == "/texts/أ.txt"


def test_a_line_is_short_and_a_size_is_rounded_up() -> None:
    assert len(readable("a" * 1000)) == LONGEST
    assert [size(count) for count in (0, 1, 1024, 82_000)] == ["0 KB", "1 KB", "1 KB", "81 KB"]


def test_of_a_long_batch_what_failed_is_told_first() -> None:
    fine = [Upshot("h/" + "p" * LONGEST, f"indexed, {number} words") for number in range(19)]
    told = together([*fine, Upshot("h/bad", "http_404", Ending.FAILED)])
    assert told.said.startswith("h/bad: http_404; h/p")
    assert (told.about, told.ending, len(told.said)) == ("20 articles", Ending.FAILED, LONGEST_OF_ALL)
