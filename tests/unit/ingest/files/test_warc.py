"""WARC files: ours, others', damaged."""

import gzip
import io
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import brotli
import pytest
from fastwarc.warc import WarcRecord, WarcRecordType

from ingest.files.warc import entries
from ingest.files.warc_body import MAX_BYTES, ZSTD
from ingest.model import Entry, Page
from workers.store.pages import _pack

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CAPTURED = datetime(2016, 9, 1, 10, 11, 12, tzinfo=UTC)
HTML = "<!doctype html><p>خبر من الأرشيف</p>".encode()
TEXT = (("Content-Type", "text/html; charset=utf-8"),)


def record(number: int, body: bytes = HTML, *headers: tuple[str, str], **changed: Any) -> bytes:
    """Return a record; `changed`: status, kind, and WARC headers to set (None = leave out)."""
    status, kind = changed.pop("status", 200), changed.pop("kind", WarcRecordType.response)
    one = WarcRecord()
    one.init_headers(kind)
    fields = {"target_uri": f"https://akhbar.example/{number}", "date": "2016-09-01T10:11:12Z"} | changed
    for name, value in fields.items():
        if value is not None:
            one.headers["WARC-" + {"target_uri": "Target-URI", "date": "Date"}[name]] = value
    one.headers["Content-Type"] = "application/http; msgtype=response"
    head = "".join(f"{name}: {value}\r\n" for name, value in headers or TEXT)
    one.set_bytes_content(f"HTTP/1.1 {status} OK\r\n{head}\r\n".encode() + body)
    out = io.BytesIO()
    one.write(out)
    return out.getvalue()


def read(data: bytes) -> list[Entry | str]:
    return list(entries(io.BytesIO(data), NOW))


def urls(found: list[Entry | str]) -> list[str]:
    return [one.url.rpartition("/")[2] for one in found if isinstance(one, Entry)]


def faults(found: list[Entry | str]) -> list[str]:
    return [one for one in found if isinstance(one, str)]


def body(data: bytes) -> bytes:
    (found,) = read(data)
    assert isinstance(found, Entry)
    assert found.page
    return found.page.body


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_pages_with_the_time_of_their_capture(pack: Any) -> None:
    found = read(b"".join(pack(record(number)) for number in range(3)))
    assert urls(found) == ["0", "1", "2"]
    assert isinstance(found[0], Entry)
    assert found[0].page == Page("https://akhbar.example/0", 200, TEXT, HTML, CAPTURED)


def test_our_own_page_store() -> None:
    headers = (*TEXT, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    pages = [Page(f"https://akhbar.example/{number}", 200, headers, HTML, NOW) for number in range(2)]
    found = read(b"".join(_pack(f"{number:032x}", page, NOW) for number, page in enumerate(pages)))
    assert [one.page for one in found if isinstance(one, Entry)] == pages


CHUNKED = b"4\r\n" + HTML[:4] + b"\r\n%x;ext=1\r\n" % len(HTML[4:]) + HTML[4:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (CHUNKED, [("Transfer-Encoding", "chunked")]),
        (HTML, [("Transfer-Encoding", "chunked")]),
        (gzip.compress(HTML), [("Content-Encoding", "gzip")]),
        (HTML, [("Content-Encoding", "gzip")]),
        (zlib.compress(HTML), [("Content-Encoding", "deflate")]),
        (zlib.compress(HTML, wbits=-15), [("Content-Encoding", "deflate")]),
        (HTML, [("Content-Encoding", "deflate")]),
        (b"x" + HTML, [("Content-Encoding", "deflate"), ("X-Undone", "x")]),
        (brotli.compress(HTML, quality=5), [("Content-Encoding", "br")]),
        (HTML, [("Content-Encoding", "br")]),
        (HTML, [("X-Crawl-Content-Encoding", "gzip")]),
    ],
)
def test_bodies_as_they_travelled_or_undone(raw: bytes, headers: list[tuple[str, str]]) -> None:
    assert body(record(1, raw, *TEXT, *headers)).removeprefix(b"x") == HTML


def test_what_is_no_page_is_passed_over() -> None:
    others = (
        record(1, HTML, status=404),
        record(2, HTML, ("Content-Type", "image/png")),
        record(3, HTML, kind=WarcRecordType.request),
        record(4, b"User-agent: *", ("Content-Type", "text/plain"), target_uri="https://akhbar.example/robots.txt"),
        record(5, b" "),
        record(6, HTML, target_uri="dns:akhbar.example"),
        record(9, HTML, target_uri="/news/9"),
    )
    assert read(b"".join(others) + record(8))[0] == read(record(8))[0]


