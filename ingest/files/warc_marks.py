"""Where records of a WARC file begin and end, by the file's bytes alone."""

import re
import zlib
from typing import IO, Final

PACKED: Final = re.compile(rb"\x1f\x8b\x08[\x00\x04\x08\x0c]")
"""How a gzip member begins (RFC 1952, 2.3.1; some have names, or more in their head)."""
START: Final = re.compile(PACKED.pattern + rb"|(?:\A|(?<=\n))WARC/1\.[01]\r?\n(?!WARC/)")
"""The same, or the beginning of a record that is not compressed."""
FIRST: Final = b"WARC/1."
GZIP: Final = b"\x1f\x8b"
BLANK: Final = re.compile(rb"\n\r?\n")
LENGTH: Final = re.compile(rb"\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)
TAIL: Final = re.compile(rb"\r\n\r\n|[\r\n]*(?:WARC/|\Z)")
"""What stands behind a record that is as long as it says."""
BLOCK: Final = 2**16
OVERLAP: Final = 16
"""Bytes by which blocks overlap, so that no start, nor what is looked at around it, lies across their border."""
HEADS: Final = 2048
"""Unpacked bytes of a member among which the id of its first record is."""
LONGEST: Final = 2**14
"""Bytes of a head that is not compressed."""
MEMBER: Final = 4096
"""Compressed bytes of a member that are looked at, for the few it begins with."""
LONG: Final = 2**20
"""Bytes from which a record's length is checked before they are read: a wrong one may reach to the end of the file."""


def next_record(stream: IO[bytes], at: int, start: re.Pattern[bytes] = START) -> int | None:
    """Return where the next record at or behind a position of a file begins, or None; the file is left anywhere.

    A member is taken for one only if it unpacks to the beginning of a record: compressed data has any four bytes.
    """
    first = 0
    while True:
        stream.seek(at)
        block = stream.read(BLOCK)
        for found in start.finditer(block, first):
            if (_is_member if found[0].startswith(GZIP) else _is_head)(stream, at + found.start()):
                return at + found.start()
        if len(block) < BLOCK:
            return None
        at += BLOCK - OVERLAP
        first = 1


def end_of(stream: IO[bytes], at: int) -> int | None:
    """Return where a record (compressed: its member) ends, None if it does not end well; the file is left anywhere."""
    return _end_of_member(stream, at) if is_gzip(stream, at) else _end_of_plain(stream, at)


def is_gzip(stream: IO[bytes], at: int) -> bool:
    """Return whether a gzip member begins here."""
    stream.seek(at)
    return stream.read(len(GZIP)) == GZIP


def _end_of_member(stream: IO[bytes], at: int) -> int | None:
    stream.seek(at)
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        while not member.eof:
            packed = member.unconsumed_tail or stream.read(BLOCK)
            if not packed:
                return None
            member.decompress(packed, LONG)
    except zlib.error:
        return None
    return stream.tell() - len(member.unused_data)


def _end_of_plain(stream: IO[bytes], at: int) -> int | None:
    stream.seek(at)
    beginning = stream.read(LONGEST)
    blank = BLANK.search(beginning)
    length = LENGTH.search(beginning, 0, blank.end()) if blank and beginning.startswith(FIRST) else None
    if blank is None or length is None:
        return None
    end = at + blank.end() + int(length[1])
    stream.seek(end - 1)
    last = stream.read(1)
    return end if last and TAIL.match(stream.read(OVERLAP)) else None


def _is_head(stream: IO[bytes], at: int) -> bool:
    """Return whether a head has an end: the reader would look for it up to the end of the file."""
    stream.seek(at)
    return BLANK.search(stream.read(LONGEST)) is not None


def opens_with(stream: IO[bytes], at: int, record_id: str) -> bool:
    """Return whether a member begins with a record: of its second the reader does not know where its member began."""
    return record_id.encode() in _beginning(stream, at, HEADS)


def _is_member(stream: IO[bytes], at: int) -> bool:
    return _beginning(stream, at, len(FIRST)) == FIRST


def _beginning(stream: IO[bytes], at: int, size: int) -> bytes:
    stream.seek(at)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(stream.read(MEMBER), size)
    except zlib.error:
        return b""
