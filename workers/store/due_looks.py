"""Which indexed articles are to be looked at again, shared out among their hosts: one with very many hides no other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from elasticsearch import Elasticsearch

from ingest.ledger.record import State

MOST_INNER: Final = 100
"""Elasticsearch's limit for the hits of one group."""
DUE: Final = "revisit.due_at"


def due_looks(
    client: Elasticsearch, index: str, until: datetime, hosts: int, each: int, *, without: Sequence[str]
) -> list[Any]:
    """Return the hits of records that were due by then: of each host the `each` that wait longest.

    `without`: lanes that were looked at already.
    """
    inner = {"name": "due", "size": min(each, MOST_INNER), "sort": [DUE]}
    answer = client.search(
        index=index,
        query={
            "bool": {
                "filter": [{"term": {"state": State.INDEXED}}, {"range": {DUE: {"lte": until}}}],
                "must_not": {"terms": {"lane": list(without)}},
            }
        },
        sort=[DUE],
        size=hosts,
        source=False,
        collapse={"field": "lane", "inner_hits": inner},
        allow_partial_search_results=False,
    )
    return [one for hit in answer["hits"]["hits"] for one in hit["inner_hits"]["due"]["hits"]["hits"]]
