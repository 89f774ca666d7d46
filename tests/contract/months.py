"""A month of its own for the tests of `warraq reindex`: made, filled, rebuilt, removed."""

from types import SimpleNamespace
from typing import Any, Final

from elasticsearch import Elasticsearch

from ingest.document import ALIAS, ARTICLES
from workers.store.reindex import Month, Reindex
from workers.store.versions import versions

NAME: Final = f"{ARTICLES}1999.01"
REBUILT: Final = "news-v*-articles-1999.01"
SHARDS: Final = 3
PLAIN: Final = SimpleNamespace(
    settings=lambda: {"number_of_shards": SHARDS, "number_of_replicas": 0},
    mapping={"properties": {"id": {"type": "keyword"}}},
)
"""A kind that is made in no time: no analyzers."""


def create(client: Elasticsearch, **what: Any) -> None:
    remove(client)
    client.indices.create(index=NAME, aliases={ALIAS: {}}, **what)


def remove(client: Elasticsearch) -> None:
    names = client.indices.get(index=[f"{NAME}*", REBUILT], features="aliases")
    if names:
        client.indices.delete(index=list(names))


def put(client: Elasticsearch, index: str, key: str, version: int) -> None:
    client.index(index=index, id=key, document={"id": key}, version=version, version_type="external_gte")


def month(work: Reindex) -> Month:
    return next(one for one in work.months() if one.name == NAME)


def rebuild(client: Elasticsearch) -> None:
    work = Reindex(client)
    rebuilt = month(work)
    work.build(rebuilt)
    work.swap(rebuilt)


def held(client: Elasticsearch, index: str = NAME) -> dict[str, int]:
    client.indices.refresh(index=index)
    return dict(versions(client, index))
