"""The index stream: the same cases on fakeredis and on the real server."""

import threading
from datetime import UTC, datetime

import pytest
from fakeredis import FakeRedis
from redis import Redis

from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from workers.store import stream
from workers.store.stream import Outcome, Stream

NOW = datetime.now(UTC)


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
def server(request: pytest.FixtureRequest) -> Redis:
    return FakeRedis() if request.param == "fake" else request.getfixturevalue("redis")


def outcome(number: int) -> Outcome:
    record = ended(admitted(Source("s", "feed", "http://h/"), Entry(f"http://h/{number}"), NOW), State.INDEXED, NOW)
    return Outcome(record, Article(id=record.id, url=record.url, title="عنوان", body="نص", fetched_at=NOW))


def test_what_is_added_is_read_once_and_is_gone_when_acknowledged(server: Redis) -> None:
    mine, other = Stream(server, "mine"), Stream(server, "other")
    for number in range(3):
        mine.add(outcome(number))
    items = mine.read(2, block_ms=10)
    assert [item.outcome for item in items] == [outcome(0), outcome(1)]
    assert [item.outcome for item in other.read(9, block_ms=10)] == [outcome(2)]
    assert mine.depth() == 3
    mine.acknowledge(items)
    assert mine.depth() == 1
    assert mine.read(9, block_ms=10) == []


def test_what_a_dead_flusher_had_is_claimed_by_another(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, heir = Stream(server, "dead"), Stream(server, "heir")
    dead.add(outcome(0))
    assert len(dead.read(9, block_ms=10)) == 1
    assert heir.read(9, block_ms=10) == []
    monkeypatch.setattr(stream, "CLAIM_AFTER_MS", 0)
    assert [item.outcome for item in heir.read(9, block_ms=10)] == [outcome(0)]


def test_a_wiped_redis_gets_its_group_back(server: Redis) -> None:
    mine = Stream(server, "mine")
    assert mine.read(9, block_ms=10) == []
    server.delete(stream.KEY)
    mine.add(outcome(0))
    assert [item.outcome for item in mine.read(9, block_ms=10)] == [outcome(0)]
    mine.ensure_group()


def test_a_batch_waits_a_moment_for_company(server: Redis) -> None:
    mine = Stream(server, "mine")
    mine.ensure_group()
    mine.add(outcome(0))
    late = threading.Timer(0.1, mine.add, [outcome(1)])
    late.start()
    items = mine.read(9, block_ms=10, linger_s=0.4)
    late.join()
    assert [item.outcome for item in items] == [outcome(0), outcome(1)]


def test_what_is_given_back_is_claimed_by_anyone_after_a_pause_that_grows(server: Redis) -> None:
    mine, other = Stream(server, "mine"), Stream(server, "other")
    mine.add(outcome(0))
    pauses = []
    for _ in range(8):
        items = other.read(9, block_ms=10)
        assert [item.outcome for item in items] == [outcome(0)]
        pauses.append(other.give_back(items, jitter=0.0))
        assert mine.rests()
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0, 5.0]
    server.delete(stream.RESTS)
    items = mine.read(9, block_ms=10)
    mine.acknowledge(items)
    assert not mine.rests()
    assert mine.give_back([], jitter=0.0) == 0.5, "one success, and it counts from the beginning"
