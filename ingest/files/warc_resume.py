"""Going on behind what is damaged: one bit of a gigabyte must not cost the rest of an archive."""

import re
import zlib
from collections.abc import Iterator
from typing import IO, Final

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

START: Final = re.compile(rb"\x1f\x8b\x08[\x00\x04\x08\x0c]|(?:\A|(?<=\n))WARC/1\.[01]\r?\n(?!WARC/)")
"""How a gzip member begins (RFC 1952, 2.3.1; some have names, or more in their head), or what is not compressed."""
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


class Responses:
    """The response records of a file, in order; whoever loses the place may skip what is damaged."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.lost = False
        """Nothing whole has come since the last skip."""
        self._ahead: WarcRecord | None
        self._fault: Exception | None
        self._read_from(0)

    def next(self) -> WarcRecord | None:
        """Return the next one, None at the end. Raises OSError, ValueError or EOFError where the file is damaged."""
        while (record := self._next()) is not None:
            self._at, self.lost = record.stream_pos, False
            if record.content_length > LONG and self._is_too_long():
                raise EOFError(f"the record at byte {self._at} is not as long as it says")
            if record.record_type == WarcRecordType.response:
                return record
        if self._ends_early():
            raise EOFError(f"no other record is found behind byte {self._at}, but the file goes on")
        return None

    def check(self, record: WarcRecord) -> None:
        """Raise what the reader meets behind a record that has just been read, if it is damaged itself.

        The checksum of a member is its last bytes: until then its data may be anything.
        """
        try:
            self._ahead = self._next()
        except (OSError, ValueError) as error:
            if _opens_with(self._stream, self._at, record.record_id or "") and end_of(self._stream, self._at) is None:
                raise
            self._fault = error

    def skip(self) -> bool:
        """Go on with the next record that begins behind the last one; False if there is none."""
        onward = self._onward()
        if onward is not None:
            self._read_from(onward)
        self.lost = True
        return onward is not None

    def doubt(self) -> None:
        """Go on behind a record that may not be as long as it says."""
        whole = end_of(self._stream, self._at) is not None
        self.skip()
        self.lost = not whole

    def _read_from(self, at: int) -> None:
        self._at = at
        self._stream.seek(at)
        self._ahead, self._fault = None, None
        self._records: Iterator[WarcRecord] = iter(ArchiveIterator(self._stream, parse_http=False, fsspec_args=False))

    def _next(self) -> WarcRecord | None:
        if self._fault:
            raise self._fault
        ahead, self._ahead = self._ahead, None
        if ahead is None and (ahead := next(self._records, None)) is None:
            self._records = iter(())  # the reader may not be asked again
        return ahead

    def _onward(self) -> int | None:
        """Return where to go on: not within a record that is whole, since a page may quote others."""
        end = end_of(self._stream, self._at)
        return next_record(self._stream, self._at + 1 if end is None else end)

    def _is_too_long(self) -> bool:
        """Return whether a record that is not compressed does not end where it says; the reader does not notice."""
        before = self._stream.tell()
        try:
            return not _is_gzip(self._stream, self._at) and end_of(self._stream, self._at) is None
        finally:
            self._stream.seek(before)

    def _ends_early(self) -> bool:
        """Return whether the reader has come to its end before the file has."""
        end = end_of(self._stream, self._at)
        if end is not None:
            self._stream.seek(end)
            if self._stream.read(BLOCK).strip(b"\0\r\n"):
                return True
        return self._onward() is not None


def next_record(stream: IO[bytes], at: int) -> int | None:
    """Return where the next record at or behind a position of a file begins, or None; the file is left anywhere.

    A member is taken for one only if it unpacks to the beginning of a record: compressed data has any four bytes.
    """
    first = 0
    while True:
        stream.seek(at)
        block = stream.read(BLOCK)
        for found in START.finditer(block, first):
            if (_is_member if found[0].startswith(GZIP) else _is_head)(stream, at + found.start()):
                return at + found.start()
        if len(block) < BLOCK:
            return None
        at += BLOCK - OVERLAP
        first = 1


def end_of(stream: IO[bytes], at: int) -> int | None:
    """Return where a record (compressed: its member) ends, None if it does not end well; the file is left anywhere."""
    return _end_of_member(stream, at) if _is_gzip(stream, at) else _end_of_plain(stream, at)


def _is_gzip(stream: IO[bytes], at: int) -> bool:
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


def _opens_with(stream: IO[bytes], at: int, record_id: str) -> bool:
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
