"""How a record answers to its document: one that is refused, found or lost. Pure, as `transitions`."""

from dataclasses import replace
from datetime import datetime

from ingest.ledger.record import Record, Stage, State
from ingest.ledger.transitions import IllegalTransitionError, moved, opened


def refused(record: Record, now: datetime, detail: str) -> Record:
    """Return the end of an article whose document the index will not take, in place of the one that it was to have.

    It has that one's version, for that one was never written. What the index took of this article before is still
    there: then only the refresh failed.
    """
    known = record.indexed_at is not None and record.indexed_at != record.ended_at
    before = replace(record, version=record.version - 1, history=record.history[:-1])
    return moved(
        before,
        now,
        "refused",
        detail,
        state=State.INDEXED if known else State.FAILED,
        stage=Stage.INDEX,
        reason="refresh_refused_by_index" if known else "refused_by_index",
        detail=detail,
        ended_at=now,
        indexed_at=record.indexed_at if known else None,
    )


def document_found(record: Record, now: datetime) -> Record | None:
    """Return a record that tells of the document which is there, or None if it does already.

    A worker that was taken for dead may bring its document after the article has come to another end: the document
    stands, so the end was only a refresh's. One that is pending goes on, and is due: whoever has it holds an old
    record.
    """
    if record.indexed_at is not None:
        return None
    if record.pending:
        return moved(record, now, "document_found", "", indexed_at=now, due_at=now)
    reason = f"refresh_{record.reason or record.state}"
    return moved(record, now, "document_found", reason, state=State.INDEXED, reason=reason, indexed_at=now)


def document_lost(record: Record, now: datetime) -> Record:
    """Return an ended record, of whose document nothing is there any more, to work; a stored page is good enough."""
    if record.pending:
        raise IllegalTransitionError(f"{record.id} is pending; its document is still to come")
    return replace(opened(record, now, "document_lost"), asked_at=record.asked_at, indexed_at=None)
