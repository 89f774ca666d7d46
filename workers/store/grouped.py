"""Counts by combinations of field values, complete (composite aggregation, page by page)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from elasticsearch import Elasticsearch

PAGE: Final = 1000


def grouped(
    client: Elasticsearch, index: str, query: Mapping[str, Any], fields: Sequence[str]
) -> dict[tuple[str, ...], int]:
    """Return the number of matching documents for each combination of keyword values."""
    by = {"size": PAGE, "sources": [{field: {"terms": {"field": field}}} for field in fields]}
    counts: dict[tuple[str, ...], int] = {}
    while True:
        answer = client.search(index=index, query=query, size=0, aggs={"by": {"composite": by}})
        found = answer["aggregations"]["by"]
        counts |= {tuple(one["key"].values()): one["doc_count"] for one in found["buckets"]}
        if "after_key" not in found:
            return counts
        by["after"] = found["after_key"]
