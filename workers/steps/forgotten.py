"""What the workers do about what was forgotten: it is not admitted, and what was under way ends here.

They cannot delete a document. One that is written after all, by a worker that was cut off for minutes between its look
at the tombstones and its write, is written over with nothing; `warraq check` deletes what is left.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import structlog

from ingest.document import index_of
from ingest.errors import Unavailable
from ingest.forget import forgotten, is_below
from ingest.ledger.record import Record, State
from ingest.model import Entry
from workers.runtime import Runtime
from workers.store.documents import Document, Place
from workers.store.outcomes import Item, Outcome
from workers.store.selection import Selection

log = structlog.get_logger()

AGAIN: Final = timedelta(minutes=10)
"""After so long nobody has anything in hand of what was forgotten; then it is looked for once more."""
LATELY: Final = timedelta(days=1)
"""How far back a Redis that knows no place begins."""
PORTION: Final = 100
"""Forgotten articles that one sweep looks after."""


def let_in(rt: Runtime, found: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the entries of a listing whose sites were not forgotten; the ledger knows what else was."""
    sites = rt.tombstones.hosts()
    return {key: entry for key, entry in found.items() if not is_below(entry.url, sites)} if sites else dict(found)


def without(rt: Runtime, items: Sequence[Item]) -> list[Item]:
    """Return the outcomes that may be written; those of what was forgotten end here, with all that they brought."""
    barred = rt.tombstones.barred({item.outcome.record.id: _addresses(item.outcome) for item in items})
    if not barred:
        return list(items)
    bury(rt, sorted(barred))
    take_back(rt, list(rt.ledger.get_many(sorted(barred)).values()))  # of an earlier version, which led elsewhere
    rt.stream.acknowledge([item for item in items if item.outcome.record.id in barred])
    return [item for item in items if item.outcome.record.id not in barred]


def _addresses(outcome: Outcome) -> tuple[str, ...]:
    """Return the addresses of an outcome: as listed, and where its page was found."""
    record, article = outcome.record, outcome.article
    return (record.url, article.url if article else "", record.detail if record.state is State.DUPLICATE else "")


def is_of_forgotten_site(rt: Runtime, url: str) -> bool:
    """Return whether an address is of a site that was forgotten: a short link, or an aggregator's, may lead there."""
    sites = rt.tombstones.hosts()
    return bool(sites) and is_below(url, sites)


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
    rt.revisions.refresh()
    versions_of = {key for key, _ in rt.revisions.ids_of([record.id for record in records])}
    told = [record for record in records if record.id in versions_of]
    count = len(blanks) + sum(rt.revisions.blank(record.id, record.version) for record in told)
    if count:
        log.error("forgotten_was_written", ids=[record.id for record in records], documents=count)
    return count


def _blank(record: Record) -> dict[str, Any]:
    same = {"source_id": record.source_id, "admitted_at": record.admitted_at.isoformat()}
    return {"id": record.id, "url": record.url, "story": record.id, **same}


def look_after(rt: Runtime) -> None:
    """Look once more for what was forgotten AGAIN ago, by itself or with its host: a fetch may have stored its page."""
    until = rt.now() - AGAIN
    last = rt.ledger.get(rt.reached.forgotten.get() or "-")
    since = last.ended_at if last and last.ended_at else until - LATELY
    which = Selection(states=(State.FORGOTTEN,), since=since, before=until)
    records = rt.ledger.page(which, after=last, size=PORTION)
    if not records:
        return
    try:
        bury(rt, [record.id for record in records])
    except Unavailable as error:
        log.warning(error.reason, detail=error.detail)
        return
    take_back(rt, records)
    rt.reached.forgotten.set(records[-1].id)
