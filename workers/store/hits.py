"""All hits of a query, a page at a time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from elasticsearch import Elasticsearch

PAGE: Final = 1000


def pages(
    client: Elasticsearch,
    index: str,
    query: Mapping[str, Any] | None,
    sort: Sequence[str],
    size: int = PAGE,
    **options: bool,
) -> Iterator[list[dict[str, Any]]]:
    """Yield the hits in order, in pages of at most `size`. Raises, rather than yield fewer, while a shard is missing.

    `options` are more of the search API's, as `version=True`.
    """
    after = None
    while True:
        answer = client.search(
            index=index,
            query=query,
            sort=list(sort),
            size=size,
            search_after=after,
            allow_partial_search_results=False,
            **options,  # type: ignore[arg-type]  # flags; the client types each of its options by itself
        )
        hits = list(answer["hits"]["hits"])
        if hits:
            yield hits
        if len(hits) < size:
            return
        after = hits[-1]["sort"]
