"""Restore: a backup into an empty stack. What was forgotten since stays forgotten; Redis is rebuilt from the ledger.

Killed anywhere, it is run again with `--replace`.
"""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from ingest.backup import Backup
from ingest.document import index_of
from ingest.errors import Permanent
from ingest.forget import Tombstone
from ingest.ledger.documents import document_found, outcome_found
from ingest.ledger.record import Record
from workers.runtime import Runtime
from workers.steps.attempt import source_of
from workers.steps.backup import Keeper
from workers.steps.forget import Operator, forget
from workers.steps.traces import left
from workers.store.documents import Place
from workers.store.eraser import Deletion
from workers.store.vault import LATEST, OWNER, SNAPSHOTS, Vault, copy, lacking

QUIET_S: Final = 3600.0
"""Seconds for which nothing is handed out, or written, while it restores; said again before each part."""
BEFORE: Final = timedelta(hours=1)
"""A document was admitted at most so long before the snapshot of the ledger that does not know it."""
FAR: Final = datetime.max.replace(tzinfo=UTC)


def fetch(keeper: Keeper, source: str, *, replace: bool = False) -> None:
    """Bring a backup from another place to where Elasticsearch sees it.

    Raises Permanent, and changes nothing, where none is there (`no_backup`), or where there are backups here that would
    be lost (`backup_place`), unless they are to be replaced.
    """
    there = Vault(source)
    if there.root == keeper.vault.root:
        return
    if LATEST not in there.sizes(SNAPSHOTS):
        raise Permanent("no_backup", f"{source} has no backup")
    if not replace and (lost := lacking(there, keeper.vault)):
        raise Permanent(
            "backup_place",
            f"{len(lost)} snapshots are here that {source} has not: `warraq restore {keeper.vault.root}` restores one"
            " of them, `--replace` deletes them",
        )
    keeper.snapshots.forget_repository()
    if replace or not keeper.vault.sizes(SNAPSHOTS):
        keeper.vault.remove(SNAPSHOTS)
        keeper.vault.remove(OWNER)
    copy(there, keeper.vault)
    _hand_over(Path(keeper.vault.root) / SNAPSHOTS)


def chosen(known: Sequence[Backup], name: str) -> Backup:
    """Return the backup of a name, or of what only its name begins with; the last one if none is named.

    Raises Permanent (`no_backup`).
    """
    whole = [one for one in known if one.whole and one.name.startswith(name)]
    if not whole or (name and len(whole) > 1 and whole[-1].name != name):
        raise Permanent("no_backup", f"there is no whole backup {name}".rstrip())
    return whole[-1]


def refuse_unless_empty(operator: Operator, *, replace: bool) -> None:
    """Raise Permanent (`not_empty`) where there are articles already, unless they are to be replaced."""
    if not replace and operator.indices.articles():
        raise Permanent("not_empty", "there are articles here already: `--replace` deletes them")


def restore(operator: Operator, keeper: Keeper, backup: Backup, *, replace: bool, say: Callable[[str], object]) -> int:
    """Restore a backup; return how many articles were forgotten again.

    Raises Permanent (`not_empty`) where there are articles already, unless they are to be replaced.
    """
    refuse_unless_empty(operator, replace=replace)
    rt = operator.rt
    stones = {one.id: one for one in (*rt.tombstones.all(), *keeper.vault.tombstones())}
    _keep_quiet(rt)
    say("deleting what is here")
    operator.indices.clear()
    for name in backup.snapshots:
        _keep_quiet(rt)
        say(f"restoring {name}")
        keeper.snapshots.restore(name)
    operator.indices.complete()
    again = _forget_again(operator, list(stones.values()))
    say("comparing documents with the ledger")
    _agree(operator, backup)
    rt.gauge.forget()
    rt.gauge.go_on_fetching()
    rt.stream.hold(0)
    return again


def _keep_quiet(rt: Runtime) -> None:
    """Have workers wait: an outcome that is written now would make a month that is about to be restored."""
    rt.gauge.pause_fetching(QUIET_S)
    rt.stream.hold(QUIET_S)


def _forget_again(operator: Operator, stones: Sequence[Tombstone]) -> int:
    """Forget what the backup brings back although it was forgotten since."""
    rt = operator.rt
    rt.tombstones.put(stones)
    rt.tombstones.refresh()
    found = list(left(rt))
    return forget(operator, [stone for stone, _ in found], lambda: (ids for _, ids in found)) if found else 0


def _agree(operator: Operator, backup: Backup) -> None:
    """Make documents and ledger agree: documents were taken a moment later.

    Those that the ledger does not know are deleted, and come in again by the next polls; what the ledger calls pending
    has ended, and is not fetched again.
    """
    rt = operator.rt
    rt.ledger.refresh()
    rt.index.refresh()
    for hits in rt.index.admitted_since(backup.at - BEFORE):
        known = rt.ledger.ends([key for _, key in hits])
        operator.eraser.delete([Deletion(index, key) for index, key in hits if key not in known])
    for records in rt.ledger.pending(FAR):
        versions = rt.documents.versions([Place(index_of(one), one.id) for one in records])
        there = [one for one in records if one.id in versions]
        updated = [one for record in there if (one := _caught_up(rt, record, versions[record.id]))]
        rt.ledger.save(updated)
        _take_off(rt, [one for one in updated if not one.pending])


def _take_off(rt: Runtime, ended: Sequence[Record]) -> None:
    """Take off the lanes what a sweep has put there meanwhile: it saw these articles as pending."""
    rt.ledger.refresh()
    rt.lanes.remove(ended)
    rt.leases.forget([one.id for one in ended])


def _caught_up(rt: Runtime, record: Record, version: int) -> Record | None:
    """Return the record of an article whose document is there in some version; None if it needs no change."""
    return outcome_found(record, version, source_of(rt, record), rt.now()) or document_found(record, rt.now())


def _hand_over(folder: Path) -> None:
    """As root, give what was fetched to whom the folder belongs: Elasticsearch writes the next backup into it."""
    if os.geteuid() == 0 and folder.exists():
        owner = folder.stat()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
