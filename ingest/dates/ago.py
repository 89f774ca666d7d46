"""Dates relative to now: «منذ 3 ساعات», «يومين مضت», «أمس الساعة 10:30 مساءً»."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from ingest.dates.time_of_day import CLOCKS, When, at
from ingest.dates.words import COUNTS, DAY_S, DAYS_AGO, UNITS, WEEKDAYS, either

_SOME = rf"(?:(\d{{1,4}}|{either(COUNTS)})\s)?({either(UNITS)})(?!\w)(?:\sواحده?)?"
_AMOUNT = rf"(?:حوالي\s|نحو\s)?({_SOME}(?:\sو\s?{_SOME})?)"
SOME: Final = re.compile(_SOME)
AGO: Final = re.compile(rf"(?:منذ|قبل)\s{_AMOUNT}|{_AMOUNT}\s(?:مضت|مضي)")
LABELS: Final = re.compile(r"^(?:(?:تم|اخر|تاريخ|وقت|(?:ال)?نشر|(?:ال)?تحديث|في|[:|\-])\s?)+")
NAMED_DAY: Final = re.compile(
    rf"({either(DAYS_AGO)})(?!\w)(?:\s({'|'.join(WEEKDAYS)}))?\W*(?:(?:في|علي|عند|تمام|بتمام)\s)*(?:الساعه\W*)?(.*)"
)


def ago(text: str, now: datetime) -> When | None:
    """Return what «منذ …» or a named day means in a folded text, counted from local time `now`."""
    text = LABELS.sub("", text)
    if text == "الان":
        return _minute(now)
    if match := AGO.fullmatch(text):
        return _before(SOME.findall(match[0]), now)
    match = NAMED_DAY.fullmatch(text)
    if not match or (match[3] and not any(pattern.fullmatch(match[3]) for pattern in CLOCKS)):
        return None
    day = now.date() - timedelta(days=DAYS_AGO[match[1]])
    if match[2] and WEEKDAYS[day.weekday()] != match[2]:
        return None
    return at(day, match[3], now.tzinfo or UTC)


def _before(amounts: list[tuple[str, str]], now: datetime) -> When:
    """Return the minute that many minutes or hours ago, or the day that many days ago."""
    seconds = sum((COUNTS.get(count) or int(count or 1)) * UNITS[unit] for count, unit in amounts)
    past = now - timedelta(seconds=seconds)
    if any(UNITS[unit] >= DAY_S for _, unit in amounts):
        return at(past.date(), "", now.tzinfo or UTC)
    return _minute(past)


def _minute(moment: datetime) -> When:
    return When(moment.replace(second=0, microsecond=0), "minute")
