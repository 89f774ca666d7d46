"""Dates as Arabic pages write them: Gulf, Levantine and Maghrebi months, Hijri, three kinds of digits, «منذ 3 ساعات».

A wrong date is worse than none: nothing is filled in (no first of January for a bare year), contradictions (a weekday
that does not fit, two dates in one text, a Hijri date that is another day) give None.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ingest.dates.ago import ago
from ingest.dates.day import day_of
from ingest.dates.time_of_day import When, at, iso
from ingest.dates.words import fold

__all__ = ["AHEAD", "EARLIEST", "When", "parse_date"]

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""No news page is older; scanned archives would need a rule of their own."""
AHEAD: Final = timedelta(hours=48)
"""How far ahead of `now` a page may be dated: for zones and careless clocks, not for next week's match."""
LONGEST: Final = 160
"""Characters; longer text is prose that mentions a date, not a date."""
NAMED: Final = re.compile(r"(?:1[34]|19|20)\d\d|منذ|قبل|مض[تي]|امس|اليوم|البارحه|الان")
"""Every date has a year or one of these words."""
AMERICAN: Final = re.compile(r"\d\d?/\d\d?/\d{4} \d\d?:\d\d:\d\d [ap]m")
""".NET's format of en-US, in pages of any language: 5/3/2024 2:30:00 PM."""
_PUBLISHED = r"(?<!\w)(?:(?:تم ال|ال)?نشرت?(?!\w)|تاريخ|published|posted)"
_CHANGED = r"(?<!\w)(?:اخر تحديث|تم ال?تحديث|تحديث|محدث|عدل|حدث|(?:last )?(?:updated|modified))(?!\w)"
CHANGE: Final = re.compile(rf"\(\s?{_CHANGED}[^)]*\)|{_CHANGED}.*?(?={_PUBLISHED}|$)")
"""The part of a text that gives the time of the last change."""


def parse_date(
    text: str, timezone: str = "UTC", now: datetime | None = None, *, month_first: bool = False
) -> When | None:
    """Return the moment that a date names, or None if it is uncertain.

    `timezone` (IANA) is what it means when it names no zone; `now` (aware) is what «منذ» and «أمس» count from, and
    bounds the result: 1990 to 48 hours ahead. Of two dates, the one that is not labelled as the last change counts.
    `month_first` is the American order of figures.
    """
    folded = fold(text[: 2 * LONGEST])
    if not folded or len(folded) > LONGEST or not NAMED.search(folded):
        return None
    zone = ZoneInfo(timezone)
    month_first = month_first or bool(AMERICAN.fullmatch(folded))
    try:
        when = iso(folded, zone) or _written(folded, zone, now, month_first)
    except (ValueError, OverflowError):  # 31 February, 25:61, year 0
        return None
    if not when or when.at < EARLIEST or (now and when.at > now + AHEAD):
        return None
    return when


def _written(text: str, zone: ZoneInfo, now: datetime | None, month_first: bool) -> When | None:  # noqa: FBT001
    published = CHANGE.sub(" ", text)
    when = _read(published, zone, now, month_first)
    return when if when or published == text else _read(text, zone, now, month_first)


def _read(text: str, zone: ZoneInfo, now: datetime | None, month_first: bool) -> When | None:  # noqa: FBT001
    if found := day_of(text, month_first=month_first):
        return at(found.day, found.rest, zone)
    return ago(text, now.astimezone(zone)) if now else None
