"""How an ended record comes back to work: its listing says that it changed, or a person asks for it.

Pure functions like the other transitions.
"""

from dataclasses import replace
from datetime import datetime

from ingest.ledger.history import moved
from ingest.ledger.record import Record, Stage, State
from ingest.ledger.transitions import CUT, IllegalTransitionError, lane_for
from ingest.model import Entry
from ingest.urls import INLINE, canonical


def relisted(record: Record, entry: Entry, now: datetime) -> Record | None:
    """Return a pending record if the listing says that an ended article has changed since, else None.

    Of an article that was truncated when it was archived any listing may have the rest.
    """
    if record.expired_at or record.state is State.FORGOTTEN:
        return None
    if not record.pending and record.reason == CUT and not (entry.page and entry.page.truncated):
        return opened(_listed(record, entry), now, "relisted", "it was truncated")
    seen = record.entry.updated_at or record.entry.published_at
    changed = entry.updated_at
    if record.pending or changed is None or (seen is not None and changed <= seen):
        return None
    return opened(_listed(record, entry), now, "relisted", f"changed {changed:%Y-%m-%d %H:%M:%S}")


def reopened(record: Record, now: datetime) -> Record:
    """Reopen an ended record at a person's request: an inline page is processed again, a web page fetched again."""
    if record.pending:
        raise IllegalTransitionError(f"{record.id} is pending already; nothing to retry")
    back = opened(record, now, "reopened")
    return replace(back, asked_at=record.asked_at) if record.lane == INLINE else back


def replayed(record: Record, now: datetime) -> Record:
    """Reopen an ended record for processing only: its stored page is good, and extraction may have improved."""
    if record.pending:
        raise IllegalTransitionError(f"{record.id} is pending already; it need not be replayed")
    return replace(opened(record, now, "replayed"), asked_at=record.asked_at, lane=INLINE)


def opened(record: Record, now: datetime, event: str, detail: str = "") -> Record:
    """Return an ended record to work from its first step, with nothing counted against it."""
    if record.state is State.FORGOTTEN:
        raise IllegalTransitionError(f"{record.id} was forgotten for good")
    return moved(
        record,
        now,
        event,
        detail,
        state=State.PENDING,
        stage=Stage.FETCH,
        reason="",
        detail="",
        attempts=0,
        starts=0,
        goal="",
        hops=0,
        asked_at=now,
        due_at=now,
        ended_at=None,
        looking=False,
    )


def _listed(record: Record, entry: Entry) -> Record:
    url = record.url or canonical(entry.url)
    return replace(record, url=url, entry=replace(entry, page=None), lane=lane_for(entry, url))
