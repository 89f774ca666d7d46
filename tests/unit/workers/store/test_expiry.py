"""What goes with a month."""

from fnmatch import fnmatchcase
from types import SimpleNamespace
from typing import Any, cast

from elasticsearch import Elasticsearch

from workers.store.expiry import Expiry, Month

THERE = ("news-v2-articles-2026.09", "news-v3-articles-2026.09", "news-v2-articles-2026.10", "news-v2-ledger")


def test_copies_that_a_reindex_has_left_go_with_their_month() -> None:
    deleted: list[str] = []

    def get(index: str, **_: object) -> dict[str, Any]:
        return {name: {} for name in THERE if fnmatchcase(name, index)}

    def delete(index: str) -> None:
        deleted.append(index)

    client = SimpleNamespace(indices=SimpleNamespace(get=get, delete=delete))
    client.options = lambda **_: client
    Expiry(cast("Elasticsearch", client)).drop(Month("2026.09", THERE[0], 1, 1))
    assert deleted == list(THERE[:2])
