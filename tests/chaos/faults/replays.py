"""Everything that is stored is processed again, far more than Redis could hold whole."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from elasticsearch import helpers

from ingest.document import LEDGER, RECORD, document, index_of
from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Page, Source
from ingest.urls import article_id, canonical, host_of
from tests.chaos.harness import Scene
from tests.chaos.texts import Story
from tests.chaos.waiting import wait_for, wait_while_it_moves
from workers.runtime import elasticsearch_client
from workers.steps.patience import Patience
from workers.steps.reopen import replay
from workers.store.selection import Selection

OLD: Final = "قديم"
"""The section of every document before the replay: the stored pages have none."""
PATIENCE_S: Final = 600.0
STUCK_S: Final = 60.0
"""Seconds in which not one article more is done."""
HTML: Final = (("Content-Type", "text/html; charset=utf-8"),)


def replay_all(scene: Scene) -> None:
    """Store articles as if they had come long ago, and replay them; every document is new then, and none is missing."""
    wanted = scene.size.replayed
    source = Source(id=article_id(canonical(scene.newsroom.quiet(0))), kind="feed", url=scene.newsroom.quiet(0))
    with elasticsearch_client(scene.rt.settings) as client:
        for _ in helpers.streaming_bulk(client, _stored(scene, source), chunk_size=400):
            pass
        client.indices.refresh(index=LEDGER)
    fullest = [0.0]
    which = Selection(states=(State.INDEXED,), source_ids=(source.id,))
    done = replay(
        scene.rt, which=which, patience=Patience(PATIENCE_S), each=lambda _: fullest.append(scene.rt.gauge.fullness())
    )
    if done.count != wanted or not 0 < max(fullest) < 1:
        scene.problems.append(f"{done}, {wanted} are stored; Redis was full to {max(fullest)}")
    wait_while_it_moves(lambda: _documents(scene, source.id)[1], STUCK_S)
    if not wait_for(lambda: _is_done(scene, source.id), STUCK_S):  # documents come first
        scene.problems.append(f"ledger {_records(scene, source.id)}, documents {_documents(scene, source.id)}")


def _is_done(scene: Scene, source_id: str) -> bool:
    all_ = scene.size.replayed
    return _records(scene, source_id) == {("indexed", ""): all_} and _documents(scene, source_id) == (all_, 0)


def _records(scene: Scene, source_id: str) -> dict[tuple[str, str], int]:
    scene.rt.ledger.refresh()
    return scene.rt.ledger.counts({"term": {"source_id": source_id}})


def _documents(scene: Scene, source_id: str) -> tuple[int, int]:
    """Return how many documents there are, and how many of them are as before."""
    scene.rt.index.refresh()
    mine, old = {"term": {"source_id": source_id}}, {"term": {"section": OLD}}
    counts = [scene.rt.index.documents_by_source({"bool": {"filter": some}}) for some in ([mine], [mine, old])]
    return counts[0].get(source_id, 0), counts[1].get(source_id, 0)


def _stored(scene: Scene, source: Source) -> Iterator[dict[str, Any]]:
    """Put pages into the store, and yield their documents and records."""
    for number in range(scene.size.replayed):
        story, html = scene.newsroom.archived(number)
        record = ended(admitted(source, Entry(story.url), scene.since), State.INDEXED, scene.since)
        scene.rt.pages.put(record.id, Page(story.url, 200, HTML, html.encode(), scene.since), record.asked_at)
        yield from _written(record, story)


def _written(record: Record, story: Story) -> Iterator[dict[str, Any]]:
    article = Article(record.id, story.url, OLD, OLD, admitted_at=record.admitted_at, source_id=record.source_id)
    article = replace(article, section=OLD, host=host_of(story.url))
    version = {"_version": record.version, "_version_type": "external"}
    yield {"_index": index_of(record), "_id": record.id, **version, "_source": document(article)}
    yield {"_index": LEDGER, "_id": record.id, **version, "_source": RECORD.dump_python(record, mode="json")}
