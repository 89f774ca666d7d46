"""The day a text names: Gregorian, Hijri (Umm al-Qura), or both, which must agree."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from hijridate import Hijri

from ingest.dates.words import EPITHETS, HIJRI_MONTHS, MONTHS, ORDINALS, WEEKDAYS, WEEKDAYS_EN, either

SIGHTING: Final = timedelta(days=2)
"""How far a Hijri date may be from its Gregorian counterpart: countries that sight the moon differ from Umm al-Qura."""
_NAMES = "|".join(MONTHS)
_HIJRI = "|".join(HIJRI_MONTHS)
_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d(?!\d?:\d\d))"
"""The time may follow the year without a space: «23/11/202610:30»."""
_HIJRI_YEAR = r"(?P<y>1[34]\d\d)(?!\d)"
_DAY = r"(?:(?<![\d:])(?P<d>\d\d?)(?:st|nd|rd|th|er)?|(?P<ordinal>" + either(ORDINALS) + r")(?=\sمن\s))"
_CLOCK_DAY = r"(?:(?<=:\d\d-)(?P<d>\d\d?))"
_BEFORE = r"(?<![^\W\d])"
_AFTER = r"(?![^\W\d])"
_TWIN = rf"(?:(?:\s?[/(\-\[,]\s?|\s)(?P<twin>{_NAMES})(?!\w)\s?[)\]]?)?"
_MONTH = rf"{_BEFORE}(?P<m>{_NAMES}){_AFTER}\.?{_TWIN}"
_GAP = r"[\s,/\-.]{0,3}(?:(?:من|of)\s)?(?:(?:شهر|عام|سنه)\s)?"
GREGORIAN: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?(?P<s>[-/.])\s?(?P<m>\d\d?)\s?(?P=s)\s?(?P<d>\d\d?)(?!\d)",
        r"(?<![\d./-])(?P<d>\d\d?)\s?(?P<s>[-/.])\s?(?P<m>\d\d?)\s?(?P=s)\s?" + _YEAR,
        _DAY + _GAP + _MONTH + _GAP + _YEAR,
        rf"{_MONTH}\s(?P<d>\d\d?)(?:st|nd|rd|th)?[\s,]{{1,3}}{_YEAR}",
        rf"{_MONTH}\s(?P<d>\d\d?)(?=\s\d\d:\d\d:\d\d\s(?:[a-z]{{2,5}}\s)?{_YEAR})",
    )
)
"""ISO 8601 (also with slashes), day-first figures, a month name after or before the day, asctime."""
YEAR_FIRST: Final = (re.compile(rf"{_YEAR}{_GAP}{_MONTH}[\s/-](?P<d>\d\d?)(?![\d:])"),)
"""«2026 Nov 23», as scholarly metadata has it; tried last, for another day may follow a whole date."""
FIGURES: Final = GREGORIAN[1]
MONTHS_A_YEAR: Final = 12
HIJRI: Final = tuple(
    re.compile(pattern)
    for pattern in (
        _DAY + _GAP + rf"{_BEFORE}(?P<hm>{_HIJRI})(?:\s(?:{EPITHETS}))?{_AFTER}" + _GAP + _HIJRI_YEAR,
        r"(?<!\d)(?P<y>1[34]\d\d)\s?(?P<s>[-/.])\s?(?P<m>\d\d?)\s?(?P=s)\s?(?P<d>\d\d?)(?!\d)",
        r"(?<![\d./-])(?P<d>\d\d?)\s?(?P<s>[-/.])\s?(?P<m>\d\d?)\s?(?P=s)\s?" + _HIJRI_YEAR,
    )
)
IN_HIJRI: Final = re.compile(r"(?<!\d)1[34]\d\d(?!\d)")
RANGE: Final = re.compile(r"(?<![\d:])\d\d?\s?(?:-|(?<=\s)و|الي\s|حتي\s|to\s)\s?$")
"""What precedes the last day of a range: «20-22 نوفمبر», «بين 20 و22»."""


@dataclass(frozen=True, slots=True)
class Found:
    """A day, and what the text says besides."""

    day: date
    rest: str


def day_of(text: str, *, month_first: bool = False) -> Found | None:
    """Return the one day that a folded text names, None when it names none, several, or contradicts itself.

    `month_first` reads 3/4/2026 as the fourth of March. Raises ValueError where a figure is no day or month.
    """
    western = _matches(GREGORIAN, text) or _matches(YEAR_FIRST, text)
    hijri = _matches(HIJRI, text) if IN_HIJRI.search(text) else []
    if any(RANGE.search(text[: match.start()]) for match in western if match.groupdict().get("m", "").isalpha()):
        return None
    days = {_gregorian(match, month_first=month_first) for match in western} or {_umm_al_qura(match) for match in hijri}
    if len(days) != 1 or not (day := days.pop()) or not _weekday_fits(text, day):
        return None
    if western and any(abs(_umm_al_qura(match) - day) > SIGHTING for match in hijri):
        return None
    return Found(day, _without(text, [*western, *hijri]))


def _matches(patterns: tuple[re.Pattern[str], ...], text: str) -> list[re.Match[str]]:
    return [match for pattern in patterns for match in pattern.finditer(text)]


def _gregorian(match: re.Match[str], *, month_first: bool) -> date | None:
    """Return the day of a match, None when its two month names differ. Raises ValueError for an impossible day."""
    parts = match.groupdict()
    month, twin = (_month(parts[name]) if parts.get(name) else None for name in ("m", "twin"))
    if month is None or twin not in (None, month):
        return None
    day = _number(match)
    if month_first and match.re is FIGURES and day <= MONTHS_A_YEAR:
        day, month = month, day
    return date(int(parts["y"]), month, day)


def _umm_al_qura(match: re.Match[str]) -> date:
    """Return the day of a Hijri match by the calendar of Umm al-Qura, 1343-1500. Raises ValueError outside."""
    parts = match.groupdict()
    month = _index(HIJRI_MONTHS, parts["hm"]) if parts.get("hm") else int(parts["m"])
    try:
        return date(*Hijri(int(parts["y"]), month, _number(match)).to_gregorian().datetuple())
    except OverflowError as error:  # the library's name for years it does not know
        raise ValueError(match[0]) from error


def _number(match: re.Match[str]) -> int:
    parts = match.groupdict()
    return ORDINALS[parts["ordinal"]] if parts.get("ordinal") else int(parts["d"])


def _month(name: str) -> int:
    return int(name) if name.isdigit() else _index(MONTHS, name)


@lru_cache(maxsize=256)
def _index(months: tuple[str, ...], name: str) -> int:
    return next(number for number, names in enumerate(months, 1) if re.fullmatch(names, name))


def _weekday_fits(text: str, day: date) -> bool:
    words = set(re.findall(r"[^\W\d]+", text))
    named = {index for names in (WEEKDAYS, WEEKDAYS_EN) for index, name in enumerate(names) if name in words}
    return len(named) != 1 or day.weekday() in named


def _without(text: str, matches: list[re.Match[str]]) -> str:
    for match in sorted(matches, key=lambda match: match.start(), reverse=True):
        text = f"{text[: match.start()]} {text[match.end() :]}"
    return text
