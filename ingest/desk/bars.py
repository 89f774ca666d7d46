"""The histogram beside a search: hours, days, months or years, as many bars as a picture can show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal

from ingest.desk.span import Span

Unit = Literal["hour", "day", "month"]
Step = Literal["hour", "day", "month", "year"]
MOST: Final = 72
"""Bars of a picture; narrower ones cannot be told apart on a phone."""
HOURS: Final = 3 * 86_400
DAYS: Final = MOST * 86_400


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: from when to when, as an address writes it, and how many articles."""

    since: str
    until: str
    articles: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars without gaps, the earliest first."""

    step: Step
    bars: tuple[Bar, ...]

    @property
    def highest(self) -> int:
        """The articles of the highest bar."""
        return max((bar.articles for bar in self.bars), default=0)


def units(within: Span) -> tuple[Unit, ...]:
    """Return what Elasticsearch is asked to count by: of a span without bounds nobody knows yet how long it is."""
    if within.seconds is None:
        return ("day", "month")
    return ("hour",) if within.seconds <= HOURS else ("day",) if within.seconds <= DAYS else ("day", "month")


def fits(unit: Unit, counts: int) -> bool:
    """Return whether so many counts may become bars: a day may come twice, and months become years."""
    return unit == "month" or counts <= 2 * MOST


def bars(counts: Mapping[Unit, Sequence[tuple[datetime, int]]], zone: tzinfo) -> Bars:
    """Return the picture of the finest counts that fit into it; of too many years the last ones."""
    for unit in ("hour", "day", "month"):
        found = counts.get(unit)
        if found and (whole := _filled(unit, _summed(unit, found, zone), zone)):
            return whole
    return _filled("year", _summed("year", counts.get("month", ()), zone), zone) or Bars("year", ())


def _summed(step: Step, counts: Sequence[tuple[datetime, int]], zone: tzinfo) -> dict[datetime, int]:
    """Return the counts by the beginning that a clock shows: a day that has no midnight (Cairo, Beirut) has one here.

    An hour that comes twice is one.
    """
    found: dict[datetime, int] = {}
    for at, n in counts:
        first = _first(step, at.astimezone(zone), zone)
        found[first] = found.get(first, 0) + n
    return found


def _first(step: Step, at: datetime, zone: tzinfo) -> datetime:
    if step == "hour":
        return at.replace(minute=0, second=0, microsecond=0, fold=0)
    month = 1 if step == "year" else at.month
    return datetime(at.year, month, at.day if step == "day" else 1, tzinfo=zone)


def _filled(step: Step, counts: Mapping[datetime, int], zone: tzinfo) -> Bars | None:
    """Return the bars with those of no article between them; None if they are too many. Of years, the last ones."""
    at, last, made = min(counts, default=None), max(counts, default=None), list[Bar]()
    while at is not None and last is not None and at <= last:
        if len(made) == MOST and step != "year":
            return None
        after = _next(step, at, zone)
        made.append(Bar(_start(step, at), _end(step, at, after), counts.get(at, 0), at))
        at = after
    return Bars(step, tuple(made[-MOST:]))


def _next(step: Step, at: datetime, zone: tzinfo) -> datetime:
    if step == "hour":
        return at + timedelta(hours=1)
    day = at.date()
    if step == "day":
        return datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
    first = date(day.year + 1, 1, 1) if step == "year" or day.month == 12 else date(day.year, day.month + 1, 1)  # noqa: PLR2004  # December
    return datetime.combine(first, datetime.min.time(), zone)


def _start(step: Step, at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}" if step == "hour" else f"{at:%Y-%m-%d}"


def _end(step: Step, at: datetime, after: datetime) -> str:
    return (
        f"{after:%Y-%m-%dT%H:%M}"
        if step == "hour"
        else f"{at if step == 'day' else after - timedelta(days=1):%Y-%m-%d}"
    )
