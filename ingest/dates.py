"""Dates as Arabic pages write them: Gulf, Levantine and Maghrebi months, three kinds of digits, «منذ 3 ساعات».

A wrong date is worse than none: nothing is filled in (no first of January for a bare year), contradictions (a weekday
that does not fit, two dates in one text) give None, and so does a Hijri date without its Gregorian twin.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from datetime import timezone as fixed_zone
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from ingest.date_words import DAY_S, DAYS_AGO, HALVES, MONTHS, UNITS, WEEKDAYS, ZONES

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""No news page is older; scanned archives that are need a rule of their own."""
AHEAD: Final = timedelta(hours=48)
"""How far ahead of `now` a page may be dated: for zones and careless clocks, not for next week's match."""
LONGEST: Final = 160
"""Characters; longer text is prose that mentions a date, not a date."""

HALF_DAY: Final = 12
UTMOST: Final = timedelta(hours=14)
"""Kiribati's offset, the widest there is."""

_NAMES = "|".join(MONTHS)
_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th)?"
_MONTH = rf"(?<![^\W\d])(?P<m>{_NAMES})(?![^\W\d])\.?(?:\s?[/(\-]\s?(?P<twin>{_NAMES})(?!\w)\s?\)?)?"
_GAP = r"[\s,/\-]{0,3}(?:من\s)?(?:(?:عام|سنه)\s)?"
DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)(?!\d)",
        r"(?<![\d./-])(?P<d>\d\d?)\s?(?P<s>[-/.])\s?(?P<m>\d\d?)\s?(?P=s)\s?" + _YEAR,
        _DAY + _GAP + _MONTH + _GAP + _YEAR,
        rf"{_MONTH}\s{_DAY}[\s,]{{1,3}}{_YEAR}",
        rf"{_MONTH}\s{_DAY}(?=\s\d\d:\d\d:\d\d\s(?:[a-z]{{3,4}}\s)?{_YEAR})",
    )
)
"""ISO 8601 and its slashed kin, figures day first, a month's name after or before the day, asctime."""
CLOCK: Final = re.compile(
    r"(?<![\d:])(?P<h>\d\d?)\s?[:h]\s?(?P<min>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?(?!\d)"
    rf"\s?(?:(?P<half>{'|'.join(HALVES)})(?!\w))?"
    rf"[\s(]{{0,2}}(?:(?P<zone>{'|'.join(ZONES)})(?![^\W\d_])|ب?توقيت\s(?P<city>\w+))?"
    r"\s?(?P<offset>[+-]\d\d?(?::?\d\d)?(?![\d/.-]))?"
)
OFFSET: Final = re.compile(r"([+-])(\d\d?):?(\d\d)?")
SOME: Final = rf"(?:(\d{{1,4}})\s)?({'|'.join(UNITS)})(?!\w)(?:\sواحده?)?"
AGO: Final = re.compile(rf"(?:منذ|قبل)\s(?:حوالي\s|نحو\s)?({SOME}(?:\sو\s?{SOME})?)")
LABELS: Final = re.compile(r"^(?:(?:تم|اخر|تاريخ|وقت|(?:ال)?نشر|(?:ال)?تحديث|في|[:|\-])\s?)+")
NAMED_DAY: Final = re.compile(rf"({'|'.join(DAYS_AGO)})(?!\w)\W*(?:(?:علي\s)?الساعه\W*)?(.*)")
FOLD: Final = str.maketrans("أإآٱىیکة،؛–—|", "ااااييكه,,-- ", "ـ")


@dataclass(frozen=True, slots=True)
class When:
    """A moment, and how much of it was written."""

    at: datetime
    """In UTC. Of a day: its midnight in the zone that the text or the source names."""
    precision: Literal["second", "minute", "day"]


def parse_date(text: str, timezone: str = "UTC", now: datetime | None = None) -> When | None:
    """Return what a date says, or None when it says nothing certain.

    `timezone` (IANA) is what it means when it names no zone; `now` (aware) is what «منذ» and «أمس» count from, and
    bounds the result: 1990 to 48 hours ahead.
    """
    folded = _fold(text)
    if not folded or len(folded) > LONGEST:
        return None
    zone = ZoneInfo(timezone)
    try:
        when = _absolute(folded, zone) or (now and _relative(LABELS.sub("", folded), now.astimezone(zone)))
    except (ValueError, OverflowError):  # 31 February, 25:61, year 0
        return None
    if not when or when.at < EARLIEST or (now and when.at > now + AHEAD):
        return None
    return when


