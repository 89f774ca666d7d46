"""Dates that a listing takes from the clock at each request, not from its articles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ingest.model import Entry
from ingest.polling.listing import Further

FEW: Final = 10
"""Entries from which on their dates can be judged together."""
FEWER: Final = 3
"""Entries that have not all changed in one second, nor all in the last minutes."""
NEARLY_ALL: Final = 0.9
JUST_NOW: Final = timedelta(minutes=5)
"""This close to the request, the date of nearly all articles is the time of the request."""


def is_nearly_all(some: int, entries: int) -> bool:
    """Return whether this many of a listing's entries are practically all of them, and enough to judge by."""
    return entries >= FEW and some >= NEARLY_ALL * entries


def without_clock(entries: Sequence[Entry], asked_at: datetime) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the entries without a date that is the site's clock, and a sentence if there is one.

    If it counted as a change, every article would be fetched again at each poll.
    """
    changed, published = ([getattr(entry, name) for entry in entries] for name in ("updated_at", "published_at"))
    kept, problems = tuple(entries), []
    if _is_one_moment(changed) or _is_clock(changed, asked_at) or _is_clock_of_few(changed, asked_at):
        kept = tuple(replace(entry, updated_at=None) for entry in kept)
        problems.append(f"all {len(kept)} entries say they changed at the same moment: that is not believed")
    if _is_clock(published, asked_at):
        kept = tuple(replace(entry, published_at=None) for entry in kept)
        problems.append(f"all {len(kept)} entries say they were published just now: that is not believed")
    return kept, tuple(problems)


def parts_without_clock(parts: Sequence[Further], asked_at: datetime) -> tuple[Further, ...]:
    """Return the listings that a listing names, undated if their dates are its own clock: then none of them is news."""
    dates = [part.changed_at for part in parts]
    bare = _is_one_moment(dates) or _is_clock(dates, asked_at)
    return tuple(replace(part, changed_at=None) for part in parts) if bare else tuple(parts)


def _is_one_moment(dates: Sequence[datetime | None]) -> bool:
    commonest = Counter(at for at in dates if at).most_common(1)
    return bool(commonest) and is_nearly_all(commonest[0][1], len(dates))


def _is_clock_of_few(dates: Sequence[datetime | None], asked_at: datetime) -> bool:
    """Return whether even the dates of a few entries cannot be theirs; a day that they share can."""
    known = [at for at in dates if at]
    if len(known) < max(FEWER, len(dates)):
        return False
    at_once = len(set(known)) == 1 and known[0].second > 0
    return at_once or all(abs(at - asked_at) <= JUST_NOW for at in known)


def _is_clock(dates: Sequence[datetime | None], asked_at: datetime) -> bool:
    return is_nearly_all(sum(at is not None and abs(at - asked_at) <= JUST_NOW for at in dates), len(dates))
