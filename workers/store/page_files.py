"""The page store as files: how old each is, how large, and what room is left. What a page says: `pages.py`."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from fsspec.implementations.local import LocalFileSystem

from ingest.errors import Unavailable
from workers.store.pages import located

FOLDERS: Final = tuple(f"{number:02x}" for number in range(256))
"""A page lies below the first two digits of its article's id."""
TIMES: Final = ("mtime", "LastModified", "last_modified", "updated", "created")
"""What file systems call the time at which a file was last written."""


@dataclass(frozen=True, slots=True)
class File:
    """A file in the page store."""

    path: str
    modified: datetime
    size: int

    @property
    def name(self) -> str:
        """Its name without the folder."""
        return self.path.rpartition("/")[2]


class PageFiles:
    """List the files of the page store, and remove some."""

    def __init__(self, url: str) -> None:
        self._fs, self._root = located(url)

    def under(self, folder: str) -> list[File]:
        """Return the files below one of FOLDERS. Raises Unavailable (`page_store`) if the store cannot be read."""
        with self._unavailable("read"):
            if isinstance(self._fs, LocalFileSystem):
                return list(_on_disk(f"{self._root}/{folder}"))
            self._fs.invalidate_cache()  # s3fs would tell for ever what it saw first
            found: Mapping[str, Mapping[str, Any]] = self._fs.find(f"{self._root}/{folder}", detail=True)
        return [File(path, _modified(info), int(info["size"])) for path, info in found.items()]

    def remove(self, files: Sequence[File]) -> None:
        """Remove files as they were listed; harmless if they are gone. One that was written since is another: it stays.

        Raises Unavailable (`page_store`) if the store cannot be written.
        """
        with self._unavailable("written"):
            self._fs.invalidate_cache()
            for file in files:
                with suppress(FileNotFoundError):
                    if self._modified(file.path) <= file.modified:
                        self._fs.rm_file(file.path)

    def free_bytes(self) -> int | None:
        """Return what is free on the disk of a local page store; an object store has no end: None."""
        if not isinstance(self._fs, LocalFileSystem):
            return None
        try:
            disk = os.statvfs(self._root)
        except FileNotFoundError:  # no page was ever stored
            return None
        return disk.f_bavail * disk.f_frsize

    def _modified(self, path: str) -> datetime:
        if isinstance(self._fs, LocalFileSystem):
            return _changed(Path(path).stat())
        return _modified(self._fs.info(path))

    @contextmanager
    def _unavailable(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # each object store has errors of its own
            raise Unavailable("page_store", f"{self._root} cannot be {what}: {error}") from error


def _on_disk(folder: str) -> Iterator[File]:
    """Yield the files below a folder; lighter than fsspec's own walk, which makes a dict of each."""
    for place, _, names in os.walk(folder, onerror=_unless_gone):
        for name in names:
            path = f"{place}/{name}"
            with suppress(FileNotFoundError):
                found = Path(path).stat()
                yield File(path, _changed(found), found.st_size)


def _changed(found: os.stat_result) -> datetime:
    return datetime.fromtimestamp(found.st_mtime, UTC)


def _unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _modified(info: Mapping[str, Any]) -> datetime:
    at = next(info[name] for name in TIMES if info.get(name) is not None)
    if isinstance(at, datetime):
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return datetime.fromisoformat(at) if isinstance(at, str) else datetime.fromtimestamp(at, UTC)
