"""Which records of the ledger retention looks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ingest.ledger.record import State
from ingest.retention import span

PENDING: Final[Mapping[str, Any]] = {"term": {"state": State.PENDING}}


@dataclass(frozen=True, slots=True)
class Old:
    """Records that fit all of some conditions, and none of others."""

    filters: tuple[Mapping[str, Any], ...]
    without: tuple[Mapping[str, Any], ...] = ()

    def query(self) -> dict[str, Any]:
        """Return the query that finds them."""
        return {"bool": {"filter": list(self.filters), "must_not": list(self.without)}}


def at_work(month: str) -> Old:
    """Select the pending records that were admitted in a month."""
    return Old((_admitted(month), PENDING))


def unexpired(month: str) -> Old:
    """Select the ended records of a month that have a document, or could get one."""
    return Old((_admitted(month),), (PENDING, {"exists": {"field": "expired_at"}}))


def fat(before: datetime) -> Old:
    """Select the records that ended before and still have all their text, unless a look is to come: it needs that."""
    ended = {"range": {"ended_at": {"lt": before.isoformat()}}}
    return Old((ended,), (PENDING, {"term": {"url": ""}}, {"exists": {"field": "revisit.due_at"}}))


def _admitted(month: str) -> dict[str, Any]:
    start, end = span(month)
    return {"range": {"admitted_at": {"gte": start.isoformat(), "lt": end.isoformat()}}}
