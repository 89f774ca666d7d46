"""How old records are kept: without what only people read, and without a document. Pure, as `transitions`."""

from dataclasses import replace
from datetime import datetime

from ingest.ledger.record import Record
from ingest.ledger.transitions import IllegalTransitionError
from ingest.model import Entry


def slimmed(record: Record) -> Record:
    """Return an ended record that keeps its id, its end, its source and its times: enough to be known for ever.

    The listing's times stay, for else each listing that still names it would seem to have changed.
    """
    if record.pending:
        raise IllegalTransitionError(f"{record.id} is pending; all of it is needed")
    times = Entry("", published_at=record.entry.published_at, updated_at=record.entry.updated_at)
    return replace(
        record,
        version=record.version + 1,
        url="",
        lane="",
        entry=times,
        goal="",
        detail="",
        fetched_at=None,
        processed_at=None,
        revisit=None,
        history=(),
    )


def expired(record: Record, now: datetime) -> Record:
    """Return an ended record of a month whose documents are dropped: it never comes back to work."""
    if record.pending:
        raise IllegalTransitionError(f"{record.id} is pending; its document is still to come")
    return replace(record, version=record.version + 1, expired_at=now, revisit=None)
