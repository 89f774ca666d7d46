"""Which documents two indices hold in which versions, compared in one pass, so that neither is in memory as a whole.

Both are read in the order of their ids, which hash URLs: a range of ids is a share of the index. Elasticsearch sorts
each range anew for each page, so a range has about a page.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby, pairwise, repeat
from math import ceil, log
from typing import Any, Final

from elasticsearch import Elasticsearch

from workers.store.hits import pages

RANGE: Final = 5000
"""Documents in a range, about."""
PAGE: Final = 10_000
"""Elasticsearch gives no more in one answer."""
HEX: Final = 16


class ReindexError(Exception):
    """The new indices are wrong, as the message says; the old ones stay in place."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A document of which two indices hold different versions; None = it is not there."""

    id: str
    old: int | None
    new: int | None


def differences(old: Iterable[tuple[str, int]], new: Iterable[tuple[str, int]]) -> Iterator[Difference]:
    """Yield where two streams of (id, version) differ, both sorted by id."""
    merged = heapq.merge(zip(old, repeat(0)), zip(new, repeat(1)))
    for key, group in groupby(merged, key=lambda one: one[0][0]):
        found = {side: version for (_, version), side in group}
        if found.get(0) != found.get(1):
            yield Difference(key, found.get(0), found.get(1))


def versions(client: Elasticsearch, index: str) -> Iterator[tuple[str, int]]:
    """Yield id and version of each document that was refreshed, sorted by id.

    Raises ReindexError for documents that do not carry their id in the field `id`, for those are not found by it.
    """
    count, seen = int(client.count(index=index)["count"]), 0
    for low, high in ranges(count):
        for hit in _hits(client, index, low, high):
            if hit["sort"] != [hit["_id"]]:
                raise ReindexError(f"document {hit['_id']} of {index} says that its id is {hit['sort'][0]}")
            seen += 1
            yield hit["_id"], int(hit["_version"])
    if seen != count:
        raise ReindexError(f"{index} holds {count} documents, and {seen} of them carry an id")


def ranges(count: int) -> list[tuple[str, str]]:
    """Cut the ids into ranges of about RANGE of so many documents; `''` is an open end."""
    digits = ceil(log(max(count / RANGE, 1), HEX))
    cuts = [f"{number:0{digits}x}" for number in range(1, HEX**digits)]
    return list(pairwise(["", *cuts, ""]))


def _hits(client: Elasticsearch, index: str, low: str, high: str) -> Iterator[dict[str, Any]]:
    bounds = {name: value for name, value in (("gte", low), ("lt", high)) if value}
    query = {"range": {"id": bounds}} if bounds else {"match_all": {}}
    found = pages(client, index, query, ["id"], PAGE, version=True, source=False, track_total_hits=False)
    return chain.from_iterable(found)
