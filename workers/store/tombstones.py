"""The tombstones in Elasticsearch: what was forgotten, and must neither stay nor come back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any, Final

from elasticsearch import Elasticsearch

from ingest.document import TOMBSTONE, TOMBSTONES
from ingest.errors import WarraqError
from ingest.forget import Tombstone, keys_of
from workers.store.bulk import Write, is_found, send
from workers.store.fingerprints import taken
from workers.store.hits import pages
from workers.ttl_cache import TTLCache

FIRST: Final = 1
DONE: Final = 2
"""Versions of a tombstone: it is written twice, and never goes back to the first."""


class Tombstones:
    """Put, finish and list tombstones; ask whether something has one. To the workers' key they are read-only."""

    def __init__(self, client: Elasticsearch, index: str = TOMBSTONES) -> None:
        self._client = client
        self._index = index
        self._hosts: TTLCache[frozenset[str]] = TTLCache()

    def put(self, tombstones: Sequence[Tombstone]) -> None:
        """Write those that are not there yet; what one that is there says of its reason stays."""
        self._write(tombstones, FIRST)

    def finish(self, tombstones: Sequence[Tombstone], now: datetime) -> None:
        """Say that all that was stored is deleted."""
        self._write([replace(one, done_at=now) for one in tombstones], DONE)

    def all(self) -> list[Tombstone]:
        """Return all of them, the oldest first."""
        return self._found(None)

    def unfinished(self) -> list[Tombstone]:
        """Return those of which a run that was killed may have left something, the oldest first."""
        unfinished = {"bool": {"must_not": [{"exists": {"field": "done_at"}}]}}
        return self._found(unfinished)

    def barred(self, urls: Mapping[str, Iterable[str]]) -> set[str]:
        """Return which of some articles (id -> URLs) are forgotten, they or their hosts: as of now, in one request."""
        keys = {key: {key}.union(*map(_keys, some)) for key, some in urls.items()}
        asked = sorted(set().union(*keys.values()))
        if not asked:
            return set()
        docs = self._client.mget(index=self._index, ids=asked, source=False)["docs"]
        found = {doc["_id"] for doc in docs if is_found(doc, "tombstone")}
        return {key for key, mine in keys.items() if mine & found}

    def hosts(self) -> frozenset[str]:
        """Return the sites that were forgotten, at most a minute ago: each listing asks for them."""
        if (known := self._hosts.get("")) is not None:
            return known
        return self._hosts.put("", frozenset(one.host for one in self._found({"term": {"kind": "host"}})))

    def refresh(self) -> None:
        """Make everything written so far visible to searches."""
        self._client.indices.refresh(index=self._index)

    def _found(self, query: Mapping[str, Any] | None) -> list[Tombstone]:
        hits = chain.from_iterable(pages(self._client, self._index, query, ["at", "id"]))
        return [_tombstone(hit) for hit in hits]

    def _write(self, tombstones: Sequence[Tombstone], version: int) -> None:
        writes = [
            Write(self._index, one.id, TOMBSTONE.dump_python(one, mode="json"), version, "external")
            for one in tombstones
        ]
        for one, answer in zip(tombstones, send(self._client, writes), strict=True):
            taken(f"tombstone {one.id}", answer)


def _keys(url: str) -> set[str]:
    try:
        return set(keys_of(url)) if "://" in url else set()
    except WarraqError:  # no address that a host could be read from: it must not hold up the others
        return set()


def _tombstone(hit: Any) -> Tombstone:  # noqa: ANN401  # the client's answers are untyped
    return TOMBSTONE.validate_python(hit["_source"])
