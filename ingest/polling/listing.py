"""What reading a source's page brings."""

from dataclasses import dataclass
from datetime import datetime

from ingest.model import Entry


@dataclass(frozen=True, slots=True)
class Further:
    """Another listing that a listing names: a part of a sitemap, an older page, a place where news may be listed."""

    url: str
    """Its address."""
    kind: str = ""
    """How to read it; empty = like the listing that names it."""
    why: str = ""
    """Why it is a candidate, as a clause for people to read."""
    changed_at: datetime | None = None
    """When it last changed, as the listing says."""
    older: bool = False
    """Whether it continues the listing into the past, which ends at the first page without news."""
    rank: int = 0
    """Lower is read first."""
    hops: int = 0
    """Redirects to other hosts that have led here, and whether all were for good."""
    moved: bool = False
    """Whether only permanent redirects led here."""
    depth: int = 0
    """How many listings lie between it and the source's own address."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of a page, in its order, and what could not be read of it."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()
    """What was wrong with the page, in sentences for people."""
    further: tuple[Further, ...] = ()
    """Further listings to read, the most promising first."""
    ttl_s: int | None = None
    """Seconds for which the feed asks not to be polled again (RSS `ttl`, `sy:updatePeriod`)."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day, GMT, 0-23, in which the feed is not updated (RSS `skipHours`)."""
    skip_days: tuple[str, ...] = ()
    """Days of the week, GMT, in lower-case English (`friday`), likewise (RSS `skipDays`)."""
    self_url: str = ""
    """Where the feed says it lives (`rel=self`)."""
    hub_url: str = ""
    """Where the feed says it can be subscribed to (WebSub, `rel=hub`)."""
