"""The same searches before and after: what a new analyzer changes in what people find."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from elasticsearch import Elasticsearch

from ingest.document import ALIAS
from ingest.query import query

TOP: Final = 10


@dataclass(frozen=True, slots=True)
class Comparison:
    """The best hits of one query before and after, as ids, best first."""

    query: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def kept(self) -> int:
        """How many hits stayed among the best."""
        return len(set(self.before) & set(self.after))

    def moves(self) -> Iterator[tuple[str, int | None, int | None]]:
        """Yield each hit whose rank changed: id, rank before, rank after (from 1; None is not among the best)."""
        for one in dict.fromkeys((*self.after, *self.before)):
            ranks = [ids.index(one) + 1 if one in ids else None for ids in (self.before, self.after)]
            if ranks[0] != ranks[1]:
                yield one, ranks[0], ranks[1]


class Searches:
    """Searches in the alias' indices, and in those that are to replace them."""

    def __init__(self, client: Elasticsearch, alias: str = ALIAS) -> None:
        self._client = client
        self._alias = alias

    def compare(self, new: Sequence[str], queries: Sequence[str]) -> list[Comparison]:
        """Run the same queries on the alias and on new indices; return those whose best hits differ.

        The most changed come first.
        """
        pairs = zip(queries, self._best([self._alias], queries), self._best(new, queries), strict=True)
        changed = [Comparison(*one) for one in pairs if one[1] != one[2]]
        return sorted(changed, key=lambda one: one.kept / max(len(one.before), len(one.after)))

    def headlines(self, size: int) -> list[str]:
        """Return the newest articles' titles: the default queries of a comparison."""
        hits = self._client.search(
            index=self._alias, size=size, sort=[{"fetched_at": "desc"}], source_includes=["title"]
        )["hits"]["hits"]
        return [hit["_source"]["title"] for hit in hits]

    def titles(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the titles of documents."""
        hits = self._client.search(
            index=self._alias, size=len(ids), query={"ids": {"values": list(ids)}}, source_includes=["title"]
        )["hits"]["hits"]
        return {hit["_id"]: hit["_source"]["title"] for hit in hits}

    def _best(self, indices: Sequence[str], queries: Sequence[str]) -> Iterator[tuple[str, ...]]:
        for text in queries:
            found: Any = self._client.search(index=list(indices), query=query(text), size=TOP, source=False)
            yield tuple(hit["_id"] for hit in found["hits"]["hits"])
