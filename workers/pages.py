"""The page store: one gzip'd WARC response record per page, behind fsspec.

`cat` of any of the files is a valid WARC file. A key is the article's id; a newer fetch replaces the page.
"""

import contextlib
import gzip
import io
import uuid
from datetime import UTC, datetime
from typing import Final, cast

import fsspec
from fastwarc.warc import WarcRecord, WarcRecordType
from fsspec.implementations.local import LocalFileSystem

from ingest.errors import Permanent
from ingest.model import Page


class Pages:
    """Put pages, get them back."""

    def __init__(self, url: str) -> None:
        self._fs, self._root = fsspec.core.url_to_fs(url)

    def put(self, article_id: str, page: Page) -> None:
        """Store a page; it is there whole or not at all."""
        path = self._path(article_id)
        if not isinstance(self._fs, LocalFileSystem):
            self._fs.pipe_file(path, _pack(article_id, page))
            return
        part = f"{path}.{uuid.uuid4().hex}.part"
        self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._fs.pipe_file(part, _pack(article_id, page))
        self._fs.mv(part, path)

    def get(self, article_id: str) -> Page | None:
        """Return the page of an article, or None. Raises Permanent (`page_unreadable`) for a damaged one."""
        try:
            packed = cast("bytes", self._fs.cat_file(self._path(article_id)))
        except FileNotFoundError:
            return None
        return _unpack(article_id, packed)

    def remove(self, article_id: str) -> None:
        """Remove a page that may not be kept; harmless when it is not there."""
        with contextlib.suppress(FileNotFoundError):
            self._fs.rm_file(self._path(article_id))

    def _path(self, article_id: str) -> str:
        return f"{self._root}/{article_id[:2]}/{article_id[2:4]}/{article_id}.warc.gz"


_CRLF: Final = b"\r\n"


def _pack(article_id: str, page: Page) -> bytes:
    head = [f"HTTP/1.1 {page.status} -".encode()]
    head += [f"{name}: {value}".encode() for name, value in page.headers]
    record = WarcRecord()
    record.init_headers(WarcRecordType.response, f"uuid:{uuid.UUID(article_id)}".encode())
    record.headers["WARC-Target-URI"] = page.url
    record.headers["WARC-Date"] = page.fetched_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    record.headers["Content-Type"] = "application/http; msgtype=response"
    record.set_bytes_content(_CRLF.join(head) + _CRLF * 2 + page.body)
    plain = io.BytesIO()
    record.write(plain)
    return gzip.compress(plain.getvalue(), compresslevel=6, mtime=0)


def _unpack(article_id: str, packed: bytes) -> Page:
    try:
        record = WarcRecord.from_bytes(gzip.decompress(packed))
        head, _, body = record.reader.read().partition(_CRLF * 2)
        first, *rest = head.decode().split("\r\n")
        headers = tuple((name, value) for name, _, value in (line.partition(": ") for line in rest))
        when = datetime.fromisoformat(record.headers["WARC-Date"])
        return Page(record.headers["WARC-Target-URI"], int(first.split()[1]), headers, body, when)
    except (ValueError, KeyError, IndexError, EOFError, OSError) as error:
        raise Permanent("page_unreadable", f"the stored page of {article_id} is damaged: {error!r}") from error
