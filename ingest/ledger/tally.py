"""The completeness report: what each source listed on a day, and what became of it. The sums must add up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

from ingest.ledger.record import State
from ingest.mappings import COUNT, KEYWORD, OPAQUE, stored


@dataclass(frozen=True, slots=True)
class Tally:
    """What the polls of one source brought on one day (UTC); each poll adds to it."""

    source_id: str = stored(KEYWORD)
    """Whose polls are counted."""
    day: str = stored(KEYWORD)
    """The day in UTC: `2026-11-23`."""
    polls: int = stored(COUNT, default=0)
    """Requests for its listings."""
    failed_polls: int = stored(COUNT, default=0)
    """Those that brought nothing because of an error."""
    listed: int = stored(COUNT, default=0)
    """Entries listed; one that is listed in ten polls counts ten times."""
    known: int = stored(COUNT, default=0)
    """Listed entries that were in the ledger already."""
    admitted: int = stored(COUNT, default=0)
    """Entries that became new records."""
    changed: int = stored(COUNT, default=0)
    """Known entries taken up again because the listing gives a later change date."""
    drops: Mapping[str, int] = stored(OPAQUE, default_factory=dict)
    """Entries that were not admitted, by reason."""

    def __add__(self, other: "Tally") -> "Tally":
        """Return the sum of two tallies of one source and day."""
        counted = [one.name for one in fields(Tally) if one.type is int]
        sums = {name: getattr(self, name) + getattr(other, name) for name in counted}
        reasons = dict.fromkeys((*self.drops, *other.drops))
        drops = {reason: self.drops.get(reason, 0) + other.drops.get(reason, 0) for reason in reasons}
        return replace(self, **sums, drops=drops)


@dataclass(frozen=True, slots=True)
class Line:
    """One source's line of a day's report."""

    source_id: str
    tally: Tally
    admitted: int = 0
    """Records in the ledger that were admitted on that day."""
    ends: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """The same records, counted by (state, reason)."""
    called_indexed: int = 0
    """How many of them have a document according to the ledger."""
    documents: int = 0
    """Documents in the index that were admitted on that day."""

    def count(self, state: State) -> int:
        """Return how many records are in a state."""
        return sum(count for (name, _), count in self.ends.items() if name == state)

    @property
    def unnoted(self) -> int:
        """Admitted records that no tally counts, because their poll was killed before it could write one."""
        return max(0, self.admitted - self.tally.admitted)

    def problems(self) -> Iterator[str]:
        """Yield a sentence for each sum that does not add up."""
        tally, dropped = self.tally, sum(self.tally.drops.values())
        parts = tally.known + tally.admitted + tally.changed + dropped
        if tally.listed != parts:
            yield f"{tally.listed} listed, but {parts} known, admitted, changed or dropped"
        if tally.admitted > self.admitted:
            yield f"{tally.admitted} admitted by polls, but only {self.admitted} in the ledger"
        if self.admitted != (ended := sum(self.count(state) for state in State)):
            yield f"{self.admitted} in the ledger, but {ended} in a known state"
        if self.called_indexed != self.documents:
            yield f"{self.called_indexed} indexed by the ledger, but {self.documents} documents"


def lines(
    day: str,
    tallies: Iterable[Tally],
    *,
    admitted: Mapping[str, int],
    ends: Mapping[tuple[str, str, str], int],
    called_indexed: Mapping[str, int],
    documents: Mapping[str, int],
) -> list[Line]:
    """Return the report's lines by source; `ends` has (state, reason, source), the other counts have source ids."""
    by_source = {tally.source_id: tally for tally in tallies}
    sources = {*by_source, *admitted, *(source for _, _, source in ends), *called_indexed, *documents}
    return [
        Line(
            source,
            by_source.get(source, Tally(source, day)),
            admitted.get(source, 0),
            {(state, reason): count for (state, reason, of), count in ends.items() if of == source},
            called_indexed.get(source, 0),
            documents.get(source, 0),
        )
        for source in sorted(sources)
    ]
