"""Going on behind what is damaged: one bit of a gigabyte must not cost the rest of an archive."""

from collections.abc import Iterator
from typing import IO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from ingest.errors import Permanent
from ingest.files.warc_marks import BLOCK, LONG, PACKED, START, end_of, is_gzip, next_record, opens_with


class Responses:
    """The response records of a file, in order; whoever loses the place may skip what is damaged."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.lost = False
        """Nothing whole has come since the last skip."""
        self._is_response = False
        self._ahead: WarcRecord | None
        self._fault: Exception | None
        self._read_from(0)

    def next(self) -> WarcRecord | None:
        """Return the next one, None at the end. Raises OSError, ValueError or EOFError where the file is damaged."""
        while (record := self._next()) is not None:
            self._at, self.lost = record.stream_pos, False
            if record.content_length > LONG and self._is_too_long():
                raise EOFError(f"the record at byte {self._at} is not as long as it says")
            self._is_response = record.record_type == WarcRecordType.response
            if self._is_response:
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
            if opens_with(self._stream, self._at, record.record_id or "") and end_of(self._stream, self._at) is None:
                raise
            self._fault = error

    def skip(self) -> bool:
        """Go on with the next record that begins behind the last one; False if there is none."""
        onward = self._onward()
        if onward is not None:
            self._read_from(onward)
        self.lost = True
        return onward is not None

    def doubt(self, error: Permanent) -> Permanent:
        """Return what is wrong with a record that its reader refuses; go on behind it: it may be of another length."""
        if error.reason == "no_http":
            if self.is_whole():
                return error
            error = Permanent("cut_off", "the file, or its member, ends within its head")
        whole = self.is_whole()
        self.skip()
        self.lost = not whole
        return error

    def _read_from(self, at: int) -> None:
        self._at = at
        self._ahead, self._fault = None, None
        self._packed = is_gzip(self._stream, at)
        self._stream.seek(at)
        self._records: Iterator[WarcRecord] = iter(ArchiveIterator(self._stream, parse_http=False, fsspec_args=False))

    def _next(self) -> WarcRecord | None:
        if self._fault:
            raise self._fault
        ahead, self._ahead = self._ahead, None
        if ahead is None and (ahead := next(self._records, None)) is None:
            self._records = iter(())  # the reader may not be asked again
        return ahead

    def _onward(self) -> int | None:
        """Return where to go on: not within a record that is whole, since a page may quote others.

        Nor with what looks like an uncompressed one in a damaged member: it may have stored what it could not compress.
        """
        end = end_of(self._stream, self._at)
        if end is None:
            return next_record(self._stream, self._at + 1, PACKED if self._packed else START)
        return next_record(self._stream, end)

    def is_whole(self) -> bool:
        """Return whether the last record, or its member, has an end."""
        before = self._stream.tell()
        try:
            return end_of(self._stream, self._at) is not None
        finally:
            self._stream.seek(before)

    def ends_within(self, *, told: bool) -> bool:
        """Return whether the file ends within its last record; not if that is a response of which its reader told."""
        return not (told and self._is_response) and not self.is_whole()

    def _is_too_long(self) -> bool:
        """Return whether a record that is not compressed does not end where it says; the reader does not notice."""
        before = self._stream.tell()
        packed = is_gzip(self._stream, self._at)
        self._stream.seek(before)
        return not packed and not self.is_whole()

    def _ends_early(self) -> bool:
        """Return whether the reader has come to its end before the file has."""
        end = end_of(self._stream, self._at)
        if end is not None:
            self._stream.seek(end)
            if self._stream.read(BLOCK).strip(b"\0\r\n"):
                return True
        return self._onward() is not None
