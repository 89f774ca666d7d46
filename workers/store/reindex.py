"""New analyzers or mappings for existing articles: indices are rebuilt and swapped in while writes go on.

A month that has been rebuilt lives in `news-v2-articles-2026.11`; `news-articles-2026.11`, under which workers write,
is its alias. Until the swap the new index has one alias, the mark of the run that builds it, so nobody reads half a
month. A run that was killed leaves no state but that index and perhaps a write block; the next run begins anew.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from uuid import uuid4

from elasticsearch import Elasticsearch, NotFoundError

from ingest.document import ALIAS, ARTICLES
from workers.store.indices import ARTICLE_KIND
from workers.store.versions import Difference, ReindexError, differences, versions

COPY_TIMEOUT_S: Final = 3600
PASSES: Final = 5
SMALL: Final = 500
"""Documents that can be copied while writes are blocked: a moment's worth."""
BATCH: Final = 1000
"""Differences that are mended in one request."""
_VERSION: Final = re.compile(r"news-v(\d+)-")


@dataclass(slots=True)
class Month:
    """One month's index and its replacement."""

    name: str
    """What workers write to."""
    old: str
    new: str
    copied_to: dict[int, int] = field(default_factory=dict)
    """By shard, the sequence number (the shard's own count of its writes) up to which everything is copied."""


class Reindex:
    """Builds and swaps. A run that was killed anywhere is made good by the next."""

    def __init__(self, client: Elasticsearch, alias: str = ALIAS, prefix: str = ARTICLES) -> None:
        self._client = client.options(request_timeout=COPY_TIMEOUT_S, max_retries=0)
        self._alias = alias
        self._prefix = prefix
        self._run = uuid4().hex[:8]

    def months(self) -> list[Month]:
        """Return all months, oldest first."""
        behind = self._client.indices.get_alias(index=self._alias)
        months = [self._month(index, list(found["aliases"])) for index, found in behind.items()]
        return sorted(months, key=lambda month: month.name)

    def build(self, month: Month) -> None:
        """Create the new index and copy into it, until only a moment's writes are missing."""
        self._clear(month)
        self._open_for_writes(month)
        month.copied_to.clear()
        self._client.indices.create(
            index=month.new,
            aliases={self._mark(month): {}},
            settings=ARTICLE_KIND.settings(),
            mappings=ARTICLE_KIND.mapping,
        )
        for _ in range(PASSES):
            if self._catch_up(month) < SMALL:
                return

    def swap(self, month: Month) -> None:
        """Replace the old index by the new one in one step, which deletes the old one.

        Until then Elasticsearch refuses writes to the month (403): the flusher keeps what is refused and tries again.
        Raises ReindexError, and leaves everything as it was, if the two do not come to hold the same versions.
        """
        self._client.indices.add_block(index=month.old, block="write")  # returns when writes under way have ended
        try:
            self._catch_up(month)
            self._settle(month)
            self._switch(month)
        except BaseException:  # Ctrl-C too: nothing else removes the block
            self._open_for_writes(month)
            raise

    def drop(self, month: Month) -> None:
        """Delete the new index."""
        self._clear(month)

    def _month(self, index: str, aliases: Sequence[str]) -> Month:
        name = next((alias for alias in aliases if alias.startswith(self._prefix)), index)
        version = _VERSION.match(index)
        number = int(version[1]) + 1 if version else 2
        return Month(name, index, name.replace("news-", f"news-v{number}-", 1))

    def _mark(self, month: Month) -> str:
        return f"{month.new}-{self._run}"

    def _clear(self, month: Month) -> None:
        """Delete what a run has left. Its mark goes first: if that run is still alive, it can no longer swap.

        Elasticsearch refuses (404) if it has swapped just now, since when that index is everybody's.
        """
        if not self._client.indices.exists(index=month.new):
            return
        aliases = list(self._client.indices.get_alias(index=month.new)[month.new]["aliases"])
        if in_use := [alias for alias in aliases if not alias.startswith(f"{month.new}-")]:
            raise ReindexError(f"{month.new} is {', '.join(in_use)} already: another run has swapped it in")
        if taken := [{"remove": {"index": month.new, "alias": mark, "must_exist": True}} for mark in aliases]:
            self._client.indices.update_aliases(actions=taken)
        self._client.indices.delete(index=month.new)

    def _catch_up(self, month: Month) -> int:
        """Copy what each shard has written since the last time; return how many documents that was."""
        reached = self._written(month.old)
        self._client.indices.refresh(index=month.old)
        copied = 0
        for shard, number in reached.items():
            slice_ = {"slice": {"id": shard, "max": len(reached)}} if len(reached) > 1 else {}  # so many: one a shard
            newer = {"range": {"_seq_no": {"gt": month.copied_to.get(shard, -1)}}}
            copied += self._copy(month, {"query": newer, **slice_})
            month.copied_to[shard] = number
        return copied

    def _written(self, index: str) -> dict[int, int]:
        """Return, by shard, the sequence number up to which every write has ended."""
        stats = self._client.indices.stats(index=index, level="shards")["indices"][index]["shards"]
        return {
            int(shard): int(copy["seq_no"]["global_checkpoint"])
            for shard, copies in stats.items()
            for copy in copies
            if copy["routing"]["primary"]
        }

    def _copy(self, month: Month, what: Mapping[str, Any]) -> int:
        answer = self._client.reindex(
            source={"index": month.old, **what},
            dest={"index": month.new, "version_type": "external_gte"},
            conflicts="proceed",
            refresh=True,
        )
        if answer["failures"]:
            raise ReindexError(f"{month.new} refuses a document: {answer['failures'][0]}")
        return int(answer["total"])

    def _settle(self, month: Month) -> None:
        """Bring the new index to the documents and versions of the old one, and nothing else."""
        mended = 0
        for batch in self._batches(month):
            self._mend(month, batch)
            mended += len(batch)
        if mended and (left := next(self._batches(month), None)):
            raise ReindexError(
                f"{month.new} still differs from {month.old} after {mended} documents were mended: {left[0]}"
            )

    def _batches(self, month: Month) -> Iterator[list[Difference]]:
        self._client.indices.refresh(index=f"{month.old},{month.new}")
        found = differences(versions(self._client, month.old), versions(self._client, month.new))
        while batch := list(islice(found, BATCH)):
            yield batch

    def _mend(self, month: Month, batch: Sequence[Difference]) -> None:
        """Copy what the new index lacks or has in an older version; delete what is no longer in the old one."""
        if lacking := [one.id for one in batch if one.old is not None]:
            self._copy(month, {"query": {"ids": {"values": lacking}}})
        if gone := [one.id for one in batch if one.old is None]:
            self._client.bulk(index=month.new, operations=[{"delete": {"_id": key}} for key in gone])

    def _switch(self, month: Month) -> None:
        try:
            self._client.indices.update_aliases(
                actions=[
                    {"remove": {"index": month.new, "alias": self._mark(month), "must_exist": True}},
                    {"remove_index": {"index": month.old}},
                    {"add": {"index": month.new, "alias": month.name}},
                    {"add": {"index": month.new, "alias": self._alias}},
                ]
            )
        except NotFoundError as error:
            raise ReindexError(f"another run of `warraq reindex` has taken {month.new} over") from error

    def _open_for_writes(self, month: Month) -> None:
        self._client.options(ignore_status=404).indices.put_settings(
            index=month.old, settings={"index.blocks.write": None}
        )
