"""Which indices a rebuild has not put in place."""

from fnmatch import fnmatchcase
from types import SimpleNamespace
from typing import Any, cast

from elasticsearch import Elasticsearch

from workers.store.index_set import IndexSet

INDICES = {
    "news-articles-2026.09": ["news"],
    "news-v2-articles-2026.10": ["news", "news-articles-2026.10"],
    "news-v2-articles-2026.11": ["news-v2-articles-2026.11-0af3"],
    "news-v3-articles-2026.10": [],
    "news-v2-ledger": ["news-ledger"],
    "news-v3-ledger": ["news-v0-0af3-ledger"],
    "news-sources": [],
}


def test_what_nobody_reads_yet_is_half_built() -> None:
    def get(index: str, **_: object) -> dict[str, Any]:
        return {
            name: {"aliases": {alias: {} for alias in aliases}}
            for name, aliases in INDICES.items()
            if any(fnmatchcase(one, index) for one in (name, *aliases))
        }

    client = SimpleNamespace(indices=SimpleNamespace(get=get))
    assert IndexSet(cast("Elasticsearch", client)).half_built() == [
        "news-v2-articles-2026.11",
        "news-v3-articles-2026.10",
        "news-v3-ledger",
    ]
