"""Going on behind what is damaged: one bit of a gigabyte must not cost the rest of an archive."""

import re
import zlib
from collections.abc import Iterator
from typing import IO, Final

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

START: Final = re.compile(rb"\x1f\x8b\x08|(?<=\n)WARC/1\.[01]\r?\n")
"""How a gzip member begins (RFC 1952, 2.3.1), or a record that is not compressed."""
FIRST: Final = b"WARC/1."
BLOCK: Final = 2**20
OVERLAP: Final = 16
"""Bytes by which blocks overlap, so that no start, nor the line end before it, lies across their border."""
MEMBER: Final = 4096
"""Compressed bytes of a member that are looked at, for the few it begins with."""


class Responses:
    """The response records of a file, in order; whoever loses the place may skip what is damaged."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.lost = False
        """Nothing whole has come since the last skip."""
        self._read_from(0)

    def next(self) -> WarcRecord | None:
        """Return the next one, None at the end. Raises OSError, ValueError or EOFError where the file is damaged."""
        for record in self._records:
            self._at, self.lost = record.stream_pos, False
            if record.record_type == WarcRecordType.response:
                return record
        if _ends_early(self._stream, self._at):
            raise EOFError(f"a member behind byte {self._at} has no end")
        return None

    def skip(self) -> bool:
        """Go on with the next record that begins behind the last one; False if there is none."""
        onward = next_record(self._stream, self._at)
        if onward is not None:
            self._read_from(onward)
            self.lost = True
        return onward is not None

    def _read_from(self, at: int) -> None:
        self._at = at
        self._stream.seek(at)
        self._records: Iterator[WarcRecord] = iter(ArchiveIterator(self._stream, parse_http=False, fsspec_args=False))


def next_record(stream: IO[bytes], behind: int) -> int | None:
    """Return where the next record behind a position of a file begins, or None; the file is left anywhere.

    A member is taken for one only if it unpacks to the beginning of a record: compressed data has any three bytes.
    """
    while True:
        stream.seek(behind)
        block = stream.read(BLOCK)
        for found in START.finditer(block, 1):
            if not found[0].startswith(b"\x1f") or _is_member(stream, behind + found.start()):
                return behind + found.start()
        if len(block) < BLOCK:
            return None
        behind += BLOCK - OVERLAP


def _ends_early(stream: IO[bytes], last: int) -> bool:
    """Return whether a reader that took a record for the last has missed others: a member's head may swallow them.

    Of uncompressed files this cannot be said: a page may quote a record.
    """
    return _is_member(stream, last) and next_record(stream, last) is not None


def _is_member(stream: IO[bytes], at: int) -> bool:
    stream.seek(at)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(stream.read(MEMBER), len(FIRST)) == FIRST
    except zlib.error:
        return False
