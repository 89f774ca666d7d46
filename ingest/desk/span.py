"""A span of time as a search's address names it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from ingest.errors import Permanent
from ingest.since import since as moment

LAST_YEAR: Final = 9000
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Span:
    """From a time on, and up to another; None = without a bound."""

    start: datetime | None = None
    end: datetime | None = None
    """The first moment that is no longer in it."""

    @property
    def seconds(self) -> float | None:
        """Its length, where it has one."""
        return (self.end - self.start).total_seconds() if self.start and self.end else None


def span(since: str, until: str, now: datetime, zone: tzinfo) -> Span:
    """Return the span from `since` to `until`: days of a zone, times, `7d`, `أمس`. Raises Permanent (`bad_date`).

    The last day belongs to it. Turned around, it is the same span.
    """
    start, end = _bound(since, now, zone), _bound(until, now, zone)
    if start and end and end < start:
        return span(until, since, now, zone)
    return Span(start, end + timedelta(days=1) if end and _DAY.fullmatch(until) else end)


def _bound(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    if not text:
        return None
    if not text[:4].isdecimal() or "-" not in text:
        at = moment(text, now, zone)
        return at.replace(second=0, microsecond=0)  # the same for a minute: Elasticsearch may remember
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Permanent("bad_date", f"{text!r} is no date") from error
    if found.year > LAST_YEAR:
        raise Permanent("bad_date", f"{text!r} is beyond the calendar")
    return found if found.tzinfo else found.replace(tzinfo=zone)
