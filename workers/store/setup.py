"""One-shot set-up of Elasticsearch: templates, indices and the three keys. Idempotent.

The elastic password creates the keys and the bootstrap key everything else; no other process has either.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch

from ingest.document import ALIAS, ARTICLES, LEDGER, MAPPINGS, SOURCES, TALLIES
from workers.secrets import write_secret
from workers.settings import secret
from workers.store.analysis import analysis

ARTICLE_INDICES: Final = "news-articles"
"""The kind of index that the monthly ones are."""
PLAIN_QUERY: Final = ["title", "body", "caption"]
"""What `news/_search?q=…` searches, which names no field."""
BOOTSTRAP_KEY: Final = Path("setup", "bootstrap_key")
WRITER_KEY: Final = Path("workers", "writer_key")
READER_KEY: Final = Path("people", "reader_key")

KEYS: Final[Mapping[Path, Mapping[str, Any]]] = {
    BOOTSTRAP_KEY: {
        "cluster": ["monitor", "manage_index_templates"],
        "indices": [{"names": ["news", "news-*"], "privileges": ["manage", "read", "write"]}],
    },
    WRITER_KEY: {
        "cluster": ["monitor"],
        "indices": [
            {"names": [f"{ARTICLES}*"], "privileges": ["read", "index", "create_index", "view_index_metadata"]},
            {"names": [ALIAS, LEDGER, TALLIES], "privileges": ["read", "index", "maintenance", "view_index_metadata"]},
            {"names": [SOURCES], "privileges": ["read", "write", "maintenance", "view_index_metadata"]},
        ],
    },
    READER_KEY: {
        "cluster": ["monitor"],
        "indices": [{"names": [ALIAS, "news-*"], "privileges": ["read", "view_index_metadata"]}],
    },
}
"""Each key's rights, the least that its users need: nobody but the bootstrap key can delete or change an index."""


def set_up(url: str, password: str, folder: Path) -> None:
    """Create missing keys (in `folder`), the templates and the indices."""
    elastic = Elasticsearch(url, basic_auth=("elastic", password))
    for path, rights in KEYS.items():
        ensure_key(elastic, url, folder / path, rights)
    with Elasticsearch(url, api_key=secret(folder / BOOTSTRAP_KEY)) as bootstrap:
        put_templates(bootstrap)
        for index in (LEDGER, SOURCES, TALLIES, f"{ARTICLES}{datetime.now(UTC):%Y.%m}"):
            if not bootstrap.indices.exists(index=index):
                bootstrap.indices.create(index=index)
        add_fields(bootstrap)
    elastic.close()


def ensure_key(elastic: Elasticsearch, url: str, path: Path, rights: Mapping[str, Any]) -> None:
    """Create an API key and save it, unless the saved one is still valid and has these rights."""
    if path.exists() and _is_good(url, secret(path), rights):
        return
    answer = elastic.security.create_api_key(
        name=path.name,
        role_descriptors={path.name: dict(rights)},
        metadata={"rights": json.dumps(rights)},
    )
    write_secret(path, answer["encoded"])


def index_settings(kind: str) -> dict[str, Any]:
    """Return the settings of a kind of index; the articles' hold the analyzers.

    Who searches the ledger for an answer that must be fresh refreshes it first; every second, it costs as much as the
    articles' own refresh.
    """
    settings: dict[str, Any] = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
    if kind == LEDGER:
        settings |= {"refresh_interval": "5s"}
    if kind == ARTICLE_INDICES:
        settings |= {"analysis": analysis(), "query": {"default_field": PLAIN_QUERY}}
    return settings


def put_templates(client: Elasticsearch) -> None:
    """Put one index template for each kind of index; the articles' one carries the alias and the analyzers."""
    for name, mapping in MAPPINGS.items():
        articles = name == ARTICLE_INDICES
        client.indices.put_index_template(
            name=name,
            index_patterns=[f"{ARTICLES}*" if articles else name],
            priority=500,
            template={
                "settings": index_settings(name),
                "mappings": mapping,
                "aliases": {ALIAS: {}} if articles else {},
            },
        )


def add_fields(client: Elasticsearch) -> None:
    """Add newly declared fields to existing indices. The type of a field cannot be changed this way."""
    for name, mapping in MAPPINGS.items():
        index = f"{ARTICLES}*" if name == ARTICLE_INDICES else name
        client.indices.put_mapping(index=index, properties=mapping["properties"])


def _is_good(url: str, key: str, rights: Mapping[str, Any]) -> bool:
    with Elasticsearch(url, api_key=key) as client:
        try:
            who = client.security.authenticate()
            mine = client.security.get_api_key(id=who["api_key"]["id"], owner=True)["api_keys"][0]
        except ApiError:
            return False
    return bool(mine["metadata"].get("rights") == json.dumps(rights))
