"""Backup: four snapshots, one after the other, files beside them, a copy elsewhere if one is wanted; old ones go.

Each step looks at what there is and does what comes next: whoever is killed, the next one goes on.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.backup import PHASES, Backup, backups, begun, is_due, outdated, unfinished
from ingest.document import SOURCE
from ingest.errors import Permanent, Unavailable
from ingest.upshot import Upshot
from workers.frontier.locks import release
from workers.runtime import Runtime
from workers.settings import Settings
from workers.store.snapshots import Snapshots
from workers.store.vault import SNAPSHOTS, Vault, copy

PAUSE_S: Final = 0.5
LOCK_S: Final = 600.0
"""Longer than the removal of an old backup takes; after a kill others wait for as long."""
FOR_S: Final = 40.0
"""Seconds that the task may copy: it goes on a minute later."""
SETTINGS: Final = "settings.json"
"""Written last of a backup's files: with it they are all there."""
KEY: Final = "_key"
"""How the names of API keys end: they are worth nothing to another Elasticsearch."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """What makes backups: its key may make snapshots."""

    rt: Runtime
    snapshots: Snapshots
    vault: Vault

    def all(self) -> list[Backup]:
        """Return the backups there are, oldest first, whole or not."""
        return backups(self.snapshots.all())


def make(keeper: Keeper, target: str, say: Callable[[str], object], sleep: Callable[[float], object]) -> Backup:
    """Make a backup, or end one that was begun; then copy all to `target`, if that is another place; return it.

    Raises Permanent (`backup_runs`) if another one is being made, Unavailable if Elasticsearch cannot make it.
    """
    lock = keeper.rt.locks.take("backup", LOCK_S)
    if lock is None:
        raise Permanent("backup_runs", "another backup is being made")
    try:
        keeper.snapshots.register()
        wanted = unfinished(keeper.all()) or begun(keeper.rt.now())
        while not (found := _now(keeper, wanted)).whole:
            if not found.running:
                say(f"{wanted.name}: {', '.join(PHASES[len(found.phases)])}")
                _go_on(keeper, found)
            lock.extend(LOCK_S, replace_ttl=True)
            sleep(PAUSE_S)
        finish(keeper, found)
        if target and Vault(target).root != keeper.vault.root:
            say(f"copying to {target}")
            copy(keeper.vault, Vault(target), lambda: bool(lock.extend(LOCK_S, replace_ttl=True)))
        return found
    finally:
        release(lock)


def scheduled(keeper: Keeper, clock: Callable[[], float] = time.monotonic) -> Upshot | None:
    """Do the next step of a backup, if one is due or under way; return what was done, None if nothing was."""
    config, rt = keeper.rt.settings, keeper.rt
    if not config.backup_hours:
        return None
    lock = rt.locks.take("backup", LOCK_S)
    if lock is None:
        return None
    try:
        return _next(keeper, clock)
    finally:
        release(lock)


def _next(keeper: Keeper, clock: Callable[[], float]) -> Upshot | None:
    config, rt = keeper.rt.settings, keeper.rt
    known = keeper.all()
    if not known and not rt.ledger.counts():
        return None  # perhaps a new stack in the place of one that was lost: its backups must be restored, not replaced
    due = unfinished(known) or (begun(rt.now()) if is_due(known, rt.now(), config.backup_hours) else None)
    if due is not None:
        if due.running:
            return None
        keeper.snapshots.register()
        _go_on(keeper, due)
        return Upshot("", f"backup {due.name}, part {len(due.phases) + 1} of {len(PHASES)}")
    last = next((one for one in reversed(known) if one.whole), None)
    if last is None or rt.reached.backup.get() == last.name:
        return None
    finish(keeper, last)
    deadline = clock() + FOR_S
    if config.backup_url and not copy(keeper.vault, Vault(config.backup_url), lambda: clock() < deadline):
        return Upshot("", f"backup {last.name}, being copied")
    rt.reached.backup.set(last.name)
    return Upshot("", f"backup {last.name} is done")


def finish(keeper: Keeper, backup: Backup) -> None:
    """Write the files of a backup, and remove the backups that are too old. Repeated, it comes to the same."""
    keeper.vault.claim()
    for name, data in _files(keeper.rt):
        keeper.vault.put(f"{backup.name}/{name}", data)
    for stone in keeper.rt.tombstones.all():
        keeper.vault.bury(stone)
    old = outdated(keeper.all(), keeper.rt.settings.backup_keep)
    keeper.snapshots.remove([name for one in old for name in one.snapshots])
    for one in old:
        keeper.vault.remove(one.name)


def place(config: Settings) -> str:
    """Return the folder of the snapshots, as Elasticsearch sees it too."""
    return str(Path(config.backup_dir) / SNAPSHOTS)


def _now(keeper: Keeper, wanted: Backup) -> Backup:
    found = next((one for one in keeper.all() if one.name == wanted.name), wanted)
    if found.broken:
        raise Unavailable("backup", f"{wanted.name} failed ({found.phases}); Elasticsearch's log says why")
    return found


def _go_on(keeper: Keeper, backup: Backup) -> None:
    phase = len(backup.phases)
    keeper.snapshots.begin(f"{backup.name}-{phase}", PHASES[phase])


def _files(rt: Runtime) -> Iterator[tuple[str, bytes]]:
    yield "sources.json", b"\n".join(SOURCE.dump_json(source) for source, _ in rt.sources.all())
    folder = rt.settings.secrets_dir
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.endswith(KEY):
            with suppress(PermissionError):
                yield f"secrets/{file.relative_to(folder)}", file.read_bytes()
    yield SETTINGS, rt.settings.model_dump_json(indent=1).encode()
