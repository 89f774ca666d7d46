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

    beyond: tuple[str, ...] = ()
    """Ids without their document, of which retention has left no address: only a backup, or a listing, has them."""

    @property
    def agrees(self) -> bool:
        """Return whether nothing was wrong."""
        return not (self.lost or self.found or self.gone or self.beyond)


def check_some(rt: Runtime, limit: int = PORTION) -> Checked:
    """Check the next portion, and remember how far it came; after the last one the walk begins again."""
    checked = check_after(rt, rt.reached.documents.get(), limit)
    rt.reached.documents.set(checked.place)
    return checked


def check_after(rt: Runtime, place: str, limit: int = PORTION) -> Checked:
    """Check the records that follow a place, and mend what does not agree."""
    records, further = rt.ledger.after(place, limit, pending=False)
    months = {month for month in set(map(index_of, records)) if rt.index.exists(month)}
    here = [record for record in records if index_of(record) in months]
    gone = {index_of(record) for record in records if _has_document(record)} - months
    missing = rt.index.missing(here)
    without = [one for one in here if _has_document(one) and one.id in missing]
    lost = [document_lost(one, rt.now()) for one in without if not one.slim]
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
        _ids(one for one in without if one.slim),
    )
    if not checked.agrees:
        log.error(
            "ledger_and_index_differ", lost=checked.lost, found=checked.found, gone=checked.gone, beyond=checked.beyond
        )
    return checked


def _has_document(record: Record) -> bool:
    return record.indexed_at is not None and record.expired_at is None


def _ids(records: Iterable[Record]) -> tuple[str, ...]:
    return tuple(record.id for record in records)