def test_a_date_that_is_none_is_now() -> None:
    for line in (
        b"WARC-Date: yesterday\r\n",
        b"",
        b"WARC-Date: 9999-12-31T23:59:59Z\r\n",
        b"WARC-Date: 0001-01-01T00:00:00Z\r\n",
    ):
        (found,) = read(record(1).replace(b"WARC-Date: 2016-09-01T10:11:12Z\r\n", line))
        assert isinstance(found, Entry)
        assert found.page
        assert found.page.fetched_at == NOW


def block(number: int, content: bytes, uri: str = "") -> bytes:
    """Return a response record with whatever content."""
    one = WarcRecord()
    one.init_headers(WarcRecordType.response)
    one.headers["WARC-Target-URI"] = uri or f"https://akhbar.example/{number}"
    one.headers["Content-Type"] = "application/http; msgtype=response"
    one.set_bytes_content(content)
    out = io.BytesIO()
    one.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n", b"HTTP/1.0 200\r\nContent-Type: text/html\n\r\n"]
)
def test_lines_of_a_head_may_end_without_a_carriage_return(head: bytes) -> None:
    found = read(block(1, head + HTML) + record(2))
    assert urls(found) == ["1", "2"]
    assert isinstance(found[0], Entry)
    assert found[0].page
    assert found[0].page.body == HTML


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HTML,
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + HTML,
        b"ICY 200 OK\r\n\r\n" + HTML,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n" + HTML,
    ],
)
def test_what_is_no_answer_of_a_server_is_named_and_passed_over(content: bytes) -> None:
    found = read(block(1, content) + record(2))
    assert urls(found) == ["2"]
    assert [said.partition(": https")[0] for said in faults(found)] == ["response 1: no_http"]


def test_a_page_without_an_address_is_named_and_passed_over() -> None:
    found = read(record(1, HTML, target_uri=None) + record(2))
    assert (urls(found), faults(found)) == (["2"], ["response 1: no_url: it does not say whose answer it is"])


def test_answers_of_other_protocols_are_none_of_ours() -> None:
    assert faults(read(block(1, b"20160901 127.0.0.1", "dns:akhbar.example") + record(2))) == []


def flawed() -> Iterator[tuple[bytes, list[str], str]]:
    whole, packed = record(1), gzip.compress(record(1))
    yield whole + record(2)[:-30], ["1"], "response 2: cut_off"
    yield packed + gzip.compress(record(2))[:-25], ["1"], "response 2"
    yield packed + b"junk" * 9, ["1"], "response 2 and what follows it"
    yield record(1, b"x" * (MAX_BYTES + 1)) + record(2), ["2"], "response 1: too_large"
    yield (
        record(1, gzip.compress(bytes(MAX_BYTES + 1), 1), *TEXT, ("Content-Encoding", "gzip")),
        [],
        "response 1: too_large",
    )
    yield (
        record(1, brotli.compress(bytes(MAX_BYTES + 1), quality=5), *TEXT, ("Content-Encoding", "br")),
        [],
        "response 1: too_large",
    )
    yield (
        record(1, gzip.compress(HTML)[:-12], *TEXT, ("Content-Encoding", "gzip")) + record(2),
        ["2"],
        "response 1: cut_off",
    )
    for coding, raw, reason in (
        ("deflate", zlib.compress(HTML)[:20] + b"\xff" * 50, "decode"),
        ("zstd", ZSTD, "encoding_unsupp"),
    ):
        broken = record(1, raw, *TEXT, ("Content-Encoding", coding))
        yield broken + record(2), ["2"], f"response 1: {reason}"
    yield b"<html>", [], "response 1"
    yield b"", [], "no response record"


@pytest.mark.parametrize(("data", "good", "said"), list(flawed()))
def test_of_a_damaged_file_the_whole_records_are_read(data: bytes, good: list[str], said: str) -> None:
    found = read(data)
    assert urls(found)[: len(good)] == good
    assert faults(found)[0].startswith(said)


