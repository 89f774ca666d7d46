"""All our indices at once: counted, deleted before a backup is restored, and completed after it."""

from datetime import UTC, datetime
from typing import Final

from elasticsearch import Elasticsearch

from ingest.document import ALIAS, LEDGER
from workers.store.indices import INDICES
from workers.store.setup import add_fields, create_indices, put_templates

HEALTH_S: Final = 300


class IndexSet:
    """The indices of the table, as they are in Elasticsearch. Needs the operator's key."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client

    def articles(self) -> int:
        """Return how many records and documents there are; 0 = nothing is lost if the indices are."""
        names = [LEDGER, ALIAS]
        self._client.indices.refresh(index=names, ignore_unavailable=True)
        return int(self._client.count(index=names, ignore_unavailable=True)["count"])

    def clear(self) -> None:
        """Delete all indices."""
        patterns = [name for kind in INDICES for name in kind.names if name not in kind.aliases]
        found = self._client.indices.get(index=patterns, ignore_unavailable=True, features="aliases")
        for name in found:
            self._client.indices.delete(index=name, ignore_unavailable=True)

    def half_built(self) -> list[str]:
        """Return what `warraq reindex` or `ledger split` builds, or has left when it was killed: it holds copies."""
        found = []
        for kind in (one for one in INDICES if one.monthly or one.grows):
            in_use = set(kind.aliases or (kind.name,))
            behind = self._client.indices.get(index=kind.rebuilt, ignore_unavailable=True, features="aliases")
            found += [name for name, one in behind.items() if not in_use & one["aliases"].keys()]
        return sorted(found)

    def complete(self) -> None:
        """Wait for the shards, and make what an older version's backup lacks: templates, indices, fields."""
        self._client.options(request_timeout=HEALTH_S).cluster.health(
            wait_for_status="yellow", wait_for_no_initializing_shards=True, timeout=f"{HEALTH_S}s"
        )
        put_templates(self._client)
        create_indices(self._client, datetime.now(UTC))
        add_fields(self._client)
