"""Which records of the ledger a person means: the filters of `failures`, `retry` and `replay`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ingest.ledger.record import Stage, State


class Which(Protocol):
    """Some records of the ledger."""

    def query(self) -> dict[str, Any]:
        """Return the query that finds them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Ended records; each field that is set narrows them."""

    states: tuple[State, ...]
    ids: tuple[str, ...] = ()
    """Ids, or what they begin with."""
    reason: str = ""
    source_ids: tuple[str, ...] = ()
    stage: Stage | None = None
    """The step in which they ended."""
    since: datetime | None = None
    """They ended then or later."""
    before: datetime | None = None
    """They ended earlier than this. A walk that brings records back to work needs it: those that end again
    in the meantime would be met a second time."""

    def query(self) -> dict[str, Any]:
        """Return the query that finds them."""
        filters: list[dict[str, Any]] = [{"terms": {"state": [str(state) for state in self.states]}}]
        terms = {"reason": self.reason, "stage": str(self.stage or "")}
        filters += [{"term": {name: value}} for name, value in terms.items() if value]
        if self.source_ids:
            filters.append({"terms": {"source_id": list(self.source_ids)}})
        times = {"gte": self.since, "lt": self.before}
        if bounds := {name: at.isoformat() for name, at in times.items() if at}:
            filters.append({"range": {"ended_at": bounds}})
        if self.ids:
            filters.append({"bool": {"should": [{"prefix": {"id": digits}} for digits in self.ids]}})
        return {"bool": {"filter": filters}}