LONG = f"<!doctype html><title>خبر</title>{'<p>رست السفينة فجر اليوم على الرصيف الجديد.</p>' * 9}".encode()
MARKS = (
    "WARC-Truncated: length",
    "WARC-Truncated: time",
    "WARC-Truncated: disconnect",
    "WARC-Truncated: unspecified",
    "WARC-TRUNCATED:  LENGTH ",
    'warc-truncated: "disconnect"',
    "WARC-Truncated: some other reason",
)


@pytest.mark.parametrize("mark", MARKS)
def test_what_is_left_of_a_truncated_page_is_marked_or_too_little(mark: str) -> None:
    little, much = (
        record(number, body).replace(b"WARC-Type", f"{mark}\r\nWARC-Type".encode(), 1)
        for number, body in enumerate((HTML, LONG), 1)
    )
    why = mark.partition(":")[2].strip(' "').lower()
    scrap, cut, entry, whole = read(little + much + record(3))
    assert scrap == f"response 1: cut_off: https://akhbar.example/1 was truncated when it was archived ({why})"
    assert cut == f"response 2: cut_off: https://akhbar.example/2 was truncated when it was archived ({why})"
    assert isinstance(entry, Entry)
    assert isinstance(whole, Entry)
    assert entry.page
    assert whole.page
    assert (entry.page.truncated, entry.page.body, whole.page.truncated) == (True, LONG, False)


NOISE = b"".join(sha256(b"%d" % number).digest() for number in range(2000))
CUT_OFF = (
    (LONG, [("Content-Length", str(len(LONG) + 1))]),
    (b"%x\r\n" % (len(LONG) + 1) + LONG, [("Transfer-Encoding", "chunked")]),
    (b"%x\r\n" % len(LONG) + LONG + b"\r\n", [("Transfer-Encoding", "chunked")]),
    (gzip.compress(LONG)[:-4], [("Content-Encoding", "gzip")]),
    (gzip.compress(LONG), [("Content-Encoding", "gzip"), ("Content-Length", "9999")]),
    (zlib.compress(LONG)[:-4], [("Content-Encoding", "deflate")]),
    (brotli.compress(LONG + NOISE, quality=5)[:-9], [("Content-Encoding", "br")]),
)
WHOLE = (
    (LONG, [("Content-Length", str(len(LONG)))]),
    (LONG, [("Content-Length", "10")]),
    (LONG, [("Content-Length", "x"), ("Content-Length", "5, 5")]),
    (LONG, [("Content-Length", "9999"), ("Content-Encoding", "gzip")]),
    (LONG, [("Content-Length", "9999"), ("Transfer-Encoding", "chunked")]),
    (gzip.compress(LONG), [("Content-Length", str(len(gzip.compress(LONG)))), ("Content-Encoding", "gzip")]),
)


@pytest.mark.parametrize(("raw", "headers"), CUT_OFF, ids=range(len(CUT_OFF)))
def test_a_page_that_lacks_its_end_is_truncated_whether_or_not_its_record_says_so(
    raw: bytes, headers: list[tuple[str, str]]
) -> None:
    found = read(record(1, raw, *TEXT, *headers))
    assert [one.page.truncated for one in found if isinstance(one, Entry) and one.page] == [True]
    assert len(faults(found)) == 1


@pytest.mark.parametrize(("raw", "headers"), WHOLE, ids=range(len(WHOLE)))
def test_a_whole_page_is_not(raw: bytes, headers: list[tuple[str, str]]) -> None:
    (found,) = read(record(1, raw, *TEXT, *headers))
    assert isinstance(found, Entry)
    assert found.page
    assert (found.page.truncated, found.page.body) == (False, LONG)


def test_our_page_store_remembers_that_a_page_is_truncated() -> None:
    _, first = read(record(1, LONG, *TEXT, ("Content-Length", "9999")))
    assert isinstance(first, Entry)
    assert first.page
    (again,) = (one for one in read(_pack("0" * 32, first.page, NOW)) if isinstance(one, Entry))
    assert again.page
    assert again.page.truncated


@pytest.mark.parametrize("coding", ["utf-8", "none", "identity, gzip"])
def test_a_coding_that_is_no_compression_is_passed_over(coding: str) -> None:
    body = gzip.compress(HTML) if "gzip" in coding else HTML
    (entry,) = entries(io.BytesIO(record(1, body, *TEXT, ("Content-Encoding", coding))), NOW)
    assert isinstance(entry, Entry)
    assert entry.page
    assert entry.page.body == HTML
