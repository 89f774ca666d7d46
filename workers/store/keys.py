"""The three API keys: files that hold them, and their rights, the least that their users need.

*bootstrap* makes and changes indices (`warraq setup`, `warraq reindex`), *writer* is the workers', *reader* people's.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch

from workers.secrets import write_secret
from workers.settings import secret
from workers.store.indices import INDICES, IndexKind

BOOTSTRAP_KEY: Final = Path("setup", "bootstrap_key")
WRITER_KEY: Final = Path("workers", "writer_key")
READER_KEY: Final = Path("people", "reader_key")


def rights(kinds: Iterable[IndexKind] = INDICES) -> dict[Path, Mapping[str, Any]]:
    """Return each key's rights: nobody but the bootstrap key can delete or change an index."""
    kinds = tuple(kinds)
    return {
        BOOTSTRAP_KEY: {
            "cluster": ["monitor", "manage_index_templates"],
            "indices": [_may(kind, ("manage", "read", "write")) for kind in kinds],
        },
        WRITER_KEY: {
            "cluster": ["monitor"],
            "indices": [_may(kind, kind.writer) for kind in kinds],
        },
        READER_KEY: {
            "cluster": ["monitor"],
            "indices": [_may(kind, ("read", "view_index_metadata")) for kind in kinds if kind.readable],
        },
    }


def ensure_keys(elastic: Elasticsearch, url: str, folder: Path) -> None:
    """Create the keys that are missing."""
    for path, wanted in rights().items():
        ensure_key(elastic, url, folder / path, wanted)


def ensure_key(elastic: Elasticsearch, url: str, path: Path, wanted: Mapping[str, Any]) -> None:
    """Create an API key and save it, unless the saved one is still valid and has these rights."""
    if path.exists() and _is_good(url, secret(path), wanted):
        return
    answer = elastic.security.create_api_key(
        name=path.name,
        role_descriptors={path.name: dict(wanted)},
        metadata={"rights": json.dumps(wanted)},
    )
    write_secret(path, answer["encoded"])


def _may(kind: IndexKind, privileges: Iterable[str]) -> dict[str, list[str]]:
    return {"names": list(kind.names), "privileges": list(privileges)}


def _is_good(url: str, key: str, wanted: Mapping[str, Any]) -> bool:
    with Elasticsearch(url, api_key=key) as client:
        try:
            who = client.security.authenticate()
            mine = client.security.get_api_key(id=who["api_key"]["id"], owner=True)["api_keys"][0]
        except ApiError:
            return False
    return bool(mine["metadata"].get("rights") == json.dumps(wanted))
