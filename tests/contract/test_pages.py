"""The page store: the same cases in memory, in a folder and in an object store."""

import gzip
import socket
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from ingest.errors import Permanent, Unavailable
from ingest.model import Page
from workers.settings import SettingsError
from workers.store import pages as module
from workers.store.page_files import FOLDERS, PageFiles
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


S3 = pytest.param("s3", marks=[pytest.mark.stack, pytest.mark.enable_socket])


@pytest.fixture
def s3fs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Yield what returns the library for an endpoint; it needs aiohttp, which the other tests do without."""
    if sys.modules.get("aiohttp") is None:
        sys.modules.pop("aiohttp", None)
    from s3fs import S3FileSystem  # type: ignore[import-untyped]  # noqa: PLC0415  # see above

    def at(endpoint: str) -> Any:
        access = {"ENDPOINT_URL": endpoint, "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "MAX_ATTEMPTS": "1"}
        for name, value in access.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        S3FileSystem.clear_instance_cache()
        return S3FileSystem

    yield at
    S3FileSystem.clear_instance_cache()


@pytest.fixture
def bucket(s3fs: Callable[[str], Any]) -> Iterator[tuple[str, Any]]:
    """Start an object store; yield the address of a folder in it, and the server."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415  # a second, and only these tests need it

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    s3fs(f"http://{host}:{port}")().makedirs("pages", exist_ok=True)
    yield f"s3://pages/{uuid4().hex}", server
    server.stop()


@pytest.fixture(params=["memory", "folder", S3])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        return str(request.getfixturevalue("bucket")[0])
    return f"memory://{request.node.name}" if request.param == "memory" else str(tmp_path / "pages")


@pytest.mark.stack
@pytest.mark.enable_socket
def test_an_object_store_that_is_away_is_nobodys_fault(bucket: tuple[str, Any]) -> None:
    url, server = bucket
    pages = Pages(url)
    pages.put(KEY, PAGE, ASKED)
    server.stop()
    attempts: list[Callable[[], object]] = [
        lambda: pages.put(KEY, PAGE, ASKED),
        lambda: pages.get(KEY),
        partial(pages.remove, KEY),
    ]
    for attempt in attempts:
        with pytest.raises(Unavailable) as caught:
            attempt()
        assert caught.value.reason == "page_store"


@pytest.mark.stack
@pytest.mark.enable_socket
def test_an_object_store_that_accepts_and_never_answers_has_a_deadline(
    s3fs: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its library alone would keep the thread of a fetch for minutes, and the fetch's lease would be over."""
    monkeypatch.setattr(module, "STORE_S", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        s3fs(f"http://127.0.0.1:{silent.getsockname()[1]}")
        pages, began = Pages("s3://pages/silent"), time.monotonic()
        attempts: list[Callable[[], object]] = [
            lambda: pages.put(KEY, PAGE, ASKED),
            lambda: pages.get(KEY),
            partial(pages.remove, KEY),
        ]
        for attempt in attempts:
            with pytest.raises(Unavailable):
                attempt()
        assert time.monotonic() - began < 30


@pytest.mark.parametrize("error", [RuntimeError("its own kind of error"), TimeoutError("slow"), PermissionError("no")])
def test_any_error_of_an_object_store_is_unavailable(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages("memory://failing")

    def fail(*_: object) -> None:
        raise error

    for name in ("pipe_file", "cat_file", "exists", "rm_file"):
        monkeypatch.setattr(type(pages._fs), name, fail)
    put, get, has, remove = pages.put, pages.get, pages.has, pages.remove
    for attempt in (lambda: put(KEY, PAGE, ASKED), lambda: get(KEY), lambda: has(KEY), lambda: remove(KEY)):
        with pytest.raises(Unavailable, match=str(error)):
            attempt()


def test_pages_are_listed_with_age_and_size_and_removed(url: str) -> None:
    Pages(url).put(KEY, PAGE, ASKED)
    files = PageFiles(url)
    assert [one for folder in FOLDERS[:3] if folder != KEY[:2] for one in files.under(folder)] == []
    (file,) = files.under(KEY[:2])
    assert (file.name, file.size > 100) == (f"{KEY}.warc.gz", True)
    assert abs(file.modified - datetime.now(UTC)) < timedelta(minutes=5)
    files.remove([file])
    files.remove([file])
    assert files.under(KEY[:2]) == []
    assert not Pages(url).has(KEY)


def test_the_end_of_a_tasks_time_is_no_error_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages("memory://slow")

    def late(*_: object) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(type(pages._fs), "cat_file", late)
    with pytest.raises(SoftTimeLimitExceeded):
        pages.get(KEY)


def test_a_store_that_nobody_knows_is_named() -> None:
    with pytest.raises(SettingsError, match="WARRAQ_PAGES_URL is 'gopher://x'"):
        Pages("gopher://x")


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


def test_all_that_is_stored_of_an_article_goes(url: str) -> None:
    pages = Pages(url)
    other = KEY[:4] + "f" * 28
    for key in (KEY, other):
        pages.put(key, PAGE, ASKED)
    pages.put_look(KEY, PAGE, ASKED)
    pages.promote(KEY, 0)
    pages.put_look(KEY, PAGE, ASKED)
    assert len(pages.names(KEY)) == 3
    assert pages.purge(KEY) == 3
    assert (pages.names(KEY), pages.purge(KEY)) == ([], 0)
    assert pages.has(other)
