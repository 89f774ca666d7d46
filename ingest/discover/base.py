"""What reading a source's page brings."""

from dataclasses import dataclass

from ingest.model import Entry


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of a page, in its order, and what could not be read of it."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()
    """Sentences for the source's health record; an empty tuple for a page without fault."""
    ttl_s: int | None = None
    """Seconds for which the feed says that it need not be asked again (RSS `ttl`, `sy:updatePeriod`)."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day, GMT, 0-23, in which the feed says it is not written (RSS `skipHours`)."""
    skip_days: tuple[str, ...] = ()
    """Days of the week, GMT, in lower case English as `friday`, likewise (RSS `skipDays`)."""