def _fold(text: str) -> str:
    """Return the text with one spelling for each letter, digit and dash, without marks, in lower case."""
    plain = unicodedata.normalize("NFKC", text).translate(FOLD).lower()
    kept = (char for char in plain if unicodedata.category(char) not in ("Mn", "Cf", "Cc") or char.isspace())
    figures = (str(unicodedata.digit(char)) if char.isdigit() else char for char in kept)
    return " ".join("".join(figures).split())


def _absolute(text: str, zone: tzinfo) -> When | None:
    matches = [match for pattern in DATES for match in pattern.finditer(text)]
    days = {_day(match) for match in matches}
    if len(days) != 1 or not (day := days.pop()) or not _weekday_fits(text, day):
        return None
    return _at(day, _without(text, matches), zone)


def _day(match: re.Match[str]) -> date | None:
    """Return the day of a match, None when its two month names differ. Raises ValueError for a day that is none."""
    parts = match.groupdict()
    month, twin = (_month(parts[name]) if parts.get(name) else None for name in ("m", "twin"))
    if month is None or twin not in (None, month):
        return None
    return date(int(parts["y"]), month, int(parts["d"]))


@lru_cache(maxsize=256)
def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    return next(number for number, names in enumerate(MONTHS, 1) if re.fullmatch(names, name))


def _weekday_fits(text: str, day: date) -> bool:
    named = {WEEKDAYS.index(word) for word in re.findall(r"\w+", text) if word in WEEKDAYS}
    return len(named) != 1 or day.weekday() in named


def _without(text: str, matches: list[re.Match[str]]) -> str:
    for match in sorted(matches, key=lambda match: match.start(), reverse=True):
        text = f"{text[: match.start()]} {text[match.end() :]}"
    return text


def _at(day: date, rest: str, zone: tzinfo) -> When:
    """Return the day with the clock time in `rest`, if there is exactly one."""
    clocks = {(_time(match), _zone(match, zone)): match for match in CLOCK.finditer(re.sub(r"^\W*t(?=\d)", "", rest))}
    (moment, own), match = clocks.popitem() if len(clocks) == 1 else ((time(), zone), None)
    if not match or not own:
        return When(datetime.combine(day, time(), zone).astimezone(UTC), "day")
    return When(datetime.combine(day, moment, own).astimezone(UTC), "second" if match["s"] else "minute")


def _time(match: re.Match[str]) -> time:
    """Return the clock time of a match. Raises ValueError where there is no such time, as 25:61 or 14:30 ص."""
    written, start = int(match["h"]), HALVES.get(match["half"])
    hour = written if start is None else ((written - start) % HALF_DAY + start) % (2 * HALF_DAY)
    if written > HALF_DAY and hour != written:
        raise ValueError(match[0])
    return time(hour, int(match["min"]), int(match["s"] or 0))


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


def _relative(text: str, now: datetime) -> When | None:
    """Return what «منذ …» or a named day means, counted from local time `now`."""
    if match := AGO.fullmatch(text):
        return _ago(re.findall(SOME, match[1]), now)
    match = NAMED_DAY.fullmatch(text)
    if not match or (match[2] and not CLOCK.fullmatch(match[2])):
        return None
    return _at(now.date() - timedelta(days=DAYS_AGO[match[1]]), match[2], now.tzinfo or UTC)


def _ago(amounts: list[tuple[str, str]], now: datetime) -> When:
    """Return the minute that many minutes or hours ago, or the day that many days ago."""
    past = now - timedelta(seconds=sum(int(count or 1) * UNITS[unit] for count, unit in amounts))
    if any(UNITS[unit] >= DAY_S for _, unit in amounts):
        return _at(past.date(), "", now.tzinfo or UTC)
    return When(past.astimezone(UTC).replace(second=0, microsecond=0), "minute")
