"""The ledger's record of one URL, and its transitions: pure functions of old record, event and now.

    admitted -> PENDING -> INDEXED | DUPLICATE | REJECTED | FAILED
                  ^  |                     |
         retried ·+--+· abandoned          +-- relisted, reopened -> PENDING

Each transition adds one to `version`, which Elasticsearch compares: a writer with an old record loses.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ingest.errors import WarraqError
from ingest.model import COUNT, DATE, KEYWORD, OPAQUE, Entry, Source, stored
from ingest.urls import HELD, article_id, canonical, lane_of

ATTEMPTS: Final = 5
"""Transient failures until `failed`."""
STARTS: Final = 3
"""Starts without an end that are forgiven; the fourth is `failed: poison`."""
BACKOFF_S: Final = 30.0
BACKOFF_CAP_S: Final = 3600.0


class State(StrEnum):
    """Pending, or one of the four ends."""

    PENDING = "pending"
    INDEXED = "indexed"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    FAILED = "failed"


class IllegalTransitionError(Exception):
    """The event does not fit the record's state; the record stays as it is."""


@dataclass(frozen=True, slots=True)
class Record:
    """One admitted URL."""

    id: str = stored(KEYWORD)
    url: str = stored(KEYWORD)
    lane: str = stored(KEYWORD)
    source_id: str = stored(KEYWORD)
    entry: Entry = stored(OPAQUE)
    admitted_at: datetime = stored(DATE)
    asked_at: datetime = stored(DATE)
    """When it was last admitted, relisted or reopened: an older page in the store does not answer it."""
    due_at: datetime = stored(DATE)
    state: State = stored(KEYWORD, default=State.PENDING)
    reason: str = stored(KEYWORD, default="")
    detail: str = stored(KEYWORD, default="")
    version: int = stored({"type": "long"}, default=1)
    attempts: int = stored(COUNT, default=0)
    starts: int = stored(COUNT, default=0)
    fetched_at: datetime | None = stored(DATE, default=None)
    processed_at: datetime | None = stored(DATE, default=None)
    indexed_at: datetime | None = stored(DATE, default=None)
    ended_at: datetime | None = stored(DATE, default=None)

    @property
    def pending(self) -> bool:
        """Tell whether there is still work to do."""
        return self.state is State.PENDING


def admitted(source: Source, entry: Entry, now: datetime) -> Record:
    """Return the first record of a URL."""
    url = canonical(entry.url)
    return Record(
        id=article_id(url),
        url=url,
        lane=_lane(entry, url),
        source_id=source.id,
        entry=replace(entry, page=None),
        admitted_at=now,
        asked_at=now,
        due_at=now,
    )


def relisted(record: Record, entry: Entry, now: datetime) -> Record | None:
    """Return a pending record if the listing says that an ended article has changed since, else None."""
    seen = record.entry.updated_at or record.entry.published_at
    told = entry.updated_at
    if record.pending or told is None or (seen is not None and told <= seen):
        return None
    return _open(replace(record, entry=replace(entry, page=None), lane=_lane(entry, record.url)), now)


def reopened(record: Record, now: datetime) -> Record:
    """Return an ended record to work, as a person asked: a held page is processed again, a web page fetched anew."""
    if record.pending:
        raise IllegalTransitionError(f"{record.id} is pending already; nothing to retry")
    opened = _open(record, now)
    return replace(opened, asked_at=record.asked_at) if record.lane == HELD else opened


def replayed(record: Record, now: datetime) -> Record:
    """Return an ended record to processing: its stored page is good, what we make of it may have become better."""
    if record.pending:
        raise IllegalTransitionError(f"{record.id} is pending already; it need not be replayed")
    return replace(_open(record, now), asked_at=record.asked_at, lane=HELD)


def retried(record: Record, error: WarraqError, now: datetime, luck: float) -> Record:
    """Return the record after a transient failure: due later, or failed when the attempts are used up.

    `luck` in [0, 1) is the draw for full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter").
    """
    attempts = record.attempts + 1
    if attempts >= ATTEMPTS:
        return ended(replace(record, attempts=attempts), State.FAILED, now, error.reason, error.detail)
    pause = max(
        luck * min(BACKOFF_CAP_S, BACKOFF_S * 2**attempts),
        getattr(error, "retry_after_s", 0.0),
    )
    _must_be_pending(record, "retried")
    return replace(
        record,
        attempts=attempts,
        reason=error.reason,
        detail=error.detail,
        due_at=now + timedelta(seconds=pause),
        version=record.version + 1,
    )


def abandoned(record: Record, now: datetime) -> Record:
    """Return the record after a start without an end (its worker died): due at once, or failed as poison."""
    if record.starts >= STARTS:
        return ended(record, State.FAILED, now, "poison", f"{STARTS + 1} starts without an end")
    _must_be_pending(record, "abandoned")
    return replace(record, starts=record.starts + 1, due_at=now, version=record.version + 1)


def ended(record: Record, state: State, now: datetime, reason: str = "", detail: str = "") -> Record:
    """Return the record in a terminal state.

    A refresh that fails does not take away the article that is in the index: the record stays `indexed`
    and its reason tells what happened.
    """
    _must_be_pending(record, f"ended as {state}")
    if record.indexed_at and state is not State.INDEXED:
        state, reason = State.INDEXED, f"refresh_{reason or state}"
    return replace(
        record,
        state=state,
        reason=reason,
        detail=detail,
        version=record.version + 1,
        ended_at=now,
        indexed_at=record.indexed_at or (now if state is State.INDEXED else None),
    )


def refused(record: Record, now: datetime, detail: str) -> Record:
    """Return the record of an article that the index would not take, although its record says `indexed`."""
    return replace(
        record,
        state=State.FAILED,
        reason="refused_by_index",
        detail=detail,
        version=record.version + 1,
        ended_at=now,
        indexed_at=None,
    )


def _lane(entry: Entry, url: str) -> str:
    return HELD if entry.page else lane_of(url)


def _open(record: Record, now: datetime) -> Record:
    return replace(
        record,
        state=State.PENDING,
        reason="",
        detail="",
        attempts=0,
        starts=0,
        asked_at=now,
        due_at=now,
        ended_at=None,
        version=record.version + 1,
    )


def _must_be_pending(record: Record, event: str) -> None:
    if not record.pending:
        raise IllegalTransitionError(f"{record.id} is {record.state}, it cannot be {event}")
