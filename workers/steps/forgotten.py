"""What the workers do about what was forgotten: it is not admitted, and what was under way ends here.

They cannot delete a document. One that is written after all, by a worker that was cut off for minutes between its look
at the tombstones and its write, is written over with nothing; `warraq check` deletes what is left.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from ingest.document import index_of
from ingest.errors import Unavailable
from ingest.forget import forgotten, is_below
from ingest.ledger.record import Record, State
from ingest.model import Entry
from workers.runtime import Runtime
from workers.store.documents import Document, Place
from workers.store.outcomes import Item

log = structlog.get_logger()

AGAIN: Final = timedelta(minutes=10)
"""After so long nobody has anything in hand of what was forgotten; then it is looked for once more."""
LATELY: Final = timedelta(days=1)
"""How far back a Redis that knows no place begins."""
PORTION: Final = 100
"""Tombstones that one sweep looks after."""


def let_in(rt: Runtime, found: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the entries of a listing whose sites were not forgotten; the ledger knows what else was."""
    sites = rt.tombstones.hosts()
    return {key: entry for key, entry in found.items() if not is_below(entry.url, sites)} if sites else dict(found)


def without(rt: Runtime, items: Sequence[Item]) -> list[Item]:
    """Return the outcomes that may be written; those of what was forgotten end here, with all that they brought."""
    barred = rt.tombstones.barred({item.outcome.record.id: item.outcome.record.url for item in items})
    if not barred:
        return list(items)
    bury(rt, sorted(barred))
    rt.stream.acknowledge([item for item in items if item.outcome.record.id in barred])
    return [item for item in items if item.outcome.record.id not in barred]


def bury(rt: Runtime, ids: Sequence[str]) -> None:
    """Have the ledger forget articles, and remove their pages and what Redis knows. Raises Unavailable."""
    records = [record for record in rt.ledger.get_many(ids).values() if record.state is not State.FORGOTTEN]
    rt.ledger.save([forgotten(record, rt.now()) for record in records])
    rt.lanes.remove(records)
    rt.leases.forget(list(ids))
    for key in ids:
        rt.pages.purge(key)


def take_back(rt: Runtime, records: Sequence[Record]) -> int:
    """Write over documents and versions of forgotten articles, their current records given; return how many."""
    places = [Place(index_of(record), record.id) for record in records]
    versions = rt.documents.versions(places)
    blanks = [
        Document(place, record.version, _blank(record))
        for place, record in zip(places, records, strict=True)
        if versions.get(record.id, record.version) < record.version
    ]
    rt.documents.write(blanks)
    count = len(blanks) + sum(rt.revisions.blank(record.id, record.version) for record in records)
    if count:
        log.error("forgotten_was_written", ids=[record.id for record in records], documents=count)
    return count


def _blank(record: Record) -> dict[str, Any]:
    same = {"source_id": record.source_id, "admitted_at": record.admitted_at.isoformat()}
    return {"id": record.id, "url": record.url, "story": record.id, **same}


def look_after(rt: Runtime) -> None:
    """Look once more for what was forgotten AGAIN ago: a fetch that was under way may have stored its page."""
    until = rt.now() - AGAIN
    place = rt.reached.forgotten.get()
    since = datetime.fromisoformat(place) if place else until - LATELY
    tombstones = rt.tombstones.between(since, until, PORTION)
    ids = [one.id for one in tombstones]
    try:
        bury(rt, ids)
    except Unavailable as error:
        log.warning(error.reason, detail=error.detail)
        return
    take_back(rt, list(rt.ledger.get_many(ids).values()))
    rt.reached.forgotten.set((tombstones[-1].at if len(tombstones) == PORTION else until).isoformat())
