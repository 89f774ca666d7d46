"""The time of day in a text, and its zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from datetime import timezone as fixed_zone
from typing import Final, Literal
from zoneinfo import ZoneInfo

from ingest.dates.words import HALVES, ZONES, either

HALF_DAY: Final = 12
UTMOST: Final = timedelta(hours=14)
"""Kiribati's offset, the largest there is."""
_LONG_HALF = "صباحا|فجرا|قبل الظهر|ظهرا|مساءا|مساء|عصرا|بعد الظهر|ليلا|am|pm"
_ZONE = (
    rf"[\s(]{{0,2}}(?:(?:ب?توقيت\s)?(?P<zone>{either(ZONES)})(?![^\W\d_])|ب?توقيت\s(?P<city>\w+))?"
    r"[\s(]{0,2}(?P<offset>[+-]\d\d?(?::?\d\d)?(?![\d/.-]))?"
)
CLOCKS: Final = tuple(
    re.compile(pattern + rf"\s?(?:(?P<half>{either(HALVES)})(?!\w))?{_ZONE}")
    for pattern in (
        r"(?<![\d:])(?P<h>\d\d?)\s?[:h]\s?(?P<min>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?(?!\d)",
        r"الساعه\s(?P<h>\d\d?)\sو\s?(?P<min>\d\d?)\s(?:دقيقه|دقائق)",
        r"الساعه\s(?P<h>\d\d?)(?=\s(?:ص|م)(?!\w))",
        rf"(?<![\d:/.-])(?P<h>\d\d?)(?=\s?(?:{_LONG_HALF})(?!\w))",
    )
)
"""10:30, 10h30, «الساعة 14 و05 دقيقة», «الساعة 9 م», «9 صباحا»; then its half of the day, then its zone."""
ISO: Final = re.compile(
    r"(?P<at>(?:19|20)\d\d-\d\d-\d\d[t ]\d\d:\d\d(?P<s>:\d\d)?)(?:\.\d+)?\s?(?:(?P<utc>z)|(?P<offset>[+-]\d\d:?\d\d))?"
)
OFFSET: Final = re.compile(r"([+-])(\d\d?):?(\d\d)?")


@dataclass(frozen=True, slots=True)
class When:
    """A moment, and how much of it was written."""

    at: datetime
    """In the zone that the text or the source names, so that the day is as written; midnight if no time is known."""
    precision: Literal["second", "minute", "day"]


def iso(text: str, zone: tzinfo) -> When | None:
    """Return the moment of a folded text in plain ISO 8601, as machines write it: ten times faster than the rest."""
    if not (match := ISO.fullmatch(text)):
        return None
    own = UTC if match["utc"] else _offset(match["offset"]) if match["offset"] else zone
    return When(datetime.fromisoformat(match["at"]).replace(tzinfo=own), "second" if match["s"] else "minute")


def at(day: date, rest: str, zone: tzinfo) -> When:
    """Return the day with the time in `rest`, if there is exactly one; two zones may give the same one."""
    clock = re.sub(r"^\W*t(?=\d)", "", rest)
    matches = next((found for pattern in CLOCKS if (found := list(pattern.finditer(clock)))), [])
    moments = [_moment(day, match, zone) for match in matches]
    if len(set(moments)) != 1 or not (moment := moments[0]):
        return When(datetime.combine(day, time(), zone), "day")
    return When(moment, "second" if matches[0].groupdict().get("s") else "minute")


def _moment(day: date, match: re.Match[str], zone: tzinfo) -> datetime | None:
    own = _zone(match, zone)
    return datetime.combine(day, _time(match), own) if own else None


def _time(match: re.Match[str]) -> time:
    """Return the clock time of a match. Raises ValueError where there is no such time, as 25:61 or 14:30 ص."""
    parts = match.groupdict()
    written, start = int(parts["h"]), HALVES.get(parts["half"])
    hour = written if start is None else ((written - start) % HALF_DAY + start) % (2 * HALF_DAY)
    if written > HALF_DAY and hour != written:
        raise ValueError(match[0])
    return time(hour, int(parts.get("min") or 0), int(parts.get("s") or 0))


def _zone(match: re.Match[str], own: tzinfo) -> tzinfo | None:
    """Return the zone a clock time names, the source's where it names none, None for one we do not know."""
    if match["offset"]:
        return _offset(match["offset"])
    name = match["zone"] or match["city"]
    if not name or name == "المحلي":
        return own
    if not (known := ZONES.get(name)):
        return None
    return _offset(known) if known[0] in "+-" else ZoneInfo(known)


def _offset(text: str) -> tzinfo:
    sign, hours, minutes = OFFSET.findall(text)[0]
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > UTMOST:
        raise ValueError(text)
    return fixed_zone(-offset if sign == "-" else offset)
