"""What may go, and when: decisions by age. Carried out by `workers/steps/retention.py`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Final

DAY: Final = timedelta(days=1)
LEAST_DAYS: Final = 7
"""Of what Elasticsearch holds: reports of the last days, and looks at articles that may be gone, need it."""
PAGE: Final = re.compile(r"([0-9a-f]{32})(?:\.look|\.\d+)?\.warc\.gz")
PART: Final = ".part"


@dataclass(frozen=True, slots=True)
class Keep:
    """For how many days each kind is kept; 0 = for ever."""

    pages: int = 30
    articles: int = 0
    ledger: int = 0
    tallies: int = 0
    revisions: int = 0
    stories: int = 0

    def before(self, kind: str, now: datetime) -> datetime | None:
        """Return the time before which a kind may go; None if it is kept for ever."""
        days: int = getattr(self, kind)
        return now - timedelta(days=days) if days else None

    def problem(self) -> str:
        """Return what is wrong with these ages; '' = nothing."""
        short = [one.name for one in fields(self) if one.name != "pages" and 0 < getattr(self, one.name) < LEAST_DAYS]
        if short:
            return f"{', '.join(short)}: kept for {LEAST_DAYS} days at least, or for ever (0)"
        if self.ledger and not 0 < self.pages <= self.ledger:
            return (
                "ledger: kept as long as pages at least, or for ever (0): `warraq forget` finds a page by its address"
            )
        return ""


def page_of(name: str) -> str | None:
    """Return the id of the article that a file in the page store belongs to; None if it is none of ours."""
    found = PAGE.fullmatch(name)
    return found[1] if found else None


def is_leftover(name: str, modified: datetime, now: datetime) -> bool:
    """Return whether a file is what a killed writer has left: nobody writes one page for a day."""
    return name.endswith(PART) and now - modified > DAY


def pressed(sizes: Mapping[int, int], needed: int) -> int:
    """Return from which age in days on pages must go so that so many bytes become free.

    `sizes`: bytes by age in whole days. Pages of the last day stay, since what is processed now, or next, needs them.
    """
    freed = 0
    for age in sorted((one for one in sizes if one >= 1), reverse=True):
        freed += sizes[age]
        if freed >= needed:
            return age
    return 1


def span(month: str) -> tuple[datetime, datetime]:
    """Return the first moment of a month (`2026.11`), and of the one that follows."""
    year, number = map(int, month.split("."))
    return datetime(year, number, 1, tzinfo=UTC), datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)


def month_may_go(month: str, before: datetime) -> bool:
    """Return whether all of a month is older than a time."""
    return span(month)[1] <= before
