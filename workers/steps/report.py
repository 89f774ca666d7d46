"""A day's report: for each source, what it listed and what became of it, looked at until the sums agree."""

import time
from collections.abc import Callable
from typing import Any, Final

from ingest.ledger.tally import Line, lines
from workers.runtime import Runtime

LOOKS: Final = 5
"""Looks before a sum is called wrong: work goes on between two questions to Elasticsearch."""
PAUSE_S: Final = 1.0
ENDS: Final = ("state", "reason", "source_id")


def settled(rt: Runtime, *, day: str, pause: Callable[[float], object] = time.sleep, newest: bool = True) -> list[Line]:
    """Return the lines of a day (`2026-07-01`, UTC), looked at again while a sum does not agree.

    If the `newest` need not be among them, the first look costs no refresh.
    """
    for look in range(LOOKS):
        if look:
            pause(PAUSE_S)
        found = ask(rt, day=day, refresh=newest or look > 0)
        if not any(problem for line in found for problem in line.problems()):
            break
    return found


def ask(rt: Runtime, *, day: str, refresh: bool = True) -> list[Line]:
    """Return the lines of a day as they are now, or without a refresh as they were some seconds ago."""
    for part in (rt.tallies, rt.index, rt.ledger) if refresh else ():
        part.refresh()
    admitted: dict[str, Any] = {"range": {"admitted_at": {"gte": day, "lte": day}}}
    dropped = {"exists": {"field": "expired_at"}}
    indexed = {"bool": {"filter": [admitted, {"exists": {"field": "indexed_at"}}], "must_not": [dropped]}}
    return lines(
        day,
        rt.tallies.of_day(day),
        admitted={source: n for (source,), n in rt.ledger.grouped(admitted, "source_id").items()},
        ends={(state, reason, source): n for (state, reason, source), n in rt.ledger.grouped(admitted, *ENDS).items()},
        called_indexed={source: n for (source,), n in rt.ledger.grouped(indexed, "source_id").items()},
        documents=rt.index.documents_by_source(admitted),
    )
