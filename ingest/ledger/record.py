"""The ledger's record of one URL: state, reason, attempts, due time, and its story. How it moves: `transitions.py`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ingest.model import COUNT, DATE, KEYWORD, OPAQUE, Entry, stored


class Stage(StrEnum):
    """Where an article is, or where it ended."""

    FETCH = "fetch"
    PROCESS = "process"
    INDEX = "index"


class State(StrEnum):
    """Pending, or one of the four ends."""

    PENDING = "pending"
    INDEXED = "indexed"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition of a record, for whoever reads its story."""

    at: datetime
    what: str
    """The event's name, or the state that an end led to."""
    detail: str = ""


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
    stage: Stage = stored(KEYWORD, default=Stage.FETCH)
    """The step that it is in, or that it ended in."""
    reason: str = stored(KEYWORD, default="")
    detail: str = stored(KEYWORD, default="")
    version: int = stored({"type": "long"}, default=1)
    attempts: int = stored(COUNT, default=0)
    starts: int = stored(COUNT, default=0)
    fetched_at: datetime | None = stored(DATE, default=None)
    processed_at: datetime | None = stored(DATE, default=None)
    indexed_at: datetime | None = stored(DATE, default=None)
    ended_at: datetime | None = stored(DATE, default=None)
    history: tuple[Transition, ...] = stored(OPAQUE, default=())
    """The last HISTORY transitions, oldest first."""

    @property
    def pending(self) -> bool:
        """Tell whether there is still work to do."""
        return self.state is State.PENDING
