"""What a feed says about when to ask again."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

PERIODS: Final = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
"""Seconds of a `sy:updatePeriod` (RDF Site Summary 1.0 Modules: Syndication)."""
DAYS: Final = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
SKIPPED: Final = re.compile(r"<skip(hours|days)\b[^>]*>(.{0,2000}?)</skip\1\s*>", re.IGNORECASE | re.DOTALL)
SKIP: Final = re.compile(r"<(hour|day)\s*>\s*(\w{1,9})\s*</\1\s*>", re.IGNORECASE)
HEAD: Final = 20_000
"""Characters of a feed in which they stand."""
LONGEST_S: Final = 31_536_000
HOURS: Final = 24
NUMBER: Final = re.compile(r"[0-9]{1,9}")


def hints(feed: Mapping[str, Any], head: str) -> dict[str, Any]:
    """Return `ttl_s`, `skip_hours`, `skip_days` of a Listing, from a parsed feed and the text before its first item.

    feedparser keeps only the last of the skipped hours, hence the text. Nonsense is left out. RSS 0.91 counts the hours
    from 1 to 24, RSS 2.0 from 0 to 23: 24 is midnight in both.
    """
    skipped = [skip.groups() for block in SKIPPED.finditer(head[:HEAD]) for skip in SKIP.finditer(block[2])]
    hours = {_number(text, HOURS) for what, text in skipped if what.lower() == "hour"}
    days = {text.lower() for what, text in skipped if what.lower() == "day"} & DAYS
    return {
        "ttl_s": max(_waits(feed), default=None),
        "skip_hours": tuple(sorted({hour % HOURS for hour in hours if hour is not None})),
        "skip_days": tuple(sorted(days)),
    }


def _waits(feed: Mapping[str, Any]) -> Iterator[int]:
    """Yield the seconds of the feed's ttl (minutes), and of a period divided by its frequency."""
    if minutes := _number(str(feed.get("ttl", "")), LONGEST_S // 60):
        yield minutes * 60
    if period := PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower()):
        yield period // (_number(str(feed.get("sy_updatefrequency", "")), period) or 1)


def _number(text: str, most: int) -> int | None:
    """Return a number from 0 to `most`, else None."""
    number = int(text) if NUMBER.fullmatch(text := text.strip()) else None
    return number if number is not None and number <= most else None
