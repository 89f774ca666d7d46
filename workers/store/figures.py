"""Figures for Prometheus of the ledger, the sources and the tallies: one search in each, whatever they hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from elasticsearch import Elasticsearch

from ingest.document import LEDGER, SOURCES, TALLIES
from ingest.ledger.record import Stage, State
from workers.store.sources import QUIET

BOUNDS_S: Final = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400)
"""Of the histogram: from a page that is fetched at once to one that waited a day in its host's lane."""
REASONS: Final = 300
"""More than the code knows; a status that a site makes up is one each."""
PENDING: Final[Mapping[str, Any]] = {"term": {"state": State.PENDING}}
TALLIED: Final = ("polls", "failed_polls", "listed", "known", "admitted", "changed")
CONDITIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "all": {"match_all": {}},
    "failing": {"range": {"failures": {"gt": 0}}},
    "quiet": QUIET,
    "gone": {"term": {"gone": True}},
}
HAD_A_DOCUMENT: Final[Mapping[str, Any]] = {
    "bool": {"should": [{"exists": {"field": name}} for name in ("indexed_at", "searchable_s")]}
}
"""Forgotten articles, and those whose document was lost, keep the second: a counter that falls looks like a flood."""
LEDGER_AGGS: Final[Mapping[str, Any]] = {
    "state": {
        "terms": {"field": "state", "size": len(State)},
        "aggs": {
            "stage": {
                "terms": {"field": "stage", "size": len(Stage)},
                "aggs": {"reason": {"terms": {"field": "reason", "size": REASONS}}},
            }
        },
    },
    "indexed": {"filter": HAD_A_DOCUMENT},
    "pending": {
        "filter": PENDING,
        "aggs": {"asked": {"min": {"field": "asked_at"}}, "due": {"min": {"field": "due_at"}}},
    },
    "within": {"range": {"field": "searchable_s", "ranges": [{"key": f"{s}", "to": s} for s in BOUNDS_S]}},
    "times": {"stats": {"field": "searchable_s"}},
}


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """The ledger at one moment."""

    states: Mapping[tuple[str, str, str], int]
    """Articles by (state, stage, reason)."""
    admitted: int
    indexed: int
    asked: datetime | None
    """When the pending article was asked for that was asked for first."""
    due: datetime | None
    """When the pending article was due that was due first."""
    within: Mapping[str, int]
    """Articles that were searchable within a number of seconds, by that number as text."""
    timed: int
    """Articles of which that is known."""
    seconds: float
    """The sum of their seconds."""


class Figures:
    """Asks for numbers."""

    def __init__(self, client: Elasticsearch, ledger: str = LEDGER, sources: str = SOURCES) -> None:
        self._client = client
        self._ledger = ledger
        self._sources = sources

    def ledger(self) -> LedgerFigures:
        """Count the ledger; what was written in the last 5 s may be missing."""
        answer = self._client.search(index=self._ledger, size=0, track_total_hits=True, aggs=LEDGER_AGGS)
        found = answer["aggregations"]
        return LedgerFigures(
            states=dict(_states(found)),
            admitted=answer["hits"]["total"]["value"],
            indexed=found["indexed"]["doc_count"],
            asked=_moment(found["pending"]["asked"]["value"]),
            due=_moment(found["pending"]["due"]["value"]),
            within={one["key"]: one["doc_count"] for one in found["within"]["buckets"]},
            timed=found["times"]["count"],
            seconds=found["times"]["sum"],
        )

    def sources(self) -> dict[str, int]:
        """Return how many sources there are, and how many of them in each condition."""
        aggs = {"in": {"filters": {"filters": CONDITIONS}}}
        found = self._client.search(index=self._sources, size=0, aggs=aggs)["aggregations"]["in"]["buckets"]
        return {name: found[name]["doc_count"] for name in CONDITIONS}

    def tallies(self) -> dict[str, int]:
        """Return the sums of all tallies."""
        aggs = {name: {"sum": {"field": name}} for name in TALLIED}
        found = self._client.search(index=TALLIES, size=0, aggs=aggs)["aggregations"]
        return {name: int(found[name]["value"]) for name in TALLIED}


def _states(found: Any) -> Iterator[tuple[tuple[str, str, str], int]]:  # noqa: ANN401  # the client's answers are untyped
    for state in found["state"]["buckets"]:
        for stage in state["stage"]["buckets"]:
            for reason in stage["reason"]["buckets"]:
                yield (state["key"], stage["key"], reason["key"]), reason["doc_count"]


def _moment(millis: float | None) -> datetime | None:
    return datetime.fromtimestamp(millis / 1000, UTC) if millis else None
