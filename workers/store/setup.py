"""One-shot set-up of Elasticsearch: keys, templates, indices. Idempotent.

The elastic password creates the keys and the bootstrap key everything else; no other process has either.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError, Elasticsearch

from ingest.document import LEDGER
from ingest.errors import Permanent
from ingest.mappings import missing
from workers.settings import Settings, secret
from workers.store import room
from workers.store.connection import client
from workers.store.indices import INDICES
from workers.store.keys import BOOTSTRAP_KEY, ensure_keys

PATIENCE_S: Final = 300.0
"""How long Elasticsearch may take to answer at all."""
REQUEST_S: Final = 60.0
"""How long it may take over one request: the first template takes a busy machine 12 s; the client would wait 10."""


def set_up(config: Settings, password: str, folder: Path) -> None:
    """Create missing keys (in `folder`), the templates and the indices; say so if the disk is too full for them."""
    with client(config, basic_auth=("elastic", password), request_timeout=REQUEST_S) as elastic:
        wait_for(elastic)
        short = room.shortage(room.free_bytes(elastic))
        if short and not elastic.indices.exists(index=LEDGER):
            raise Permanent("disk_full", short)
        try:
            _set_up(elastic, config, folder)
        except ApiError as error:
            raise (Permanent("disk_full", short) if short else error) from error


def wait_for(elastic: Elasticsearch) -> None:
    """Wait until Elasticsearch answers and has its primary shards: at a restart of all it comes up beside `setup`."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            elastic.options(request_timeout=10, max_retries=0).cluster.health(wait_for_status="yellow", timeout="5s")
        except (TransportError, ApiError):
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
        else:
            return


def _set_up(elastic: Elasticsearch, config: Settings, folder: Path) -> None:
    ensure_keys(elastic, config, folder)
    with client(config, api_key=secret(folder / BOOTSTRAP_KEY), request_timeout=REQUEST_S) as bootstrap:
        put_templates(bootstrap, config.ledger_shards)
        create_indices(bootstrap, datetime.now(UTC))
        add_fields(bootstrap)


def put_templates(elastic: Elasticsearch, ledger_shards: int = 1) -> None:
    """Put one index template for each kind of index."""
    for kind in (replace(one, shards=ledger_shards) if one.grows else one for one in INDICES):
        elastic.indices.put_index_template(
            name=kind.name,
            index_patterns=[kind.pattern],
            priority=500,
            template={
                "settings": kind.settings(),
                "mappings": kind.mapping,
                "aliases": {alias: {} for alias in kind.aliases},
            },
        )


def create_indices(elastic: Elasticsearch, now: datetime) -> None:
    """Create the indices that are missing, of the monthly ones this month's."""
    for kind in INDICES:
        if not elastic.indices.exists(index=kind.index(now)):
            elastic.indices.create(index=kind.index(now))


def add_fields(elastic: Elasticsearch) -> None:
    """Add newly declared fields to the indices that are there; what a field is cannot be changed this way.

    Raises Permanent (`fields_refused`) that names every index that does not take them, once all others have theirs.
    """
    refused: list[str] = []
    for kind in INDICES:
        for index, one in elastic.indices.get_mapping(index=kind.pattern).items():
            if lacking := missing(kind.mapping["properties"], one["mappings"].get("properties", {})):
                try:
                    elastic.indices.put_mapping(index=index, properties=lacking)
                except BadRequestError as error:
                    refused.append(f"{index}: {_reason(error)}")
    if refused:
        raise Permanent("fields_refused", "; ".join(refused))


def _reason(error: ApiError) -> str:
    """Return what Elasticsearch says, without what surrounds it."""
    told = error.body.get("error") if isinstance(error.body, dict) else None
    return str(told.get("reason") or error) if isinstance(told, dict) else str(error)
