"""The API keys: files that hold them, and their rights, the least that their users need.

*bootstrap* makes and changes indices (`warraq setup`, `warraq reindex`), *writer* is the workers', *reader* people's;
the desk has a reader's key of its own. *retention* removes what is too old, and no worker that handles articles has it.
*operator* deletes anything, backs up and restores: a person's, no process has it.
"""

import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch

from workers.secrets import write_secret
from workers.settings import Settings, secret
from workers.store.connection import client
from workers.store.indices import INDICES, IndexKind

BOOTSTRAP_KEY: Final = Path("setup", "bootstrap_key")
WRITER_KEY: Final = Path("workers", "writer_key")
READER_KEY: Final = Path("people", "reader_key")
DESK_KEY: Final = Path("desk", "reader_key")
RETENTION_KEY: Final = Path("upkeep", "retention_key")
OPERATOR_KEY: Final = Path("operator", "operator_key")
SNAPSHOTS: Final = ("cluster:admin/snapshot/*", "cluster:admin/repository/*")
BACKUP: Final = tuple(
    f"cluster:admin/{what}"
    for what in ("snapshot/create", "snapshot/get", "snapshot/delete", "repository/put", "repository/get")
)
"""To make backups, not to restore them."""
READ: Final = ("read", "monitor", "maintenance", "view_index_metadata")


def rights(kinds: Iterable[IndexKind] = INDICES) -> dict[Path, Mapping[str, Any]]:
    """Return each key's rights: only the bootstrap and the operator's key can change an index."""
    kinds = tuple(kinds)
    reads = {
        "cluster": ["monitor"],
        "indices": [_may(kind, ("read", "view_index_metadata")) for kind in kinds if kind.readable],
    }
    return {
        BOOTSTRAP_KEY: {
            "cluster": ["monitor", "manage_index_templates"],
            "indices": [_may(kind, ("manage", "read", "write")) for kind in kinds],
        },
        WRITER_KEY: {
            "cluster": ["monitor"],
            "indices": [_may(kind, kind.writer) for kind in kinds],
        },
        RETENTION_KEY: {
            "cluster": ["monitor", *BACKUP],
            "indices": [_may(kind, (*READ, *kind.retention)) for kind in kinds],
        },
        READER_KEY: reads,
        DESK_KEY: reads,
        OPERATOR_KEY: {
            "cluster": ["monitor", "manage_index_templates", *SNAPSHOTS],
            "indices": [_may(kind, ("all",)) for kind in kinds],
        },
    }


def ensure_keys(elastic: Elasticsearch, config: Settings, folder: Path) -> None:
    """Replace the keys that are missing, no longer valid, or without the rights that they need now."""
    for path, wanted in rights().items():
        if not (folder / path).exists() or not _is_good(config, secret(folder / path), wanted):
            replace(elastic, folder / path, wanted)


def rotate(elastic: Elasticsearch, folder: Path) -> list[Path]:
    """Replace all keys; return their files."""
    for path, wanted in rights().items():
        replace(elastic, folder / path, wanted)
    return [folder / path for path in rights()]


def replace(elastic: Elasticsearch, path: Path, wanted: Mapping[str, Any]) -> None:
    """Create an API key, save it, then invalidate the one it replaces: a client that is refused finds the new one."""
    superseded = _id_of(secret(path)) if path.exists() else None
    answer = elastic.security.create_api_key(
        name=path.name,
        role_descriptors={path.name: dict(wanted)},
        metadata={"rights": json.dumps(wanted)},
    )
    write_secret(path, answer["encoded"])
    if superseded:
        elastic.options(ignore_status=404).security.invalidate_api_key(ids=[superseded])


def _may(kind: IndexKind, privileges: Iterable[str]) -> dict[str, list[str]]:
    return {"names": list(kind.names), "privileges": list(privileges)}


def _id_of(key: str) -> str | None:
    """Return the id in an encoded key, or None if the file holds something else: on Kubernetes it begins empty."""
    try:
        return b64decode(key, validate=True).decode().partition(":")[0] or None
    except ValueError:
        return None


def _is_good(config: Settings, key: str, wanted: Mapping[str, Any]) -> bool:
    with client(config, api_key=key) as holder:
        try:
            who = holder.security.authenticate()
            mine = holder.security.get_api_key(id=who["api_key"]["id"], owner=True)["api_keys"][0]
        except ApiError:
            return False
    return bool(mine["metadata"].get("rights") == json.dumps(wanted))
