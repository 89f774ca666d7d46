"""A source's rhythm: how often it publishes in each hour of the day, and when to poll it next.

A poll is due when the urge to ask has grown to 1. It grows with the square root of the rate of publishing, since that
spends a number of requests with the least delay (Sia, Cho, Cho: Efficient Monitoring Algorithm for Fast News Alerts,
IEEE TKDE 2007). For an even rate it gives a pause of `PATIENCE * sqrt(least pause * gap between entries)`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf, sqrt
from typing import Final

HOURS: Final = 24
DAY_S: Final = 86_400
PATIENCE: Final = 1.25
"""Chosen on `benchmarks/polling.py`: less than half the delay of hourly polling, for no more requests."""
MEMORY_DAYS: Final = 7.0
"""Half-life of observations: a week contains the rhythm of every day once."""
FIRST_LOOK: Final = timedelta(days=14)
"""How far back a listing counts as complete; older entries say nothing about today."""
ZONES: Final = timedelta(hours=14)
"""An entry may be so far ahead, where local time is called GMT: it is new once, and not at each poll until then."""
DOUBT: Final = 1.0
"""Days for which an hour must be observed until its own rate weighs as much as the whole day's."""
SUPPOSED: Final = (0.1, 2.4)
"""Prior for an unknown source, as days and the entries in them: one an hour."""
OVERLAP: Final = 0.5
"""Share of a listing that may be new at the next poll; the overlap shows that nothing was missed."""
QUIET_GAPS: Final = 3.0
QUIET_AT_LEAST: Final = timedelta(days=2)
"""A source is quiet after three of its usual gaps, but at least two days: a weekend is not silence."""
HALF: Final = 0.5
"""Of the entry that has just come: counted whole, a slow source seems fast, and not at all, slow."""
JITTER: Final = 0.1
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What was observed of a source, older days counting less; hours are in GMT."""

    entries: tuple[float, ...] = (0.0,) * HOURS
    """Entries published in each hour of the day."""
    days: tuple[float, ...] = (0.0,) * HOURS
    """Days on which each hour was observed."""
    until: datetime | None = None
    """When the source was last listed; None = never."""
    newest_at: datetime | None = None
    """When the newest entry was published, as it says."""
    quiet: bool = False
    """Whether it has been silent for long, measured by its own rhythm."""
    usual_s: float = 0.0
    """The usual seconds between two entries when it last published; silence makes the gap longer."""
    hint_s: int = 0
    """Minimum pause that the last listing asked for: the longer of ttl and max-age."""
    skip_hours: tuple[int, ...] = ()
    """Hours in which its feed says that it is not written."""
    skip_days: tuple[str, ...] = ()
    """Days of the week, likewise."""
    window: int = 0
    """Entries of the last listing; 0 = none, or not known."""

    @property
    def gap_s(self) -> float:
        """The usual seconds between two entries, over the whole day."""
        return 3600 / self._mean

    def rate(self, hour: int) -> float:
        """Return the entries to expect in an hour of the day, from it and its neighbours, shrunk towards the mean."""
        near = ((hour - 1) % HOURS, hour, hour, (hour + 1) % HOURS)
        seen, days = sum(self.entries[h] for h in near) / 4, sum(self.days[h] for h in near) / 4
        return (seen + DOUBT * self._mean) / (days + DOUBT)

    @property
    def _mean(self) -> float:
        days, entries = SUPPOSED
        return (sum(self.entries) + entries) / (sum(self.days) + HOURS * days)


def watched(rhythm: Rhythm, published: Iterable[datetime], now: datetime) -> Rhythm:
    """Return the rhythm after a listing: observed until now, with the times of its new entries."""
    rhythm, published = believed(rhythm, now), list(published)
    times = [min(at, now) for at in published if at >= now - FIRST_LOOK]
    since = max(rhythm.until or now, now - FIRST_LOOK)
    if not any(rhythm.days):
        since = min((since, *times))
    fade = 0.5 ** ((now - since).total_seconds() / DAY_S / MEMORY_DAYS)
    entries, days = [n * fade for n in rhythm.entries], [n * fade for n in rhythm.days]
    for at in times:
        entries[at.hour] += 1
    for start, end in _hours(since, now):
        days[start.hour] += (end - start).total_seconds() / 3600
    written = [at if at <= now + ZONES else now for at in published if at >= now - FIRST_LOOK]
    newest = max((*written, *filter(None, [rhythm.newest_at])), default=None)
    after = replace(rhythm, entries=tuple(entries), days=tuple(days), until=now, newest_at=newest)
    if times:
        return replace(after, quiet=False, usual_s=3600 * sum(days) / (sum(entries) - HALF))
    return replace(after, quiet=rhythm.quiet or _silent(after, now))


def believed(rhythm: Rhythm, now: datetime) -> Rhythm:
    """Return a rhythm without moments to come: what the last listing noted while the clock was ahead."""
    until, newest = rhythm.until, rhythm.newest_at
    return replace(
        rhythm,
        until=min(until, now) if until else None,
        newest_at=now if newest and newest > now + ZONES else newest,
    )


def next_at(rhythm: Rhythm, least_s: float, now: datetime, jitter: float) -> datetime:
    """Return when to poll a source again: after at least `least_s`, at most a day, and not in its declared off-hours.

    `jitter` in [0, 1) spreads sources that were added together.
    """
    least = max(least_s, min(rhythm.hint_s, DAY_S))
    pause = max((_ripe(rhythm, least_s, now) - now).total_seconds(), least)
    at = now + timedelta(seconds=max(pause * (1 + JITTER * (2 * jitter - 1)), least))
    asleep = (hour for hour, _ in _hours(at, at + timedelta(days=7)) if not _sleeps(rhythm, hour))
    return next(asleep, at)


def _ripe(rhythm: Rhythm, least_s: float, now: datetime) -> datetime:
    """Return when the urge to poll reaches 1, or half of the listing may be new; at most a day ahead."""
    urge = expected = 0.0
    for start, end in _hours(now, now + timedelta(days=1)):
        per_s = rhythm.rate(start.hour) / 3600
        faster, room = sqrt(per_s / least_s) / PATIENCE, (rhythm.window or inf) * OVERLAP
        left = min((1 - urge) / faster, (room - expected) / per_s)
        if left <= (end - start).total_seconds():
            return start + timedelta(seconds=left)
        urge += faster * (end - start).total_seconds()
        expected += per_s * (end - start).total_seconds()
    return now + timedelta(days=1)


def _silent(rhythm: Rhythm, now: datetime) -> bool:
    if rhythm.newest_at is None:
        return False
    usual_s = rhythm.usual_s or rhythm.gap_s  # a rhythm of an earlier version has none
    return now - rhythm.newest_at > max(timedelta(seconds=QUIET_GAPS * usual_s), QUIET_AT_LEAST)


def _sleeps(rhythm: Rhythm, at: datetime) -> bool:
    return at.hour in rhythm.skip_hours or WEEKDAYS[at.weekday()] in rhythm.skip_days


def _hours(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Split a span of time at full hours."""
    while start < end:
        stop = min(start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), end)
        yield start, stop
        start = stop
