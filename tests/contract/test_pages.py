"""The page store: the same cases in memory and in a folder."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.errors import Permanent, Unavailable
from ingest.model import Page
from workers.store.pages import Pages

KEY = "0123456789abcdef" * 2
PAGE = Page(
    "http://h/خبر",
    200,
    (("Content-Type", "text/html; charset=windows-1256"), ("X-Empty", "")),
    "خبر\r\n\r\nعاجل".encode("cp1256"),
    datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC),
)

ASKED = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.fixture(params=["memory", "folder"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"memory://{request.node.name}" if request.param == "memory" else str(tmp_path / "pages")


def test_a_page_comes_back_as_it_went(url: str) -> None:
    pages = Pages(url)
    assert pages.get(KEY) is None
    assert not pages.has(KEY)
    pages.put(KEY, PAGE, ASKED)
    assert pages.get(KEY) == pages.get(KEY, ASKED) == PAGE
    assert pages.has(KEY)


def test_a_page_answers_what_was_asked_and_nothing_else_whatever_the_clocks_say(url: str) -> None:
    pages = Pages(url)
    pages.put(KEY, PAGE, ASKED)
    assert pages.get(KEY, ASKED + timedelta(seconds=1)) is None
    assert pages.get(KEY, ASKED - timedelta(seconds=1)) is None


def test_a_disk_that_cannot_be_written_is_named_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "pages").write_bytes(b"a file where the folder should be")
    pages = Pages(str(tmp_path / "pages"))
    with pytest.raises(Unavailable, match="cannot be written") as caught:
        pages.put(KEY, PAGE, ASKED)
    assert caught.value.reason == "page_store"
    with pytest.raises(Unavailable, match="cannot be read"):
        pages.get(KEY)


def test_a_newer_page_replaces_the_older(url: str) -> None:
    pages = Pages(url)
    pages.put(KEY, PAGE, ASKED)
    newer = Page(PAGE.url, 200, (), b"new", PAGE.fetched_at)
    pages.put(KEY, newer, ASKED)
    assert pages.get(KEY) == newer


def test_files_are_warc_records_and_nothing_half_written_stays(tmp_path: Path) -> None:
    pages = Pages(str(tmp_path))
    pages.put(KEY, PAGE, ASKED)
    pages.put(KEY, PAGE, ASKED)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file.name for file in files] == [f"{KEY}.warc.gz"]
    record = gzip.decompress(files[0].read_bytes())
    assert record.startswith(b"WARC/1.1\r\nWARC-Type: response\r\n")
    assert b"HTTP/1.1 200 " in record
    assert PAGE.body in record


RECORD = gzip.compress(b"WARC/1.1\r\n\r\n" * 20)


@pytest.mark.parametrize(
    "damage", [b"", b"junk", gzip.compress(b"no record"), RECORD[:-9], RECORD[:12] + b"\xff" * 8 + RECORD[20:]]
)
def test_a_damaged_page_is_named(tmp_path: Path, damage: bytes) -> None:
    pages = Pages(str(tmp_path))
    pages.put(KEY, PAGE, ASKED)
    next(tmp_path.rglob("*.warc.gz")).write_bytes(damage)
    with pytest.raises(Permanent, match=KEY) as caught:
        pages.get(KEY)
    assert caught.value.reason == "page_unreadable"
