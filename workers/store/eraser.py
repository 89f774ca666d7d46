"""Deletes what is stored of articles, from indices and then from Elasticsearch's disk. Needs the operator's key.

A deletion has the version of the forgotten record, which is far ahead of any other: for a minute (`index.gc_deletes`)
Elasticsearch itself refuses what a worker still had in hand.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from elasticsearch import Elasticsearch

from workers.store.bulk import ItemError

GONE: Final = frozenset({200, 404})
PATIENCE_S: Final = 3600
"""How long one index may take to be rewritten on disk."""
PAUSE_S: Final = 0.5
LOOKS: Final = 240
"""Looks at shards that hold what was deleted for the sake of their replicas: two minutes. They are told how far these
are each 30 s, and merging drops nothing before (its leases: elastic/elasticsearch#56667)."""
ALL: Final = {"index.merge.policy.expunge_deletes_allowed": 0}
"""Otherwise Elasticsearch leaves up to a tenth of a segment as deleted documents, however often it is asked to drop
them."""


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

    def from_disk(self, indices: Sequence[str]) -> None:
        """Rewrite what of the indices holds deleted documents, and drop their transaction logs: half a minute at least.

        Raises ItemError if a shard keeps what was deleted for long.
        """
        patient = self._client.options(request_timeout=PATIENCE_S, max_retries=0)
        patient.indices.flush(index=list(indices), force=True)
        self._wait_for_leases(indices)
        for index in indices:
            self._rewrite(patient, index)

    def _rewrite(self, patient: Elasticsearch, index: str) -> None:
        patient.indices.put_settings(index=index, settings=ALL)
        try:
            patient.indices.flush(index=index, force=True)
            patient.indices.forcemerge(index=index, only_expunge_deletes=True)
            patient.indices.refresh(index=index)  # until then searches hold the old files
            patient.indices.flush(index=index, force=True)
        finally:
            patient.indices.put_settings(index=index, settings=dict.fromkeys(ALL))

    def _wait_for_leases(self, indices: Sequence[str]) -> None:
        reached: dict[str, int] = {}
        for _ in range(LOOKS):
            shards = self._shards(indices)
            reached = reached or {name: int(one["seq_no"]["max_seq_no"]) for name, one in shards.items()}
            if all(_is_past(one, reached.get(name, -1)) for name, one in shards.items()):
                return
            self._sleep(PAUSE_S)
        raise ItemError(f"{', '.join(indices)}: what was deleted is still kept for replicas; run it again")

    def _shards(self, indices: Sequence[str]) -> dict[str, Any]:
        """Return the primary shards of some indices, or of what aliases name."""
        found = self._client.indices.stats(index=list(indices), level="shards")["indices"]
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
