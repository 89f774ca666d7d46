"""The poll workers are away for an hour, while thousands of sources fall due."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from elasticsearch import Elasticsearch, helpers

from ingest.document import SOURCE, SOURCES
from ingest.model import Source
from ingest.urls import article_id, canonical
from tests.chaos.faults.processes import away
from tests.chaos.harness import Scene
from tests.chaos.waiting import wait_for
from workers.runtime import elasticsearch_client, redis_client
from workers.steps.tick import POLLS_QUEUED

AWAY: Final = timedelta(hours=1)
DAY_S: Final = 86_400
GROWTH: Final = 20 * 10**6
OUT_OF_ORDER: Final = 2 * POLLS_QUEUED
"""Places: those in the queue and those in the workers' hands overtake each other."""
POLLED_WITHIN_S: Final = 600.0


def leave_polls(scene: Scene) -> None:
    """Stop the poll worker while sources fall due, one after the other; then each is polled once, oldest first."""
    sources = [_source(scene.newsroom.quiet(number)) for number in range(scene.size.sources)]
    before = _used(scene)
    with elasticsearch_client(scene.rt.settings) as client:
        scene.closing.append(lambda: _remove(scene, sources))
        with away(scene, "poll"):
            _add(client, sources)
            step, now = AWAY / len(sources), scene.rt.now()
            scene.rt.schedule.add_missing({one.id: now - AWAY + n * step for n, one in enumerate(sources)})
            time.sleep(scene.size.stopped_s)
            _bounded(scene, before)
    seen = scene.newsroom.asked
    if not wait_for(lambda: seen().keys() >= {source.url for source in sources}, POLLED_WITHIN_S):
        scene.problems.append(f"{sum(source.url not in seen() for source in sources)} sources were never polled")
    _bounded(scene, before)
    _fair(scene, [source.url for source in sources])


def _bounded(scene: Scene, before: int) -> None:
    if (waiting := scene.rt.gauge.queued("poll")) > POLLS_QUEUED:
        scene.problems.append(f"{waiting} messages in the poll queue")
    if (grown := _used(scene) - before) > GROWTH:
        scene.problems.append(f"Redis has grown by {grown} bytes")


def _fair(scene: Scene, urls: Sequence[str]) -> None:
    """Compare the order of the first polls with that in which the sources fell due."""
    place = {url: n for n, url in enumerate(urls)}
    asked = scene.newsroom.asked()
    twice = [url for url in urls if asked.get(url, 0) > 1]
    polled = [place[url] for url in asked if url in place]
    most = max((abs(n - due) for n, due in enumerate(polled)), default=0)
    if twice or most > OUT_OF_ORDER:
        scene.problems.append(f"{len(twice)} sources were polled twice; one {most} places before or after its turn")


def _source(url: str) -> Source:
    return Source(id=article_id(canonical(url)), kind="feed", url=url, name=url, interval_s=DAY_S, since_days=0)


def _add(client: Elasticsearch, sources: Sequence[Source]) -> None:
    actions = ({"_index": SOURCES, "_id": one.id, **SOURCE.dump_python(one, mode="json")} for one in sources)
    helpers.bulk(client, actions, refresh=True)


def _remove(scene: Scene, sources: Sequence[Source]) -> None:
    with elasticsearch_client(scene.rt.settings) as client:
        helpers.bulk(client, ({"_op_type": "delete", "_index": SOURCES, "_id": one.id} for one in sources))
    for one in sources:
        scene.rt.schedule.set(one.id, None)


def _used(scene: Scene) -> int:
    with redis_client(scene.rt.settings) as client:
        return int(client.info("memory")["used_memory"])
