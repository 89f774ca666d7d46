"""How the last poll of a source went, as it is stored beside the source."""

from dataclasses import dataclass
from datetime import datetime

from ingest.model import COUNT, DATE, KEYWORD, OPAQUE, YES_NO, stored
from ingest.polling.listing import Further
from ingest.polling.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class Poll:
    """How the last poll of a Source went; stored beside it."""

    polled_at: datetime | None = stored(DATE, default=None)
    polls: int = stored(COUNT, default=0)
    """How many there have been: a count, because clocks differ."""
    listed: int = stored(COUNT, default=0)
    admitted: int = stored(COUNT, default=0)
    failures: int = stored(COUNT, default=0)
    """Polls that failed in a row."""
    error: str = stored(KEYWORD, default="")
    problems: tuple[str, ...] = stored(KEYWORD, default=())
    further: tuple[Further, ...] = stored(OPAQUE, default=())
    """Listings that the poll has still to read, the next one first: a poll makes one request at a time."""
    listings: int = stored(COUNT, default=0)
    """Listings that it has read."""
    missed: int = stored(COUNT, default=0)
    """Listings that it could not read."""
    read_at: datetime | None = stored(DATE, default=None)
    """When the last poll began that missed none: what has not changed since need not be read again."""
    found: str = stored(KEYWORD, default="")
    """How a site's listing was found: which it is, and what speaks for it."""
    due_at: datetime | None = stored(DATE, default=None)
    etag: str = stored(KEYWORD, default="")
    """Verbatim, as `last_modified`: they are compared by the site as they were sent."""
    last_modified: str = stored(KEYWORD, default="")
    body_hash: str = stored(KEYWORD, default="")
    """SHA-256 of the last listing."""
    full_at: datetime | None = stored(DATE, default=None)
    """When it was last asked for without conditions and read whatever its hash."""
    moved_to: str = stored(KEYWORD, default="")
    """Where its URL redirects for good; since when, and how often in a row it said so."""
    moved_since: datetime | None = stored(DATE, default=None)
    moved_times: int = stored(COUNT, default=0)
    gone_since: datetime | None = stored(DATE, default=None)
    """When it first answered 410, if it has not listed anything since."""
    gone: bool = stored(YES_NO, default=False)
    """Gone for good: it is not polled any more, until it is added again."""
    rhythm: Rhythm = stored(OPAQUE, default=Rhythm())
