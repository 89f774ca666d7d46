"""Compressed bytes to plain ones, within bounds: what a transfer names as its Content-Encoding, one layer of it.

Our own loop around zlib and brotli, because no HTTP client reports a truncated gzip stream (measured: pycurl, aiohttp,
urllib3 and httpx2 all return the first part as if it were all), and because the ratio needs both sizes.
"""

import zlib
from collections.abc import Callable, Mapping
from typing import Final

import brotli

from ingest.errors import Permanent, Transient

RATIO: Final = 100
"""Highest ratio of decoded to raw bytes; HTML reaches 20, a page of one repeated line 60 (measured)."""
RATIO_FROM: Final = 5 * 2**20
"""Decoded size up to which any ratio is harmless."""
MEMBERS: Final = 64
"""Members of a gzip stream: each copies what follows it, so many cost quadratic time (aiohttp, CVE-2026-128131)."""
GZIP_MAGIC: Final = b"\x1f\x8b"
GZIP_BITS: Final = 16 + zlib.MAX_WBITS


def inflate(raw: bytes, encoding: str, most: int) -> bytes:
    """Return the decoded bytes of a body, at most `most`.

    Raises Permanent: `encoding_unsupported`, `decode` (not what it is called), `too_large`, `bomb` (over RATIO);
    Transient: `incomplete` (the stream has no end).
    """
    coding = compression(encoding)
    if not coding or not raw:
        return raw
    if coding not in CODINGS:
        raise Permanent("encoding_unsupported", f"Content-Encoding {encoding[:80]!r}, asked for was one of {ASKED}")
    room = min(most, max(RATIO_FROM, RATIO * len(raw)))
    try:
        plain = CODINGS[coding](raw, room + 1)
    except (zlib.error, brotli.error) as error:
        raise Permanent("decode", f"the body is not {coding}: {error}") from error
    if len(plain) > room:
        reason = "too_large" if room == most else "bomb"
        raise Permanent(reason, f"{len(raw)} bytes of {coding} become more than {room}")
    return plain


def compression(encoding: str) -> str:
    """Return the compressions that a Content-Encoding names, or ''. Servers put charsets and `none` there, too.

    Anything else is ignored, as browsers do.
    """
    names = (name.partition(";")[0].strip(" \t\"'").lower() for name in encoding.split(","))
    return ", ".join(name for name in names if name in CODINGS or name in NOT_READ)


def _gzip(raw: bytes, room: int) -> bytes:
    """Return up to `room` bytes of all members; what follows the last one is ignored, as gzip itself does."""
    plain = b""
    for _ in range(MEMBERS):
        stream = zlib.decompressobj(GZIP_BITS)
        plain += stream.decompress(raw, room - len(plain))
        if len(plain) >= room:
            return plain
        _must_have_ended(ended=stream.eof, size=len(plain))
        raw = stream.unused_data
        if not raw.startswith(GZIP_MAGIC):
            return plain
    raise Permanent("decode", f"more than {MEMBERS} gzip members")


def _deflate(raw: bytes, room: int) -> bytes:
    """Return up to `room` bytes: zlib (RFC 9110, 8.4.1.2), or bare deflate, which some servers send under the name."""
    wrapped = raw[0] & 0x0F == zlib.DEFLATED and int.from_bytes(raw[:2], "big") % 31 == 0
    stream = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
    plain = stream.decompress(raw, room)
    _must_have_ended(ended=stream.eof or len(plain) >= room, size=len(plain))
    return plain


def _brotli(raw: bytes, room: int) -> bytes:
    """Return `room` bytes or, as brotli doubles its buffer, up to twice that."""
    stream = brotli.Decompressor()
    plain: bytes = stream.process(raw, output_buffer_limit=room)
    _must_have_ended(ended=stream.is_finished() or len(plain) >= room, size=len(plain))
    return plain


def _must_have_ended(*, ended: bool, size: int) -> None:
    if not ended:
        raise Transient("incomplete", f"the compressed body was cut; {size} bytes of it could be read")


CODINGS: Final[Mapping[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
}
NOT_READ: Final = frozenset(
    {"zstd", "compress", "x-compress", "dcb", "dcz", "bzip2", "x-bzip2", "bzip", "lzma", "xz", "lz4", "sdch", "exi"}
    | {"pack200-gzip", "snappy", "zip", "br-d", "zstd-d", "aes128gcm"}
)
"""Compressions, and one encryption, that nobody has asked for."""
ASKED: Final = "gzip, deflate, br"
"""The Accept-Encoding of a request."""
