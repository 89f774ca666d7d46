"""More shards for the ledger: Elasticsearch splits its index in place, while writes to it are refused for a moment.

Ids are routed as before, so `op_type=create` and external versions hold. The new index is `news-v2-ledger`, and
`news-ledger`, under which everybody reads and writes, becomes its alias, in the step that deletes the old one. Until
then it has the mark of the run that builds it: of two runs, only the one whose mark is still there can end.
"""

import re
from contextlib import suppress
from typing import Final
from uuid import uuid4

from elasticsearch import Elasticsearch, NotFoundError

from ingest.document import LEDGER
from workers.store.versions import ReindexError

TIMEOUT_S: Final = 3600
_VERSION: Final = re.compile(r"news-v(\d+)-")


class Split:
    """Splits. A run that was killed anywhere is made good by the next."""

    def __init__(self, client: Elasticsearch, name: str = LEDGER) -> None:
        self._client = client.options(request_timeout=TIMEOUT_S, max_retries=0)
        self._name = name
        self._mark = name.replace("news-", f"news-v0-{uuid4().hex[:8]}-", 1)  # a name that the key's rights cover

    def shards(self) -> int:
        """Return how many it has."""
        settings = self._client.indices.get_settings(index=self._name)[self._behind()]["settings"]
        return int(settings["index"]["number_of_shards"])

    def records(self) -> int:
        """Return how many records there are."""
        self._client.indices.refresh(index=self._behind())
        return int(self._client.count(index=self._behind())["count"])

    def split(self, shards: int) -> None:
        """Split into so many shards. Raises ReindexError, with everything as before, if that cannot be.

        Meanwhile Elasticsearch refuses writes (403): for workers that is a service that is away.
        """
        old = self._behind()
        new = self._next(old)
        self._clear(new)
        self._open(old)
        if problem := misfit(self.shards(), shards):
            raise ReindexError(problem)
        self._client.indices.add_block(index=old, block="write")  # returns when writes under way have ended
        try:
            self._build(old, new, shards)
            self._switch(old, new)
        except BaseException:  # Ctrl-C too: nothing else removes the block
            try:
                self._give_up(new)
            finally:
                self._open(old)  # last: nothing that is written now may be missing in what another run builds
            raise

    def _build(self, old: str, new: str, shards: int) -> None:
        settings = {"index.number_of_shards": shards, "index.blocks.write": None}
        self._client.indices.split(
            index=old, target=new, settings=settings, aliases={self._mark: {}}, timeout="1h", master_timeout="1h"
        )
        self._client.cluster.health(index=new, wait_for_status="yellow", timeout="1h")
        self._client.indices.refresh(index=f"{old},{new}")
        before, after = (int(self._client.count(index=index)["count"]) for index in (old, new))
        if before != after:
            raise ReindexError(f"{new} has {after} records, {old} {before}")

    def _switch(self, old: str, new: str) -> None:
        try:
            self._client.indices.update_aliases(
                actions=[
                    {"remove": {"index": new, "alias": self._mark, "must_exist": True}},
                    {"remove_index": {"index": old}},
                    {"add": {"index": new, "alias": self._name}},
                ]
            )
        except NotFoundError as error:
            raise ReindexError("another run of `warraq ledger split` has begun meanwhile") from error

    def _behind(self) -> str:
        """Return the index behind the name; the name itself before the first split."""
        (index,) = self._client.indices.get_alias(index=self._name)
        return str(index)

    def _next(self, old: str) -> str:
        version = _VERSION.match(old)
        number = int(version[1]) + 1 if version else 2
        return self._name.replace("news-", f"news-v{number}-", 1)

    def _clear(self, new: str) -> None:
        """Delete what a run has left. Its mark goes first: if that run is still alive, it can no longer end.

        Elasticsearch refuses (404) if it has ended just now, since when that index is the ledger.
        """
        if not self._client.indices.exists(index=new):
            return
        marks = list(self._client.indices.get_alias(index=new)[new]["aliases"])
        if self._name in marks:
            raise ReindexError(f"{new} is {self._name} already: another run has ended")
        if marks:
            self._client.indices.update_aliases(
                actions=[{"remove": {"index": new, "alias": mark, "must_exist": True}} for mark in marks]
            )
        self._client.indices.delete(index=new)

    def _give_up(self, new: str) -> None:
        """Delete what this run has built; if another has begun since, or ended, it is that one's."""
        with suppress(NotFoundError):
            mine = {"remove": {"index": new, "alias": self._mark, "must_exist": True}}
            self._client.indices.update_aliases(actions=[mine])
            self._client.indices.delete(index=new)

    def _open(self, index: str) -> None:
        self._client.options(ignore_status=404).indices.put_settings(index=index, settings={"index.blocks.write": None})


def misfit(has: int, wanted: int) -> str:
    """Return why an index of so many shards cannot be split into so many; '' = it can."""
    factor, rest = divmod(wanted, has)
    if wanted > has and not rest and factor & (factor - 1) == 0:
        return ""
    return f"the ledger has {has} shard{'s' * (has > 1)}: it can be split into {has * 2}, {has * 4}, {has * 8} …"
