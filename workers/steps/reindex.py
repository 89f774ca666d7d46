"""New analyzers or mappings for the articles there are: build, compare, then swap or drop."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workers.store.reindex import Month, Reindex
from workers.store.searches import Comparison, Searches

HEADLINES: Final = 200
"""Default queries for the comparison: the newest articles' titles."""
SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The new indices, ready beside the old ones, and which searches they change."""

    months: tuple[Month, ...]
    queries: int
    changes: tuple[Comparison, ...]
    """Queries whose best hits differ, the most changed first."""
    titles: Mapping[str, str]
    """Of the hits of the first SHOWN changes, by id."""

    @property
    def other_first(self) -> int:
        """How many queries have another first hit."""
        return sum(one.before[:1] != one.after[:1] for one in self.changes)


def rebuild(work: Reindex, searches: Searches, *, queries: Sequence[str] = (), say: Callable[[str], object]) -> Rebuilt:
    """Build the article indices anew and compare searches; nobody reads them yet. `say` is called with each month."""
    months = work.months()
    for month in months:
        work.build(month)
        say(f"built {month.new}")
    asked = list(queries) or searches.headlines(HEADLINES)
    changes = tuple(searches.compare([month.new for month in months], asked))
    ids = {key for one in changes[:SHOWN] for key in (*one.before, *one.after)}
    return Rebuilt(tuple(months), len(asked), changes, searches.titles(list(ids)) if ids else {})


def swap(work: Reindex, *, rebuilt: Rebuilt, say: Callable[[str], object]) -> None:
    """Put the new indices in the old ones' place, one month after the other."""
    for month in rebuilt.months:
        work.swap(month)
        say(f"{month.name} is {month.new} now")


def drop(work: Reindex, *, rebuilt: Rebuilt) -> None:
    """Delete the new indices; the old ones stay as they are."""
    for month in rebuilt.months:
        work.drop(month)
