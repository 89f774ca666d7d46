"""How the last poll of a source went."""

from dataclasses import dataclass
from datetime import datetime

from ingest.mappings import COUNT, DATE, KEYWORD, OPAQUE, YES_NO, stored
from ingest.polling.listing import Further
from ingest.polling.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class Poll:
    """How the last poll of a Source went; stored beside it."""

    polled_at: datetime | None = stored(DATE, default=None)
    """When its last round began."""
    polls: int = stored(COUNT, default=0)
    """Number of polls so far; whoever waits for a poll compares this, since clocks differ."""
    listed: int = stored(COUNT, default=0)
    """Entries of its last round."""
    admitted: int = stored(COUNT, default=0)
    """Those of them that were new or had changed."""
    failures: int = stored(COUNT, default=0)
    """Polls that failed in a row."""
    error: str = stored(KEYWORD, default="")
    """Why the last poll failed; empty if it did not."""
    problems: tuple[str, ...] = stored(KEYWORD, default=())
    """What was wrong with the last listing, one sentence each."""
    further: tuple[Further, ...] = stored(OPAQUE, default=())
    """Listings still to be read in this round, the next one first; each poll makes one request."""
    listings: int = stored(COUNT, default=0)
    """Listings read in this round."""
    missed: int = stored(COUNT, default=0)
    """Listings of this round that could not be read."""
    fertile: tuple[str, ...] = stored(KEYWORD, default=())
    """Listings below its own that have brought new articles, the last one first."""
    parts_at: datetime | None = stored(DATE, default=None)
    """When the likely ones of those it names were last read whatever their dates say."""
    read_at: datetime | None = stored(DATE, default=None)
    """Start of the last round that read every listing; what has not changed since need not be read again."""
    found: str = stored(KEYWORD, default="")
    """For a site: the listing that was found, and why it was chosen."""
    due_at: datetime | None = stored(DATE, default=None)
    """When it is polled next; None = only when asked."""
    put_off: str = stored(KEYWORD, default="")
    """Why it is not polled before that, where it should be: its host may not be asked."""
    etag: str = stored(KEYWORD, default="")
    """The ETag header of the last listing, verbatim: the site compares it byte by byte."""
    last_modified: str = stored(KEYWORD, default="")
    """The Last-Modified header of the last listing, likewise verbatim."""
    body_hash: str = stored(KEYWORD, default="")
    """SHA-256 of the last listing."""
    full_at: datetime | None = stored(DATE, default=None)
    """Last request without conditions, whose answer was read even if its hash was known."""
    moved_to: str = stored(KEYWORD, default="")
    """Target of a permanent redirect from its URL."""
    moved_since: datetime | None = stored(DATE, default=None)
    """When that redirect was first seen."""
    moved_times: int = stored(COUNT, default=0)
    """How often in a row it has been seen."""
    gone_since: datetime | None = stored(DATE, default=None)
    """When it first answered 410, if it has listed nothing since."""
    gone: bool = stored(YES_NO, default=False)
    """Gone for good: not polled until it is added again."""
    quiet_since: datetime | None = stored(DATE, default=None)
    """When its newest entry was published, if it has been silent for long, measured by its own rhythm."""
    rhythm: Rhythm = stored(OPAQUE, default=Rhythm())
    """How often it publishes, and at which hours."""

    def waits_for(self, now: datetime) -> str:
        """Return why its source is not polled yet, though it should be; '' if nothing is in its way."""
        return self.put_off if self.due_at and self.due_at > now else ""
