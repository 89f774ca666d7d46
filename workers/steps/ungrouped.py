"""Documents that nobody has compared with others: found by a walk over the ledger, and put where they are compared.

Redis had lost them, or they are older than the stories. Sweep's walk goes by the time at which articles ended, so it
is soon over where little is new; a Redis that knows no place in it begins a day ago. What is older, the check of ledger
and index finds in its own time, and `warraq stories rebuild` at once.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ingest.document import FINGERPRINTS, index_of
from ingest.ledger.record import Record, State
from ingest.stories.fingerprint import RULES
from workers.runtime import Runtime
from workers.store.checkpoint import Checkpoint
from workers.store.documents import Place
from workers.store.expiry import limit
from workers.store.selection import Selection

GRACE: Final = timedelta(minutes=1)
"""What ended lately is still waiting, as it should."""
OVERLAP: Final = timedelta(minutes=2)
"""Looked at again: the ledger's searches are 5 s behind, and late writes of some records further."""
PORTION: Final = 500
AT_ONCE: Final = 4
"""Portions of one sweep: a second."""
LATELY: Final = timedelta(days=1)
ENOUGH: Final = 2_000
"""Articles that wait at which no more are looked for."""
PAUSE_S: Final = 0.5
PATIENCE: Final = 240
"""Looks at a queue that does not move until it is stuck: two minutes, and its worker may be starting."""
MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a walk has come."""

    records: int
    found: int
    """Documents that had not been compared."""
    over: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come."""

    records: int
    """Indexed articles in all."""
    done: int
    """Those that were looked at."""
    waiting: int
    """Those that still wait for being compared."""
    stuck: bool = False
    """Whether nothing has moved for long."""


def rebuild(rt: Runtime, pause: Callable[[float], object] = time.sleep) -> Iterator[Progress]:
    """Have all documents compared that are not; yield how far it is. Ended anywhere, it goes on there the next time."""
    rt.ledger.refresh()
    records = _indexed(rt, None)
    since, over = _moment(rt.reached.rebuild.get()), False
    done = _indexed(rt, since) if since else 0
    still, last = 0, -1
    while not over or rt.ungrouped.count():
        waiting = rt.ungrouped.count()
        if waiting < ENOUGH and not over:
            walked = walk(rt, rt.reached.rebuild)
            done, over = done + walked.records, walked.over
        else:
            still, last = (still + 1 if waiting == last else 0), waiting
            pause(PAUSE_S)
        yield Progress(records, min(done, records), waiting, stuck=still > PATIENCE)
    rt.reached.rebuild.set("")
    yield Progress(records, records, 0)


def _indexed(rt: Runtime, before: datetime | None) -> int:
    return sum(rt.ledger.counts(Selection(states=(State.INDEXED,), before=before).query()).values())


def walk(rt: Runtime, checkpoint: Checkpoint, default: datetime | None = None) -> Walked:
    """Look at the next portion of indexed records, the first since `default`; remember how far the walk has come."""
    until = rt.now() - GRACE
    since = _moment(checkpoint.get(), default)
    which = Selection(states=(State.INDEXED,), since=since, before=until)
    records = rt.ledger.page(which, size=PORTION)
    found = _have_compared(rt, records)
    over = len(records) < PORTION
    checkpoint.set(_next(records, since, until, over=over).isoformat())
    return Walked(len(records), found, over)


def find_late(rt: Runtime) -> None:
    """Find what ended lately, as long as not too many wait."""
    for _ in range(AT_ONCE):
        if rt.ungrouped.count() >= ENOUGH or walk(rt, rt.reached.stories, rt.now() - LATELY).over:
            return


def find_old(rt: Runtime, records: Sequence[Record]) -> None:
    """Find which of some records' documents were not compared."""
    if rt.ungrouped.count() < ENOUGH:
        _have_compared(rt, [record for record in records if record.state is State.INDEXED])


def _have_compared(rt: Runtime, records: Sequence[Record]) -> int:
    """Have those of some records' documents compared that are not; return how many. One that waits keeps its place."""
    found = ungrouped(rt, records)
    rt.ungrouped.keep([(one.index, one.id) for one in found], rt.now())
    return len(found)


def ungrouped(rt: Runtime, records: Sequence[Record]) -> list[Place]:
    """Return the documents that have not been compared in the version that they have, by the rules of today.

    Those whose stories are no longer kept are left alone: they would be compared again each day.
    """
    before = rt.settings.keep.before("stories", rt.now())
    oldest = limit(FINGERPRINTS, before) if before else ""
    places = [Place(index, record.id) for record in records if (index := index_of(record)) >= oldest]
    versions = rt.documents.versions(places)
    current = rt.fingerprints.current([one.id for one in places if one.id in versions])
    return [one for one in places if one.id in versions and current.get(one.id) != (versions[one.id], RULES)]


def _next(records: Sequence[Record], since: datetime | None, until: datetime, *, over: bool) -> datetime:
    if over:
        return until - OVERLAP
    last = records[-1].ended_at or until
    return last if since is None or last > since else since + MILLISECOND  # a portion of one moment


def _moment(text: str, default: datetime | None = None) -> datetime | None:
    return datetime.fromisoformat(text) if text else default
