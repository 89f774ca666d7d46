"""Outcomes on their way to Elasticsearch."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from elastic_transport import ConnectionTimeout
from redis.client import Pipeline

from ingest.ledger.record import State
from ingest.urls import article_id
from tests.fakes import World, fetched, lease_over, polled
from tests.unit.workers.steps.site import SOURCE
from workers.steps import index as flusher
from workers.steps import process as processing
from workers.steps.sweep import sweep
from workers.store import stream
from workers.store.outcomes import Outcome


def test_what_elasticsearch_cannot_take_now_stays_in_the_stream(listed: World) -> None:
    key = article_id("http://h/1")
    listed.elastic.verdicts["document", key] = 429
    listed.run()
    assert listed.rt.stream.depth() == 1
    assert listed.ledger.records[key].state is State.PENDING
    assert listed.rt.leases.whereabouts([listed.ledger.records[key]]) == ["in_progress"]


def test_what_elasticsearch_refuses_fails(listed: World) -> None:
    key = article_id("http://h/1")
    listed.elastic.verdicts["document", key] = 400
    listed.run()
    assert listed.ledger.records[key].reason == "refused_by_index"
    assert listed.rt.stream.depth() == 0


def test_an_elasticsearch_that_is_away_is_left_in_peace_for_a_while(
    listed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled(listed, SOURCE.id)
    key, write = article_id("http://h/1"), listed.index.write
    fetched(listed, key)
    processing.process_page(listed.rt, key)

    def away(*_: object) -> None:
        raise ConnectionTimeout("10 s")

    monkeypatch.setattr(listed.index, "write", away)
    assert flusher.flush(listed.rt, block_ms=1, linger_s=0) == 0
    monkeypatch.setattr(listed.index, "write", write)
    assert listed.rt.stream.rests()
    assert flusher.flush(listed.rt, block_ms=1, linger_s=0) == 0
    assert listed.ledger.records[key].state is State.PENDING
    listed.redis.delete(stream.RESTS)
    assert flusher.flush(listed.rt, block_ms=1, linger_s=0) == 1
    assert listed.ledger.records[key].state is State.INDEXED


def test_a_redis_that_is_wiped_while_an_outcome_is_handed_over_does_not_hide_it(
    listed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled(listed, SOURCE.id)
    key, end = article_id("http://h/1"), type(listed.rt.leases).finish
    fetched(listed, key)

    def wiped(*args: object) -> None:
        listed.redis.flushall()
        end(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(listed.rt.leases), "finish", wiped)
    processing.process_page(listed.rt, key)
    held = listed.rt.leases.whereabouts([listed.ledger.records[key]]) == ["in_progress"]
    assert listed.rt.stream.depth() == held, "what is said to be in the stream must be there"


def test_whoever_compares_articles_is_told_how_long_all_their_texts_are(
    listed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many are read at once as there is room for: a hundred with captions and lists of 65,000 characters are not."""
    real = listed.rt.stream.add

    def add(outcome: Outcome, pipe: Pipeline | None = None) -> None:
        article = outcome.article and replace(outcome.article, caption="م" * 50_000, tags=("و" * 30_000, "ف" * 20_000))
        real(replace(outcome, article=article), pipe)

    monkeypatch.setattr(listed.rt.stream, "add", add)
    listed.run()
    (waiting,) = listed.rt.ungrouped.first(2)
    assert waiting.chars is not None
    assert waiting.chars > 100_000


def test_an_outcome_that_comes_after_its_article_was_begun_anew_does_not_hold_it_for_an_hour(
    listed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    listed.rt.lanes.pop(9)
    fetched(listed, key)
    late: list[Outcome] = []
    with monkeypatch.context() as slow:
        slow.setattr(processing, "_enqueue", lambda _, outcome: late.append(outcome))
        processing.process_page(listed.rt, key)
    lease_over(listed.rt.leases, key)
    listed.clock.at = datetime.now(UTC)
    sweep(listed.rt)
    assert listed.ledger.records[key].starts == 1, "its worker was taken for dead"
    assert listed.rt.lanes.pop(9)
    fetched(listed, key)
    processing._enqueue(listed.rt, late[0])
    processing.process_page(listed.rt, key)
    listed.flush()
    assert listed.ledger.records[key].state is State.PENDING
    assert listed.rt.leases.whereabouts([listed.ledger.records[key]]) == ["forgotten"]
    sweep(listed.rt)
    listed.run()
    assert listed.ledger.records[key].state is State.INDEXED
