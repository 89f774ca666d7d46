"""The operator: a person who may delete. Nothing that runs by itself has the key."""

from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from elasticsearch import Elasticsearch

from workers.frontier.aof import Aof
from workers.runtime import build_on, redis_client
from workers.settings import Settings
from workers.steps.backup import Keeper, place
from workers.steps.forget import Operator
from workers.store.connection import client_with_key_file
from workers.store.eraser import Eraser
from workers.store.index_set import IndexSet
from workers.store.keys import OPERATOR_KEY
from workers.store.snapshots import Snapshots
from workers.store.vault import Vault

USER: Final = "operator"
REDIS_PASSWORD: Final = Path("operator", "redis_password")
REQUEST_S: Final = 60.0


def operator(config: Settings) -> Operator:
    """Return the operator's clients. Raises SettingsError where the key is not to be had."""
    elastic = _elastic(config, config.secrets_dir / OPERATOR_KEY)
    parts = urlsplit(config.redis_url)
    address = parts.netloc.rpartition("@")[2]
    mine = {
        "redis_url": parts._replace(netloc=f"{USER}@{address}").geturl(),
        "redis_password_file": config.secrets_dir / REDIS_PASSWORD,
    }
    return Operator(
        build_on(config, redis_client(config), elastic),
        Eraser(elastic),
        Aof(redis_client(config.model_copy(update=mine))),
        IndexSet(elastic),
        tuple(Vault(url) for url in (str(config.backup_dir), config.backup_url) if url),
    )


@cache  # the task asks for it each minute
def keeper(config: Settings, key_file: Path | None = None) -> Keeper:
    """Return what makes backups, with the operator's key or another that may."""
    elastic = _elastic(config, key_file or config.secrets_dir / OPERATOR_KEY)
    rt = build_on(config, redis_client(config), elastic)
    return Keeper(rt, Snapshots(elastic, place(config)), Vault(str(config.backup_dir)))


def _elastic(config: Settings, key_file: Path) -> Elasticsearch:
    return client_with_key_file(config, key_file, request_timeout=REQUEST_S)
