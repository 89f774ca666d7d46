"""Deletes what is stored of articles, from indices and then from Elasticsearch's disk. Needs the operator's key.

A deletion has the version of the forgotten record, which is far ahead of any other: for a minute (`index.gc_deletes`)
Elasticsearch itself refuses what a worker still had in hand.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from elasticsearch import Elasticsearch

from workers.store.bulk import ItemError

GONE: Final = frozenset({200, 404})
PATIENCE_S: Final = 3600
"""How long one index may take to be rewritten on disk."""
PAUSE_S: Final = 0.2
LOOKS: Final = 600
"""Looks at shards that hold what was deleted for the sake of their replicas: two minutes."""
AT_ONCE: Final = {
    "index.merge.policy.expunge_deletes_allowed": 0,
    "index.soft_deletes.retention_lease.sync_interval": f"{PAUSE_S * 1000:.0f}ms",
}
"""Otherwise Elasticsearch leaves up to a tenth of a segment as deleted documents, however often it is asked to drop
them, and drops none of the last half minute (its leases are how far replicas may still have to catch up)."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """One document that must go."""

    index: str
    id: str
    version: int | None = None
    """The version that is ahead of all others; None where nobody else writes it."""

    def action(self) -> dict[str, Any]:
        """Return its line of a bulk."""
        names: dict[str, Any] = {"_index": self.index, "_id": self.id}
        ahead = {"version": self.version, "version_type": "external_gte"} if self.version else {}
        return {"delete": names | ahead}


class Eraser:
    """Deletes documents, and their traces on disk."""

    def __init__(self, client: Elasticsearch, sleep: Callable[[float], object] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def delete(self, deletions: Sequence[Deletion]) -> None:
        """Delete documents; harmless where one is not there. Raises ItemError if one cannot be deleted now."""
        if not deletions:
            return
        answer = self._client.bulk(operations=[one.action() for one in deletions])
        for one, item in zip(deletions, answer["items"], strict=True):
            result = item["delete"]
            if result["status"] not in GONE and not _is_missing(result):
                raise ItemError(f"{one.index} {one.id}: {result['status']} {result.get('error')}")

    def from_disk(self, indices: Iterable[str]) -> None:
        """Rewrite what of the indices holds deleted documents, and drop their transaction logs."""
        for index in indices:
            self._rewrite(index)

    def _rewrite(self, index: str) -> None:
        patient = self._client.options(request_timeout=PATIENCE_S, max_retries=0)
        patient.indices.put_settings(index=index, settings=AT_ONCE)
        try:
            patient.indices.flush(index=index, force=True)
            self._wait_for_leases(index)
            patient.indices.flush(index=index, force=True)
            patient.indices.forcemerge(index=index, only_expunge_deletes=True)
            patient.indices.refresh(index=index)  # until then searches hold the old files
            patient.indices.flush(index=index, force=True)
        finally:
            patient.indices.put_settings(index=index, settings=dict.fromkeys(AT_ONCE))

    def _wait_for_leases(self, index: str) -> None:
        """Return when no shard keeps what was deleted before this call. Raises ItemError if one does for long."""
        reached: dict[str, int] = {}
        for _ in range(LOOKS):
            shards = self._shards(index)
            reached = reached or {name: int(one["seq_no"]["max_seq_no"]) for name, one in shards.items()}
            if all(_is_past(one, reached.get(name, -1)) for name, one in shards.items()):
                return
            self._sleep(PAUSE_S)
        raise ItemError(f"{index} still keeps for its replicas what was deleted; run it again")

    def _shards(self, index: str) -> dict[str, Any]:
        """Return the primary shards of an index, or of what an alias names."""
        found = self._client.indices.stats(index=index, level="shards")["indices"]
        return {
            f"{name}/{number}": copy
            for name, one in found.items()
            for number, copies in one["shards"].items()
            for copy in copies
            if copy["routing"]["primary"]
        }


def _is_past(shard: Any, reached: int) -> bool:  # noqa: ANN401  # as below
    return all(int(lease["retaining_seq_no"]) > reached for lease in shard["retention_leases"]["leases"])


def _is_missing(result: Any) -> bool:  # noqa: ANN401  # the client's answers are untyped
    return bool(result.get("error", {}).get("type") == "index_not_found_exception")
