"""The page store: one gzip'd WARC response record per page, behind fsspec.

`cat` of any of the files is a valid WARC file. A key is the article's id; a newer fetch replaces the page.
"""

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final, cast

import fsspec
from celery.exceptions import SoftTimeLimitExceeded
from fastwarc.warc import WarcRecord, WarcRecordType
from fsspec.implementations.local import LocalFileSystem
from isal import isal_zlib

from ingest.errors import Permanent, Unavailable
from ingest.model import Page
from workers.settings import SettingsError

STORE_S: Final = 20.0
"""Seconds for one call of an object store: its library may try for minutes, and a fetch's thread cannot be stopped."""
LOOK: Final = ".look"
"""Part of the name of a page that is being compared with the article's own."""


def located(url: str) -> tuple[Any, str]:
    """Return the file system of a page store and its folder there. Raises SettingsError if there is no such thing."""
    try:
        return cast("tuple[Any, str]", fsspec.core.url_to_fs(url))
    except (ImportError, ValueError) as error:
        raise SettingsError(f"WARRAQ_PAGES_URL is {url!r}: {error}") from error


class Pages:
    """Put pages, get them back."""

    def __init__(self, url: str) -> None:
        self._fs, self._root = located(url)
        self._limit: dict[str, float] = {"timeout": STORE_S} if self._fs.async_impl else {}

    def put(self, article_id: str, page: Page, asked_at: datetime) -> None:
        """Store the page fetched for the request of `asked_at`, atomically.

        Raises Unavailable (`page_store`) when the store is full, read-only or away.
        """
        self._put(self._path(article_id), _pack(article_id, page, asked_at))

    def get(self, article_id: str, asked_at: datetime | None = None) -> Page | None:
        """Return the page of an article, or None if there is none or if it answers an earlier request than `asked_at`.

        Raises Permanent (`page_unreadable`) for a damaged one, Unavailable (`page_store`) when it cannot be read.
        """
        return self._get(article_id, self._path(article_id), asked_at)

    def has(self, article_id: str) -> bool:
        """Return whether there is a page of an article, whatever request it answers."""
        with self._unavailable("read"):
            return self._exists(self._path(article_id))

    def put_look(self, article_id: str, page: Page, asked_at: datetime) -> None:
        """Store the page of a look beside the article's own. Raises as `put`."""
        self._put(self._path(article_id, LOOK), _pack(article_id, page, asked_at))

    def get_look(self, article_id: str, asked_at: datetime) -> Page | None:
        """Return the page of a look, if it answers the request of `asked_at`. Raises as `get`."""
        return self._get(article_id, self._path(article_id, LOOK), asked_at)

    def drop_look(self, article_id: str) -> None:
        """Remove the page of a look; harmless when it is not there."""
        self._remove(self._path(article_id, LOOK))

    def promote(self, article_id: str, version: int | None) -> None:
        """Make the page of a look the article's; the one before is kept under its version's number if it has one.

        Killed between the two, and repeated with another page, it keeps the version that is there.
        """
        path, look = self._path(article_id), self._path(article_id, LOOK)
        with self._unavailable("written"):
            if not self._exists(look):
                return
            kept = self._path(article_id, f".{version}")
            if version is not None and self._exists(path) and not self._exists(kept):
                self._copy(path, kept)
            self._copy(look, path)
            self._fs.rm_file(look, **self._limit)

    def remove(self, article_id: str) -> None:
        """Remove a page that may not be kept; harmless when it is not there."""
        self._remove(self._path(article_id))

    def purge(self, article_id: str) -> int:
        """Remove all that is stored of an article: its page, those of earlier versions, looks, torn writes. Count them.

        Raises Unavailable (`page_store`) when the store cannot be read or written.
        """
        names = self.names(article_id)
        for name in names:
            self._remove(name)
        return len(names)

    def names(self, article_id: str) -> list[str]:
        """Return what is stored of an article."""
        folder = self._path(article_id).rpartition("/")[0]
        with self._unavailable("read"):
            try:
                listed = self._fs.ls(folder, detail=False, refresh=True)
            except FileNotFoundError:
                return []
        return sorted(name for name in listed if name.rpartition("/")[2].startswith(article_id))

    def _put(self, path: str, packed: bytes) -> None:
        with self._unavailable("written"):
            if isinstance(self._fs, LocalFileSystem):
                self._put_whole(path, packed)
            else:
                self._fs.pipe_file(path, packed, **self._limit)

    def _get(self, article_id: str, path: str, asked_at: datetime | None) -> Page | None:
        with self._unavailable("read"):
            try:
                packed = cast("bytes", self._fs.cat_file(path, **self._limit))
            except FileNotFoundError:
                return None
        page, answers = _unpack(article_id, packed)
        return page if asked_at in (None, answers) else None

    def _exists(self, path: str) -> bool:
        return bool(self._fs.exists(path, **self._limit))

    def _copy(self, path: str, other: str) -> None:
        """Copy a page whole; fsspec's own `mv` takes brackets in a path for a pattern."""
        self._put(other, cast("bytes", self._fs.cat_file(path, **self._limit)))

    def _remove(self, path: str) -> None:
        with self._unavailable("written"), suppress(FileNotFoundError):
            self._fs.rm_file(path, **self._limit)

    @contextmanager
    def _unavailable(self, what: str) -> Iterator[None]:
        """Raise Unavailable for whatever goes wrong: each object store has errors of its own, few of them OSErrors."""
        try:
            yield
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            raise Unavailable("page_store", f"{self._root} cannot be {what}: {error}") from error

    def _put_whole(self, path: str, packed: bytes) -> None:
        part = f"{path}.{uuid.uuid4().hex}.part"
        try:
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(part, packed)
            self._fs.mv(part, path)
        except OSError:
            with suppress(OSError):
                self._fs.rm_file(part)
            raise

    def _path(self, article_id: str, part: str = "") -> str:
        return f"{self._root}/{article_id[:2]}/{article_id[2:4]}/{article_id}{part}.warc.gz"


