"""Watching articles until they have ended, however many they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from ingest.ledger.record import State
from ingest.model import Source
from workers.runtime import Runtime
from workers.store.ledger import End

LOOK: Final = 1000
"""Articles that are asked for at once."""

Counts = dict[tuple[str, str], int]
"""How many articles are in each (state, reason)."""


class Watch:
    """Counts how articles end. It keeps only the ids of those that have not, and looks some of them up at a time."""

    def __init__(self, sources: Sequence[Source] = ()) -> None:
        """Watch all articles of some sources, too."""
        self._sources = [source.id for source in sources]
        self._open: dict[str, str] = {}
        """Id -> the reason that it waits for; what was looked at longest ago comes first."""
        self._ended: Counter[tuple[str, str]] = Counter()

    def add(self, ids: Iterable[str]) -> None:
        """Watch these as well."""
        self._open |= dict.fromkeys(ids, "")

    def look(self, rt: Runtime) -> Counts:
        """Return the counts. Of many open articles the next LOOK are looked up, and further ones if most had ended."""
        left = len(self._open)
        while left > 0:
            some = list(islice(self._open, min(LOOK, left)))
            left -= len(some)
            pending = self._note(some, rt.ledger.ends(some))
            if pending > len(some) / 2:
                break
        waiting = Counter((str(State.PENDING), reason) for reason in self._open.values())
        return dict(self._ended + waiting + self._of_sources(rt))

    def _note(self, ids: Iterable[str], ends: Mapping[str, End]) -> int:
        """Count those that have ended and put the others at the end of the line; return how many those are."""
        pending = 0
        for key in ids:
            del self._open[key]
            end = ends.get(key)
            if end is None or end.source_id in self._sources:
                continue  # counted as its source's
            if end.state is State.PENDING:
                self._open[key] = end.reason
                pending += 1
            else:
                self._ended[str(end.state), end.reason] += 1
        return pending

    def _of_sources(self, rt: Runtime) -> Counter[tuple[str, str]]:
        if not self._sources:
            return Counter()
        rt.ledger.refresh()
        return Counter(rt.ledger.counts({"terms": {"source_id": self._sources}}))
