"""Backups: which snapshots belong together, what is to be done next, and which may go. Pure.

Elasticsearch takes its shards one after the other, so one snapshot of everything would hold documents and records of
different moments. A backup is four snapshots instead, in an order in which whatever comes later knows more: sources and
tallies, then the ledger, then documents, then what follows from them. So a restored record has its document, a tally
counts no record that is not there, and a source's next poll lists whatever the ledger does not know.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from ingest.document import ARTICLE_INDICES, LEDGER, MAPPINGS, SOURCES, TALLIES

AGAIN: Final = timedelta(hours=1)
PREFIX: Final = "warraq-"
STAMP: Final = "%Y%m%d-%H%M%S"
FIRST: Final = ((SOURCES, TALLIES), (LEDGER,), (ARTICLE_INDICES,))
PHASES: Final = (*FIRST, tuple(kind for kind in MAPPINGS if kind not in {one for part in FIRST for one in part}))
"""The kinds of indices in each of the snapshots."""
SUCCESS: Final = "SUCCESS"
RUNNING: Final = frozenset({"IN_PROGRESS", "STARTED", "INIT"})


@dataclass(frozen=True, slots=True)
class Backup:
    """The snapshots of one backup: by phase, the state of each."""

    name: str
    """`warraq-20261127-201500`."""
    phases: dict[int, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Return whether all of them are there and good."""
        return len(self.phases) == len(PHASES) and set(self.phases.values()) == {SUCCESS}

    @property
    def running(self) -> bool:
        """Return whether one of them is being made."""
        return bool(RUNNING & set(self.phases.values()))

    @property
    def broken(self) -> bool:
        """Return whether one of them has failed: it is no backup, and a new one must be made."""
        return bool(set(self.phases.values()) - RUNNING - {SUCCESS})

    @property
    def at(self) -> datetime:
        """Return when it was begun."""
        return datetime.strptime(self.name.removeprefix(PREFIX), STAMP).replace(tzinfo=UTC)

    @property
    def snapshots(self) -> tuple[str, ...]:
        """Return the names of its snapshots."""
        return tuple(f"{self.name}-{phase}" for phase in sorted(self.phases))


def begun(now: datetime) -> Backup:
    """Return a backup of which nothing is there yet."""
    return Backup(f"{PREFIX}{now:{STAMP}}")


def backups(snapshots: Iterable[tuple[str, str]]) -> list[Backup]:
    """Return the backups that snapshots (name, state) make up, oldest first; others' snapshots are left alone."""
    found: dict[str, Backup] = {}
    for name, state in snapshots:
        base, _, phase = name.rpartition("-")
        if base.startswith(PREFIX) and phase.isdecimal():
            found.setdefault(base, Backup(base)).phases[int(phase)] = state
    return sorted(found.values(), key=lambda one: one.name)


def unfinished(known: Sequence[Backup]) -> Backup | None:
    """Return the last backup if it was begun and can be gone on with: its maker was killed."""
    last = known[-1] if known else None
    return last if last and not last.whole and not last.broken else None


def is_due(known: Sequence[Backup], now: datetime, hours: float) -> bool:
    """Return whether a new one is to be made; one that failed is tried again after an hour. `hours`: 0 = never."""
    if not hours:
        return False
    wanted = timedelta(hours=hours)
    whole = [one.at for one in known if one.whole]
    tried = [one.at for one in known]
    rested = not tried or now - tried[-1] >= min(wanted, AGAIN)
    return rested and (not whole or now - whole[-1] >= wanted)


def outdated(known: Sequence[Backup], keep: int) -> list[Backup]:
    """Return the backups that may go: whole ones beyond the last `keep`, and what was left of others before those."""
    whole = [one for one in known if one.whole]
    if not whole:
        return []
    kept = {one.name for one in whole[-keep:]}
    return [one for one in known if one.name < whole[-1].name and one.name not in kept]
