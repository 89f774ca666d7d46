"""The real stack for a benchmark: started from docker-compose.yml in an empty state folder of its own."""

import os
import shutil
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from elasticsearch import Elasticsearch, helpers

from deploy.local import places
from deploy.local import stack as local
from deploy.local.stack import Stack
from deploy.local.supervise import Supervisor
from ingest.document import SOURCE, SOURCES
from ingest.model import Source
from ingest.urls import article_id, canonical, host_of
from workers.runtime import Runtime, build
from workers.settings import Settings, secret

OVERRIDES: Final[Mapping[str, str]] = {"WARRAQ_FETCH_ALLOW": "127.0.0.0/8,::1/128", "WARRAQ_POLITENESS_S": "0"}
HEAP: Final = "1g"
"""As in docker-compose.yml."""
SUFFIX: Final = "-bench"


class Rig:
    """The stack with nothing in it, a runtime of our own, and a client that may do everything."""

    def __init__(self, *, events: bool = True) -> None:
        self._overrides = {**OVERRIDES, "WARRAQ_TASK_EVENTS": str(events).lower()}
        home = str(places.home()).removesuffix(SUFFIX)
        os.environ["WARRAQ_HOME"] = f"{home}{SUFFIX}"  # what lies there is thrown away: never a person's stack
        self.home = places.home()
        self.stack: Stack
        self.rt: Runtime
        self.client: Elasticsearch

    def pids(self) -> dict[str, int]:
        """Return the process group of each running service."""
        return {name: info.pid for name, info in Supervisor(self.home).all().items() if info.up and info.pid}

    def add_sources(self, urls: Sequence[str], interval_s: int = 0) -> None:
        """Enter feeds as sources, which are polled when their time is set, and not before."""
        actions = (
            {"_index": SOURCES, "_id": one.id, "_source": SOURCE.dump_python(one, mode="json")}
            for one in (source_of(url, interval_s) for url in urls)
        )
        helpers.bulk(self.client, actions, refresh=True)

    def __enter__(self) -> Self:
        local.down(_quietly)
        shutil.rmtree(self.home, ignore_errors=True)
        self.stack = local.up(self._overrides, HEAP, _quietly)
        self.rt = build(Settings(_env_file=self.home / "env"))  # type: ignore[call-arg]  # pydantic-settings' own argument
        password = secret(self.home / "secrets" / "elasticsearch" / "elastic_password")
        url = f"http://127.0.0.1:{self.stack.elasticsearch_port}"
        self.client = Elasticsearch(url, basic_auth=("elastic", password), request_timeout=60)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.client.close()
        local.down(_quietly)

    def sizes(self) -> dict[str, float]:
        """Return the bytes that lie in Elasticsearch (articles, ledger) and in the page store."""
        stats: Any = self.client.indices.stats(metric="store")["indices"]
        sizes = {"articles": 0.0, "ledger": 0.0}
        for name, told in stats.items():
            kind = {"news-articles": "articles", "news-ledger": "ledger"}.get(name.rpartition("-")[0], name)
            kind = "ledger" if name == "news-ledger" else kind
            if kind in sizes:
                sizes[kind] += told["total"]["store"]["size_in_bytes"]
        pages = self.home / "data" / "pages"
        sizes["pages"] = float(sum(file.stat().st_size for file in pages.rglob("*.gz")))
        return sizes


def source_of(url: str, interval_s: int = 0) -> Source:
    """Return the source that a feed's URL is."""
    return Source(id=article_id(canonical(url)), kind="feed", url=url, name=host_of(url), interval_s=interval_s)


def _quietly(_: str) -> None:
    pass
