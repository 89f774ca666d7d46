"""Single items of a bulk that Elasticsearch refuses, while the request as a whole succeeds."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from elasticsearch import Elasticsearch

from ingest.document import ARTICLES, LEDGER
from tests.chaos.faults.stores import wipe_redis
from tests.chaos.harness import Scene
from workers.settings import secret

DOCUMENTS: Final = f"{ARTICLES}*"


def refuse_in_turn(scene: Scene) -> None:
    """Block writes to documents, to records and to both: a genuine 403 for each item. Redis is wiped in the first."""
    with _superuser(scene) as client:
        for refused in ((DOCUMENTS,), (LEDGER,), (DOCUMENTS, LEDGER)):
            with _blocked(client, refused):
                time.sleep(scene.size.stopped_s / 3)
                if refused == (DOCUMENTS,):
                    wipe_redis(scene)


@contextmanager
def _blocked(client: Elasticsearch, indices: Sequence[str]) -> Iterator[None]:
    _set_block(client, indices, blocked=True)
    try:
        yield
    finally:
        _set_block(client, indices, blocked=False)


def _set_block(client: Elasticsearch, indices: Sequence[str], *, blocked: bool) -> None:
    client.indices.put_settings(index=list(indices), settings={"index.blocks.write": blocked or None})


@contextmanager
def _superuser(scene: Scene) -> Iterator[Elasticsearch]:
    password = secret(scene.rig.stack.home / "secrets" / "elasticsearch" / "elastic_password")
    url = f"http://127.0.0.1:{scene.rig.stack.elasticsearch_port}"
    with Elasticsearch(url, basic_auth=("elastic", password)) as client:
        yield client
