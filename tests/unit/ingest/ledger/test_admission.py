"""What is too old, and what a crowded host has no room for."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.ledger import admission
from ingest.ledger.admission import is_archive, is_wanted, that_fit
from ingest.ledger.record import Record
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Page, Source
from ingest.urls import INLINE

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SOURCE = Source("s", "sitemap", "http://h/sitemap.xml")


def aged(days: float, url: str = "http://h/1") -> Entry:
    return Entry(url, published_at=NOW - timedelta(days=days))


def record(entry: Entry) -> Record:
    return admitted(SOURCE, entry, NOW)


@pytest.mark.parametrize(
    ("source", "entry", "wanted"),
    [
        (SOURCE, aged(29), True),
        (SOURCE, aged(31), False),
        (SOURCE, Entry("http://h/1"), True),
        (SOURCE, Entry("http://h/1", published_at=NOW - timedelta(days=4000), updated_at=NOW), True),
        (SOURCE, Entry("http://h/1", updated_at=NOW - timedelta(days=4000)), False),
        (Source("s", "sitemap", "http://h/", since_days=0), aged(8000), True),
        (Source("s", "sitemap", "http://h/", since_days=3), aged(4), False),
        (SOURCE, Entry("file:///a", published_at=NOW - timedelta(days=99), page=Page("", 200, (), b"", NOW)), True),
    ],
)
def test_entries_older_than_asked_are_not_wanted(source: Source, entry: Entry, wanted: bool) -> None:  # noqa: FBT001  # a table's column
    assert is_wanted(source, entry, NOW) is wanted


def test_an_old_article_is_archive_and_stays_so_when_it_is_tried_again() -> None:
    assert not is_archive(record(aged(6)))
    assert is_archive(record(aged(8)))
    assert not is_archive(record(Entry("http://h/1"))), "undated: taken for new"
    inline = Entry("file:///a", published_at=NOW - timedelta(days=99), page=Page("", 200, (), b"", NOW))
    assert not is_archive(record(inline))


def test_a_crowded_host_takes_its_newest_and_others_take_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "WAITING", 3)
    fresh = [record(aged(days, f"http://h/{days}")) for days in (9, 1, 5)] + [record(aged(9, "http://other/1"))]
    kept, dropped = that_fit(fresh, {"h": 1, "other": 0})
    assert ([one.url for one in kept], dropped) == (["http://h/1", "http://h/5", "http://other/1"], 1)


def test_inline_pages_ask_no_host_and_always_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "WAITING", 1)
    page = Page("", 200, (), b"", NOW)
    kept, dropped = that_fit([record(Entry(f"file:///{n}", page=page)) for n in range(3)], {INLINE: 900})
    assert (len(kept), dropped) == (3, 0)
