"""WARC files (ISO 28500): CC-NEWS, our own page store, other crawlers' archives. A stream in, entries out."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO, Final

import brotli
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from ingest.discover.gunzip import gunzip, is_gzip
from ingest.discover.parts import absolute
from ingest.errors import Permanent
from ingest.inflate import compression
from ingest.model import Entry, Page

MAX_BYTES: Final = 10 * 2**20
"""Bytes of a page, as it stands in the file and decoded; as of a fetch."""
PAGES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})
CHUNK: Final = re.compile(rb"\A\s*([0-9a-fA-F]{1,8})[^\r\n]{0,256}\r?\n")
OK: Final = 200
NEXT_RECORD: Final = b"\r\n\r\nWARC/1."


def entries(stream: IO[bytes], now: datetime) -> Iterator[Entry | str]:
    """Yield an entry, with its page, for each web page of a WARC file, plain or gzip'd; a sentence for each fault.

    One record is in memory at a time. Statuses other than 200, robots.txt and what is no text are skipped: they are
    no articles. A truncated file yields its complete records. `page.fetched_at` is the WARC-Date, else `now`.
    """
    number = 1
    records = ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True, fsspec_args=False)
    while True:
        try:
            record = next(records, None)
            if record is None:
                break
            if (found := _entry(record, now)) is not None:
                yield found
        except Permanent as error:
            yield f"response {number}: {error}"
        except (OSError, ValueError, EOFError) as error:  # the reader has lost its place: what follows cannot be read
            yield f"response {number} and what follows it: {error}"
            return
        number += 1
    if number == 1:
        yield "no response record: is it a WARC file?"


def _entry(record: WarcRecord, now: datetime) -> Entry | None:
    """Return the page of a response record, None where it is none. Raises Permanent: `too_large`, `cut_off` ..."""
    head, url = record.http_headers, absolute((record.headers.get("WARC-Target-URI") or "").strip("<> "), "http://-/")
    if head is None or head.status_code != OK or not url or url.endswith("/robots.txt"):
        return None
    headers = tuple((str(name), str(value)) for name, value in head.astuples())
    page = Page(url, OK, headers, b"", record.record_date.astimezone(UTC) if record.record_date else now)
    if page.header("content-type").partition(";")[0].strip().lower() not in PAGES:
        return None
    body = _decoded(_dechunked(_payload(record, url), page), page)
    return Entry(url, page=replace(page, body=body)) if body.strip() else None


def _payload(record: WarcRecord, url: str) -> bytes:
    """Return the body as it stands in the file. Raises Permanent: `too_large`, `cut_off`, `wrong_length`.

    A record that says it was truncated is whole as a record, its page is not (ISO 28500, 5.13).
    """
    if cut := (record.headers.get("WARC-Truncated") or "").strip():
        raise Permanent("cut_off", f"{url} was truncated when it was archived ({cut[:40]})")
    raw = bytes(record.reader.read(MAX_BYTES + 1))
    if len(raw) > MAX_BYTES:
        raise Permanent("too_large", f"{url} has more than {MAX_BYTES} bytes")
    if len(raw) < record.content_length:
        raise Permanent("cut_off", f"{url} has {len(raw)} of {record.content_length} bytes")
    if NEXT_RECORD in raw:
        raise Permanent("wrong_length", f"{url} runs into the next record")
    return raw


def _dechunked(raw: bytes, page: Page) -> bytes:
    """Return a body without its chunks, where it is chunked not only by its header: many archives undo it."""
    if "chunked" not in page.header("transfer-encoding").lower():
        return raw
    parts, at = [], 0
    while head := CHUNK.match(raw[at : at + 300]):
        size = int(head[1], 16)
        at += head.end()
        parts.append(raw[at : at + size])
        if not size:
            return b"".join(parts)
        at += size
    return raw if not parts or at < len(raw) else b"".join(parts)


def _decoded(raw: bytes, page: Page) -> bytes:
    """Return a body decompressed, where it is compressed not only by its header."""
    coding = compression(page.header("content-encoding"))
    if coding in ("gzip", "x-gzip") and is_gzip(raw):
        body, whole = gunzip(raw, MAX_BYTES)
        if not whole:
            raise Permanent("incomplete", f"the gzip'd body of {page.url} is cut off")
        return body
    if coding == "deflate" and raw[:1] == b"\x78":
        return _bounded(zlib.decompressobj().decompress(raw, MAX_BYTES + 1), page)
    return _unbrotlied(raw, page) if coding == "br" else raw


def _unbrotlied(raw: bytes, page: Page) -> bytes:
    try:
        return _bounded(brotli.Decompressor().process(raw, output_buffer_limit=MAX_BYTES + 1), page)
    except brotli.error:
        return raw


def _bounded(body: bytes, page: Page) -> bytes:
    if len(body) > MAX_BYTES:
        raise Permanent("too_large", f"{page.url} has more than {MAX_BYTES} bytes when decoded")
    return body
