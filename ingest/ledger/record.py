"""The ledger's record of one URL: state, reason, attempts, due time and history. Transitions: `transitions.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from ingest.ledger.revisit import Revisit
from ingest.mappings import COUNT, DATE, KEYWORD, OPAQUE, YES_NO, mapping, stored
from ingest.model import Entry
from ingest.unknown import KeepsUnknown


class Stage(StrEnum):
    """Where an article is, or where it ended."""

    FETCH = "fetch"
    PROCESS = "process"
    INDEX = "index"


class State(StrEnum):
    """Pending, or one of the five ends."""

    PENDING = "pending"
    INDEXED = "indexed"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    FAILED = "failed"
    FORGOTTEN = "forgotten"
    """Taken out for good: see `ingest/forget.py`."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One transition of a record, kept for people who read its history."""

    at: datetime
    """When it happened, by Redis' clock."""
    what: str
    """The event's name, or the state that an end led to."""
    detail: str = ""
    """Further explanation: an error, a pause."""


@dataclass(frozen=True, slots=True)
class Record(KeepsUnknown):
    """One admitted URL."""

    id: str = stored(KEYWORD)
    """Hash of the canonical URL."""
    url: str = stored(KEYWORD)
    """The canonical URL."""
    lane: str = stored(KEYWORD)
    """The queue in which it waits: its host's, or `held` for an inline page, which needs no fetch."""
    source_id: str = stored(KEYWORD)
    """Id of the source that listed it first."""
    entry: Entry = stored(OPAQUE)
    """What the listing says of it."""
    admitted_at: datetime = stored(DATE)
    """When it was admitted; its month names the index of its document."""
    asked_at: datetime = stored(DATE)
    """When it was last admitted, relisted or reopened; a stored page older than this is not used."""
    due_at: datetime = stored(DATE)
    """When it may be worked on next."""
    goal: str = stored(KEYWORD, default="")
    """The redirect target that must be requested in another turn; '' = the listed address is requested."""
    hops: int = stored(COUNT, default=0)
    """Redirects to such goals, one after the other."""
    state: State = stored(KEYWORD, default=State.PENDING)
    """`pending`, `indexed`, `duplicate`, `rejected`, `failed` or `forgotten`."""
    stage: Stage = stored(KEYWORD, default=Stage.FETCH)
    """The step that it is in, or that it ended in."""
    reason: str = stored(KEYWORD, default="")
    """Why it ended or waits, as a word to group by: `http_404`."""
    detail: str = stored(KEYWORD, default="")
    """The same in a sentence."""
    version: int = stored({"type": "long"}, default=1)
    """Number of the transition; a writer with an older one is refused."""
    attempts: int = stored(COUNT, default=0)
    """Transient failures since it was last opened."""
    starts: int = stored(COUNT, default=0)
    """Steps that began and never ended: their worker died."""
    fetched_at: datetime | None = stored(DATE, default=None)
    """When its page was fetched."""
    processed_at: datetime | None = stored(DATE, default=None)
    """When its article was extracted."""
    indexed_at: datetime | None = stored(DATE, default=None)
    """When it first got its document; None if it has none."""
    searchable_s: float | None = stored({"type": "float"}, default=None)
    """Seconds from its admission until its first document was written."""
    ended_at: datetime | None = stored(DATE, default=None)
    """When it reached its state; None while pending."""
    expired_at: datetime | None = stored(DATE, default=None)
    """When retention gave up its document, with all of that month; None = it has what `indexed_at` says."""
    revisit: Revisit | None = stored(mapping(Revisit), default=None)
    """When it is looked at again, and what the looks found; None = it is not."""
    versions: int = stored(COUNT, default=0)
    """Number of its latest version in `news-revisions`; it stays when the document is lost."""
    looking: bool = stored(YES_NO, default=False)
    """Whether it is pending, or ended, for such a look."""
    history: tuple[Transition, ...] = stored(OPAQUE, default=())
    """The last 20 transitions (`HISTORY`), oldest first."""
    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    """Fields of another version."""

    @property
    def pending(self) -> bool:
        """Return whether there is still work to do."""
        return self.state is State.PENDING

    @property
    def slim(self) -> bool:
        """Return whether retention has left only what makes it known: no address, no text, no history."""
        return not self.url
