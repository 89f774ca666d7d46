"""New analyzers or mappings for existing articles: indices are rebuilt and swapped in while writes go on.

A month that has been rebuilt lives in `news-v2-articles-2026.11`; `news-articles-2026.11`, under which workers write,
is its alias. Until the swap the new index carries no alias, so nobody reads half a month.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch

from ingest.document import ALIAS, ARTICLES
from ingest.query import query
from workers.store.indices import ARTICLE_KIND

COPY_TIMEOUT_S: Final = 3600
PASSES: Final = 5
SMALL: Final = 500
"""Documents that can be copied while writes are blocked: a moment's worth."""
TOP: Final = 10
_VERSION: Final = re.compile(r"news-v(\d+)-")


class ReindexError(Exception):
    """The new indices are wrong, as the message says; the old ones stay in place."""


@dataclass(slots=True)
class Month:
    """One month's index and its replacement."""

    name: str
    """What workers write to."""
    old: str
    new: str
    copied_to: int = -1
    """Sequence number (Elasticsearch's count of the old index's writes) up to which everything is copied."""


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


class Reindex:
    """Builds, compares, swaps; every step may be run again after a crash."""

    def __init__(self, client: Elasticsearch, alias: str = ALIAS, prefix: str = ARTICLES) -> None:
        self._client = client.options(request_timeout=COPY_TIMEOUT_S, max_retries=0)
        self._alias = alias
        self._prefix = prefix

    def months(self) -> list[Month]:
        """Return all months, oldest first."""
        behind = self._client.indices.get_alias(index=self._alias)
        months = [self._month(index, list(found["aliases"])) for index, found in behind.items()]
        return sorted(months, key=lambda month: month.name)

    def build(self, month: Month) -> None:
        """Create the new index and copy into it, until only a moment's writes are missing."""
        self._client.options(ignore_status=404).indices.delete(index=month.new)
        self._open_for_writes(month)
        month.copied_to = -1
        self._client.indices.create(index=month.new, settings=ARTICLE_KIND.settings(), mappings=ARTICLE_KIND.mapping)
        for _ in range(PASSES):
            if self._copy(month) < SMALL:
                return

    def compare(self, months: Sequence[Month], queries: Sequence[str]) -> list[Comparison]:
        """Run the same queries on both generations; return those whose best hits differ, the most changed first."""
        new = [month.new for month in months]
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

    def swap(self, month: Month) -> None:
        """Replace the old index by the new one in one step, which deletes the old one.

        For the time of the last copy Elasticsearch refuses writes to the month (403): the flusher keeps what is
        refused and tries again. Raises ReindexError, and leaves everything as it was, if a document is missing.
        """
        self._client.indices.add_block(index=month.old, block="write")  # returns when writes under way have ended
        try:
            self._copy(month)
            self._check(month)
            self._client.indices.update_aliases(
                actions=[
                    {"remove_index": {"index": month.old}},
                    {"add": {"index": month.new, "alias": month.name}},
                    {"add": {"index": month.new, "alias": self._alias}},
                ]
            )
        except (ApiError, ReindexError):
            self._open_for_writes(month)
            raise

    def drop(self, month: Month) -> None:
        """Delete the new index."""
        self._client.options(ignore_status=404).indices.delete(index=month.new)

    def _month(self, index: str, aliases: Sequence[str]) -> Month:
        name = next((alias for alias in aliases if alias.startswith(self._prefix)), index)
        version = _VERSION.match(index)
        number = int(version[1]) + 1 if version else 2
        return Month(name, index, name.replace("news-", f"news-v{number}-", 1))

    def _copy(self, month: Month) -> int:
        """Copy what was written since the last copy, with its versions; return how many documents that was."""
        reached = self._written(month.old)
        self._client.indices.refresh(index=month.old)
        answer = self._client.reindex(
            source={"index": month.old, "query": {"range": {"_seq_no": {"gt": month.copied_to}}}},
            dest={"index": month.new, "version_type": "external_gte"},
            conflicts="proceed",
            refresh=True,
        )
        if answer["failures"]:
            raise ReindexError(f"{month.new} refuses a document: {answer['failures'][0]}")
        month.copied_to = reached
        return int(answer["total"])

    def _written(self, index: str) -> int:
        """Return the sequence number of the last write; an article index has one shard, so there is one count."""
        stats = self._client.indices.stats(index=index, level="shards")["indices"][index]["shards"]
        return max(int(copy["seq_no"]["max_seq_no"]) for shard in stats.values() for copy in shard)

    def _check(self, month: Month) -> None:
        old, new = (self._client.count(index=index)["count"] for index in (month.old, month.new))
        if old != new:
            raise ReindexError(f"{month.new} holds {new} documents of {old}")

    def _open_for_writes(self, month: Month) -> None:
        self._client.indices.put_settings(index=month.old, settings={"index.blocks.write": None})

    def _best(self, indices: Sequence[str], queries: Sequence[str]) -> Iterator[tuple[str, ...]]:
        for text in queries:
            found: Any = self._client.search(index=list(indices), query=query(text), size=TOP, source=False)
            yield tuple(hit["_id"] for hit in found["hits"]["hits"])
