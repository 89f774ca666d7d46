"""The body of an archived response: as it was transferred, or decoded by whoever archived it; whole, or cut off."""

import re
import zlib
from dataclasses import dataclass, replace
from typing import Final

import brotli
from fastwarc.warc import WarcRecord

from ingest.discover.gunzip import gunzip, is_gzip
from ingest.errors import Permanent
from ingest.inflate import compression
from ingest.model import Page

MAX_BYTES: Final = 10 * 2**20
"""Bytes of a page, both as in the file and decoded; as of a fetch."""
CHUNK: Final = re.compile(rb"\A\s*([0-9a-fA-F]{1,8})[^\r\n]{0,256}\r?\n")
NEXT_RECORD: Final = b"\r\n\r\nWARC/1."
ZSTD: Final = b"\x28\xb5\x2f\xfd"
"""How zstd begins: nobody has asked for it, but browsers do that archive what they see."""
MARK: Final = 40
"""Maximum characters of a reason for truncation that are repeated."""


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes of a page, and why they are not all of them; '' if they are."""

    data: bytes
    cut: str = ""


def body_of(record: WarcRecord, page: Page) -> Body:
    """Return the decoded body of a response with these headers.

    Raises Permanent: `too_large`, `cut_off`, `wrong_length`, `gzip`, `decode`, `encoding_unsupported`.
    """
    return _decoded(_dechunked(_payload(record, page), page), page)


def _payload(record: WarcRecord, page: Page) -> Body:
    """Return the body as it is in the file. Raises Permanent: `too_large`, `cut_off`, `wrong_length`.

    A record that says it was truncated is whole as a record, its page is not (ISO 28500, 5.13). Many archives cut
    without saying so: then Content-Length does.
    """
    raw = bytes(record.reader.read(MAX_BYTES + 1))
    if len(raw) > MAX_BYTES:
        raise Permanent("too_large", f"{page.url} has more than {MAX_BYTES} bytes")
    if len(raw) < record.content_length:
        raise Permanent("cut_off", f"{page.url} has {len(raw)} of {record.content_length} bytes")
    if NEXT_RECORD in raw:
        raise Permanent("wrong_length", f"{page.url} runs into the next record")
    named = (record.headers.get("WARC-Truncated") or "").strip(" \t\"'").lower()
    return Body(raw, named[:MARK] or ("shorter than its Content-Length" if _is_short(raw, page) else ""))


def _is_short(raw: bytes, page: Page) -> bool:
    """Return whether a body that stands in the file as it was transferred lacks its end."""
    announced = page.header("content-length").strip()
    as_transferred = not compression(page.header("content-encoding")) or is_gzip(raw)
    chunked = "chunked" in page.header("transfer-encoding").lower()
    return as_transferred and not chunked and announced.isdecimal() and len(raw) < int(announced[:20])


def _dechunked(body: Body, page: Page) -> Body:
    """Return a body without its chunks, where it is chunked not only by its header: many archives undo it."""
    raw = body.data
    if "chunked" not in page.header("transfer-encoding").lower():
        return body
    parts, at = [], 0
    while head := CHUNK.match(raw[at : at + 300]):
        size = int(head[1], 16)
        at += head.end()
        parts.append(raw[at : at + size])
        if not size:
            return replace(body, data=b"".join(parts))
        at += size
    if not parts or raw[at:].strip():
        return body
    return Body(b"".join(parts), body.cut or "without its last chunk")


def _decoded(body: Body, page: Page) -> Body:
    """Return a body decompressed, where it is compressed not only by its header."""
    coding, raw = compression(page.header("content-encoding")), body.data
    if coding == "zstd" and raw.startswith(ZSTD):
        raise Permanent("encoding_unsupported", f"{page.url} is compressed with zstd")
    read: tuple[bytes, bool] | None = None
    match coding:
        case "gzip" | "x-gzip" if is_gzip(raw):
            read = gunzip(raw, MAX_BYTES)
        case "deflate":
            read = _inflated(raw, page)
        case "br":
            read = _unbrotlied(raw, page)
    if read is None:
        return body
    plain, whole = read
    return Body(plain, body.cut or ("" if whole else f"without the end of its {coding}"))


def _inflated(raw: bytes, page: Page) -> tuple[bytes, bool] | None:
    """Return what `deflate` stands for, or None: zlib, or bare deflate, which some servers send under the name.

    Bare deflate has no mark of its own: what does not come to its end as such was decoded by whoever archived it.
    """
    wrapped = raw[:1] == b"\x78" and int.from_bytes(raw[:2], "big") % 31 == 0
    stream = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
    try:
        plain = _bounded(stream.decompress(raw, MAX_BYTES + 1), page)
    except zlib.error as error:
        if wrapped:
            raise Permanent("decode", f"{page.url} is not deflate: {error}") from error
        return None
    return (plain, stream.eof) if wrapped or stream.eof else None


def _unbrotlied(raw: bytes, page: Page) -> tuple[bytes, bool] | None:
    stream = brotli.Decompressor()
    try:
        return _bounded(stream.process(raw, output_buffer_limit=MAX_BYTES + 1), page), stream.is_finished()
    except brotli.error:
        return None


def _bounded(body: bytes, page: Page) -> bytes:
    if len(body) > MAX_BYTES:
        raise Permanent("too_large", f"{page.url} has more than {MAX_BYTES} bytes when decoded")
    return body
