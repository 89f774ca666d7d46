"""One-shot set-up of Elasticsearch: keys, templates, indices. Idempotent.

The elastic password creates the keys and the bootstrap key everything else; no other process has either.
"""

from datetime import UTC, datetime
from pathlib import Path

from elasticsearch import Elasticsearch

from workers.settings import secret
from workers.store.indices import INDICES
from workers.store.keys import BOOTSTRAP_KEY, ensure_keys


def set_up(url: str, password: str, folder: Path) -> None:
    """Create missing keys (in `folder`), the templates and the indices."""
    with Elasticsearch(url, basic_auth=("elastic", password)) as elastic:
        ensure_keys(elastic, url, folder)
    with Elasticsearch(url, api_key=secret(folder / BOOTSTRAP_KEY)) as bootstrap:
        put_templates(bootstrap)
        create_indices(bootstrap, datetime.now(UTC))
        add_fields(bootstrap)


def put_templates(client: Elasticsearch) -> None:
    """Put one index template for each kind of index."""
    for kind in INDICES:
        client.indices.put_index_template(
            name=kind.name,
            index_patterns=[kind.pattern],
            priority=500,
            template={
                "settings": kind.settings(),
                "mappings": kind.mapping,
                "aliases": {alias: {} for alias in kind.aliases},
            },
        )


def create_indices(client: Elasticsearch, now: datetime) -> None:
    """Create the indices that are missing, of the monthly ones this month's."""
    for kind in INDICES:
        if not client.indices.exists(index=kind.index(now)):
            client.indices.create(index=kind.index(now))


def add_fields(client: Elasticsearch) -> None:
    """Add newly declared fields to the indices that are there; what a field is cannot be changed this way."""
    for kind in INDICES:
        client.indices.put_mapping(index=kind.pattern, properties=kind.mapping["properties"])
