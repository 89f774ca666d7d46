"""Spans of ids: hashes are spread evenly, so that a walk can ask for as many as it wants, and sorts no others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from elasticsearch import Elasticsearch

from ingest.ledger.record import State

DIGITS: Final = 32
SPACE: Final = 16**DIGITS
WIDER: Final = 4
PENDING: Final = {"term": {"state": State.PENDING}}


def records_after(client: Elasticsearch, index: str, cursor: str, size: int, *, pending: bool) -> list[Any]:
    """Return the hits of the next pending or ended records, by id."""
    waiting = int(client.count(index=index, query=PENDING)["count"])
    if pending:
        return hits_after(client, index, cursor, size, total=waiting, wanted={"filter": [PENDING]})
    ended = int(client.count(index=index)["count"]) - waiting
    return hits_after(client, index, cursor, size, total=ended, wanted={"must_not": [PENDING]})


def hits_after(
    client: Elasticsearch,
    index: str,
    cursor: str,
    size: int,
    *,
    total: int,
    wanted: Mapping[str, Sequence[Any]],
    source: bool = True,
) -> list[Any]:
    """Return the next hits by id; about `total` are `wanted`, clauses of a query. Without `source` only their ids.

    Span by span: a search in the whole index would sort the whole index, each time.
    """
    found: list[Any] = []
    for beyond, last in spans(cursor, 1.5 * size / max(1, total)):
        among = {"range": {"id": {"gt": beyond, "lte": last}}}
        answer = client.search(
            index=index,
            query={"bool": {**wanted, "filter": [*wanted.get("filter", ()), among]}},
            sort=["id"],
            size=size - len(found),
            source=source,
            allow_partial_search_results=False,
        )
        found += answer["hits"]["hits"]
        if len(found) >= size:
            break
    return found


def spans(after: str, share: float) -> Iterator[tuple[str, str]]:
    """Yield (beyond, up to) of the spans that follow an id (`''` = the first), each with such a share of all ids.

    Each is wider than the one before: where there are few, the walk is soon over.
    """
    reached, width = int(after, 16) if after else -1, max(1, int(SPACE * min(share, 1.0)))
    while reached < SPACE - 1:
        end = min(reached + width, SPACE - 1)
        yield (_id(reached) if reached >= 0 else "", _id(end))
        reached, width = end, width * WIDER


def _id(number: int) -> str:
    return f"{number:0{DIGITS}x}"
