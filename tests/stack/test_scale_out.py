"""Four process workers and two index workers: nothing is lost, nothing is there twice."""

import json
import os
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from deploy.compose.plain import FILLED_IN
from deploy.local import compose, places
from deploy.local.stack import Stack
from ingest.document import ALIAS, LEDGER
from ingest.ledger.record import State
from ingest.model import Source
from ingest.urls import article_id, canonical
from tests.chaos.newsroom import Newsroom
from workers.runtime import Runtime, build
from workers.settings import Settings

pytestmark = pytest.mark.stack

ARTICLES = 400
DEADLINE_S = 180


def extra_workers(process: int, index: int) -> dict[str, str]:
    """Name the workers beside the stack's own, which are `process@host` and `index@host`; each with its service."""
    wanted = {"process": process, "index": index}
    host = socket.gethostname()
    return {f"{service}{i}@{host}": service for service, count in wanted.items() for i in range(2, count + 1)}


def environment(stack: Stack, **more: str) -> dict[str, str]:
    return {**os.environ, **stack.env, "PATH": f"{places.interpreter_folder()}:{os.environ['PATH']}", **more}


def started(stack: Stack, node: str, service: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start one more worker of a kind, with the compose file's own command."""
    declared = compose.read(places.CHECKOUT / "docker-compose.yml", {**FILLED_IN, **os.environ})[service].command
    words = [node if word == f"{service}@%h" else word for word in declared]
    assert node in words
    with (folder / f"{node}.log").open("wb") as output:
        env = environment(stack, WARRAQ_HEARTBEAT_FILE=str(folder / node))
        return subprocess.Popen(words, cwd=places.CHECKOUT, env=env, stdout=output, stderr=output)


@contextmanager
def more_workers(stack: Stack, extra: dict[str, str], folder: Path) -> Iterator[None]:
    """Have extra workers at work while the context lasts."""
    with ExitStack() as ending:
        running = [started(stack, node, service, folder) for node, service in extra.items()]
        for one in running:
            ending.callback(one.wait, 60)
        for one in running:
            ending.callback(one.terminate)
        until(lambda: all((folder / node).exists() for node in extra), "the extra workers did not start")
        yield


def until(reached: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not reached():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


def tasks_done(stack: Stack, nodes: Iterable[str]) -> dict[str, int]:
    """Ask workers how many tasks each has had."""
    command = ["celery", "--app", "workers.app", "inspect", "stats", "--json", "--timeout", "10"]
    command += ["--destination", ",".join(nodes)]
    done = subprocess.run(
        command, cwd=places.CHECKOUT, env=environment(stack), capture_output=True, text=True, check=True, timeout=60
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return {node: sum(stats["total"].values()) for node, stats in told.items()}


def hits(client: Elasticsearch, index: str, sources: list[Source]) -> list[Any]:
    client.indices.refresh(index=index)
    query = {"terms": {"source_id": [source.id for source in sources]}}
    return list(client.search(index=index, query=query, size=3 * ARTICLES, version=True)["hits"]["hits"])


def test_more_workers_share_the_work_and_lose_and_repeat_nothing(
    stack: Stack, elasticsearch: Elasticsearch, tmp_path: Path
) -> None:
    extra = extra_workers(process=4, index=2)
    rt: Runtime = build(Settings(_env_file=stack.home / "env"))  # type: ignore[call-arg]
    with Newsroom(ARTICLES, int(time.time())) as newsroom, more_workers(stack, extra, tmp_path):
        sources = [
            Source(article_id(canonical(url)), "feed", url, interval_s=0, since_days=0) for url in newsroom.feeds
        ]
        for source in sources:
            rt.sources.put(source)
            rt.schedule.set(source.id, rt.now())
        until(lambda: ended(rt, sources) == ARTICLES, "not everything ended in time")
        shares = tasks_done(stack, extra)
        for source in sources:
            rt.sources.remove(source.id)

    documents, records = hits(elasticsearch, ALIAS, sources), hits(elasticsearch, LEDGER, sources)
    urls = Counter(canonical(story.url) for story in newsroom.stories)
    assert Counter(hit["_source"]["url"] for hit in documents) == urls
    assert Counter(hit["_source"]["url"] for hit in records) == urls
    bodies = {hit["_source"]["url"]: hit["_source"]["body"] for hit in documents}
    assert [story.url for story in newsroom.stories if story.sentence not in bodies[canonical(story.url)]] == []

    assert newsroom.repeated() == 0, "a page was fetched twice"
    assert {hit["_source"]["state"] for hit in records} == {State.INDEXED}
    assert len({hit["_version"] for hit in records}) == 1, "a step was done twice: every transition adds a version"
    assert shares.keys() == extra.keys()
    assert all(shares.values()), f"a worker that had no task proves nothing: {shares}"


def ended(rt: Runtime, sources: list[Source]) -> int:
    rt.ledger.refresh()
    query = {"terms": {"source_id": [source.id for source in sources]}}
    return sum(count for (state, _), count in rt.ledger.counts(query).items() if state != State.PENDING)
