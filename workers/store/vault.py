"""What a backup is besides Elasticsearch's snapshots: files, and its copy in another place, such as an object store.

owner                whose backups these are: an id that their first backup got, and all copies have
elasticsearch/       the snapshots; only Elasticsearch writes here
tombstones/ID.json   what was forgotten, written before anything is deleted: it outlives the stack
NAME/settings.json   the settings at the time of a backup
NAME/sources.json    its sources, to read
NAME/secrets/...     its passwords
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, Final, cast
from uuid import uuid4

import fsspec
from fsspec.implementations.local import LocalFileSystem

from ingest.backup import PREFIX
from ingest.document import TOMBSTONE
from ingest.errors import Permanent, Unavailable
from ingest.forget import Tombstone
from workers.settings import SettingsError

SNAPSHOTS: Final = "elasticsearch"
TOMBSTONES: Final = "tombstones"
OWNER: Final = "owner"
SNAPSHOT: Final = f"{SNAPSHOTS}/snap-"
"""How the names of files begin that describe one snapshot; each has an id of its own."""
NAMED: Final = ("index-", "index.latest", "incompatible-")
"""How the files of a repository's root begin that name all others: copied last, and `index.latest` after all."""
LATEST: Final = f"{SNAPSHOTS}/index.latest"
"""Tells which file names the last snapshots: without it there are none."""
PRIVATE: Final = 0o600
PUBLIC: Final = 0o644


class Vault:
    """One place with backups: a folder, or an object store."""

    def __init__(self, url: str) -> None:
        try:
            self._fs, self.root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise SettingsError(f"no backup can be kept in {url!r}: {error}") from error

    def put(self, name: str, data: bytes, mode: int = PRIVATE) -> None:
        """Write a file whole, by default readable for its owner alone. Raises Unavailable (`backup_store`)."""
        path = f"{self.root}/{name}"
        try:
            if not isinstance(self._fs, LocalFileSystem):
                self._fs.pipe_file(path, data)
                return
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            part = Path(f"{path}.part")
            part.touch(PRIVATE)
            part.write_bytes(data)
            part.chmod(mode)
            part.replace(path)
        except Exception as error:  # each store has errors of its own
            raise Unavailable("backup_store", f"{path} cannot be written: {error}") from error

    def get(self, name: str) -> bytes:
        """Return a file. Raises Unavailable (`backup_store`)."""
        try:
            return cast("bytes", self._fs.cat_file(f"{self.root}/{name}"))
        except Exception as error:
            raise Unavailable("backup_store", f"{self.root}/{name} cannot be read: {error}") from error

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all below it."""
        for path in self.sizes(name):  # not `rm`, which takes brackets in a path for a pattern
            with suppress(FileNotFoundError):
                self._fs.rm_file(f"{self.root}/{path}")

    def sizes(self, below: str = "") -> dict[str, int]:
        """Return the files by their names from the root, with their sizes."""
        try:
            self._fs.invalidate_cache()
            found: Mapping[str, Mapping[str, Any]] = self._fs.find(f"{self.root}/{below}".rstrip("/"), detail=True)
        except FileNotFoundError:
            return {}
        except Exception as error:
            raise Unavailable("backup_store", f"{self.root} cannot be read: {error}") from error
        start = len(self.root.rstrip("/")) + 1
        return {path[start:]: int(info["size"]) for path, info in found.items() if not path.endswith(".part")}

    def claim(self) -> None:
        """Say whose backups these are, unless that is said already."""
        if OWNER not in self.sizes():
            self.put(OWNER, uuid4().hex.encode(), PUBLIC)  # whoever makes the next one must be able to compare it

    def bury(self, stone: Tombstone) -> None:
        """Keep a tombstone."""
        self.put(f"{TOMBSTONES}/{stone.id}.json", TOMBSTONE.dump_json(stone))

    def tombstones(self) -> list[Tombstone]:
        """Return the tombstones that were ever kept here."""
        return [TOMBSTONE.validate_json(self.get(name)) for name in sorted(self.sizes(TOMBSTONES))]


def copy(source: Vault, target: Vault, may_go_on: Callable[[], bool] = lambda: True) -> bool:
    """Bring a copy up to date; return False if `may_go_on` ended it before. What was copied is not copied again.

    In an order in which the copy is always a whole backup, the last one or the one before: files, then what names them,
    then the removal of what nobody names any more: of backups alone, whatever else lies there. Tombstones stay.

    Raises Permanent (`backup_place`) where the target has the backups of another stack, or lies in the source.
    """
    if target.root.startswith(f"{source.root}/"):
        raise Permanent("backup_place", f"{target.root} lies in {source.root}: each copy would be copied by the next")
    here, there = source.sizes(), target.sizes()
    if not _is_copy(source, target, here, there):
        raise Permanent("backup_place", f"{target.root} has the backups of another stack: name another place")
    for name in sorted(_wanted(here, there), key=_rank):
        if not may_go_on():
            return False
        target.put(name, source.get(name))
    for name in there.keys() - here.keys():
        if name.startswith((f"{SNAPSHOTS}/", PREFIX)):
            target.remove(name)
    return True


def lacking(source: Vault, target: Vault) -> list[str]:
    """Return the snapshots that a target has and a source has not: a copy would remove them."""
    return sorted(name for name in target.sizes().keys() - source.sizes().keys() if name.startswith(SNAPSHOT))


def _is_copy(source: Vault, target: Vault, here: Mapping[str, int], there: Mapping[str, int]) -> bool:
    """Return whether a target has nothing yet, or backups of the source's owner; old copies do not tell theirs."""
    if not any(name.startswith(f"{SNAPSHOTS}/") for name in there):
        return True
    if OWNER in there:
        return OWNER in here and source.get(OWNER) == target.get(OWNER)
    return any(name.startswith(SNAPSHOT) for name in here.keys() & there.keys())


def _wanted(here: Mapping[str, int], there: Mapping[str, int]) -> Iterator[str]:
    """Yield what is not there, or is another; snapshots' files never change, but for the one that names the last."""
    for name, size in here.items():
        if there.get(name) != size or name == LATEST:
            yield name


def _rank(name: str) -> tuple[int, str]:
    path = PurePosixPath(name)
    if name == OWNER:  # first: a copy that was cut short must be known by it
        return -1, name
    if path.parent != PurePosixPath(SNAPSHOTS) or not path.name.startswith(NAMED):
        return 0, name
    return (2 if path.name == "index.latest" else 1), name