LEVEL: Final = 2
"""ISA-L's level: a fifth of the time of zlib's level 3 and a fifteenth of level 6, for 4 and 17 % more bytes."""
GZIP_BITS: Final = 16 + isal_zlib.MAX_WBITS
_CRLF: Final = b"\r\n"
DAMAGED: Final = (ValueError, KeyError, IndexError, OSError)
_ASKED: Final = "WARC-Warraq-Asked-At"
"""Header of our own: which request (`asked_at`) a page answers. Compared for equality, since clocks differ."""


def _pack(article_id: str, page: Page, asked_at: datetime) -> bytes:
    head = [f"HTTP/1.1 {page.status} -".encode()]
    head += [f"{name}: {value}".encode() for name, value in page.headers]
    record = WarcRecord()
    record.init_headers(WarcRecordType.response, f"uuid:{uuid.UUID(article_id)}".encode())
    record.headers["WARC-Target-URI"] = page.url
    record.headers["WARC-Date"] = page.fetched_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    record.headers[_ASKED] = asked_at.isoformat()
    record.headers["Content-Type"] = "application/http; msgtype=response"
    record.set_bytes_content(_CRLF.join(head) + _CRLF * 2 + page.body)
    plain = io.BytesIO()
    record.write(plain)
    return isal_zlib.compress(plain.getvalue(), LEVEL, GZIP_BITS)


def _unpack(article_id: str, packed: bytes) -> tuple[Page, datetime]:
    try:
        record = WarcRecord.from_bytes(isal_zlib.decompress(packed, GZIP_BITS))
        head, _, body = record.reader.read().partition(_CRLF * 2)
        first, *rest = head.decode().split("\r\n")
        headers = tuple((name, value) for name, _, value in (line.partition(": ") for line in rest))
        when = datetime.fromisoformat(record.headers["WARC-Date"])
        asked_at = datetime.fromisoformat(record.headers[_ASKED])
        return Page(record.headers["WARC-Target-URI"], int(first.split()[1]), headers, body, when), asked_at
    except (*DAMAGED, isal_zlib.error) as error:  # type: ignore[misc]  # its stub says "an instance"
        raise Permanent("page_unreadable", f"the stored page of {article_id} is damaged: {error!r}") from error
