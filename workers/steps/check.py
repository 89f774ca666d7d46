"""Do ledger and index agree? A walk over the ended records, in portions, that repairs what does not.

A document is written before its record says so, so the pipeline never makes a record without one. A restored
backup, a deleted index or a person can.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from ingest.document import index_of
from ingest.ledger.documents import document_found, document_lost
from ingest.ledger.record import Record
from workers.runtime import Runtime
from workers.steps.ungrouped import find_old

log = structlog.get_logger()

PORTION: Final = 500
"""Records compared at once: one search and one multi-get, about 50 ms."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a portion of the walk has found."""

    place: str
    """Where the next one begins; '' after the last."""
    records: int = 0
    lost: tuple[str, ...] = ()
    """Ids without the document that their record claims: they have been reopened."""
    found: tuple[str, ...] = ()
    """Ids with a document that their record did not know of: now it does."""
    gone: tuple[str, ...] = ()
    """Months whose index is missing: only a person knows whether it was deleted or will be restored."""

    @property
    def agrees(self) -> bool:
        """Return whether nothing was wrong."""
        return not (self.lost or self.found or self.gone)


def check_some(rt: Runtime, limit: int = PORTION) -> Checked:
    """Check the next portion, and remember how far it came; after the last one the walk begins again."""
    checked = check_after(rt, rt.checked.get(), limit)
    rt.checked.set(checked.place)
    return checked


def check_after(rt: Runtime, place: str, limit: int = PORTION) -> Checked:
    """Check the records that follow a place, and mend what does not agree."""
    records, further = rt.ledger.ended_after(place, limit)
    months = {month for month in set(map(index_of, records)) if rt.index.exists(month)}
    here = [record for record in records if index_of(record) in months]
    gone = {index_of(record) for record in records if record.indexed_at} - months
    missing = rt.index.missing(here)
    lost = [document_lost(one, rt.now()) for one in here if one.indexed_at and one.id in missing]
    found = [updated for one in here if one.id not in missing and (updated := document_found(one, rt.now()))]
    find_old(rt, [one for one in here if one.id not in missing])
    saved = rt.ledger.save([*lost, *found])  # records that have moved meanwhile are left alone
    rt.lanes.push([record for record in saved if record.pending])
    checked = Checked(
        further,
        len(records),
        _ids(record for record in saved if record.pending),
        _ids(record for record in saved if not record.pending),
        tuple(sorted(gone)),
    )
    if not checked.agrees:
        log.error("ledger_and_index_differ", lost=checked.lost, found=checked.found, gone=checked.gone)
    return checked


def _ids(records: Iterable[Record]) -> tuple[str, ...]:
    return tuple(record.id for record in records)
