"""The index stream: the same cases on fakeredis and on the real server."""

import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from redis import Redis

from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from tests.contract.servers import REDIS, redis_of
from workers.store import stream, stream_gauge
from workers.store.outcomes import OUTCOME, Outcome
from workers.store.stream import PORTION, Stream

NOW = datetime.now(UTC)


@pytest.fixture(params=REDIS)
def server(request: pytest.FixtureRequest) -> Redis:
    return redis_of(request)


def outcome(number: int) -> Outcome:
    record = ended(admitted(Source("s", "feed", "http://h/"), Entry(f"http://h/{number}"), NOW), State.INDEXED, NOW)
    return Outcome(record, Article(id=record.id, url=record.url, title="عنوان", body="نص", fetched_at=NOW))


def test_what_is_added_is_read_once_and_is_gone_when_acknowledged(server: Redis) -> None:
    mine, other = Stream(server, "mine"), Stream(server, "other")
    for number in range(3):
        mine.add(outcome(number))
    items = mine.read(2, block_ms=10).items
    assert [item.outcome for item in items] == [outcome(0), outcome(1)]
    assert [item.outcome for item in other.read(9, block_ms=10).items] == [outcome(2)]
    assert mine.depth() == 3
    mine.acknowledge(items)
    assert mine.depth() == 1
    assert mine.read(9, block_ms=10).items == []


def test_what_a_dead_flusher_had_is_claimed_by_another(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, heir = Stream(server, "dead"), Stream(server, "heir")
    dead.add(outcome(0))
    assert len(dead.read(9, block_ms=10).items) == 1
    assert heir.read(9, block_ms=10).items == []
    monkeypatch.setattr(stream, "CLAIM_AFTER_MS", 0)
    assert [item.outcome for item in heir.read(9, block_ms=10).items] == [outcome(0)]


def test_a_wiped_redis_gets_its_group_back(server: Redis) -> None:
    mine = Stream(server, "mine")
    assert mine.read(9, block_ms=10).items == []
    server.delete(stream_gauge.KEY)
    mine.add(outcome(0))
    assert [item.outcome for item in mine.read(9, block_ms=10).items] == [outcome(0)]
    mine.ensure_group()


def test_a_batch_waits_a_moment_for_company(server: Redis) -> None:
    mine = Stream(server, "mine")
    mine.ensure_group()
    mine.add(outcome(0))
    late = threading.Timer(0.1, mine.add, [outcome(1)])
    late.start()
    items = mine.read(9, block_ms=10, linger_s=0.4).items
    late.join()
    assert [item.outcome for item in items] == [outcome(0), outcome(1)]


def test_a_batch_that_is_full_waits_for_nobody(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, waited = Stream(server, "mine"), list[float]()
    monkeypatch.setattr(time, "sleep", waited.append)
    for number in range(2 * PORTION):
        mine.add(outcome(number))
    assert len(mine.read(2 * PORTION, block_ms=10, linger_s=0.4)) == 2 * PORTION
    assert not any(waited)


def test_what_is_given_back_is_claimed_by_anyone_after_a_pause_that_grows(server: Redis) -> None:
    mine, other = Stream(server, "mine"), Stream(server, "other")
    mine.add(outcome(0))
    pauses = []
    for number in range(8):
        assert mine.allowed(200) == max(1, 200 >> number)
        items = other.read(9, block_ms=10).items
        assert [item.outcome for item in items] == [outcome(0)]
        pauses.append(other.give_back(items, jitter=0.0))
        assert mine.rests()
        assert mine.allowed(200) == 0
        server.delete(stream.RESTS)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0, 5.0]
    server.delete(stream.RESTS)
    items = mine.read(9, block_ms=10).items
    mine.acknowledge(items)
    assert not mine.rests()
    assert mine.allowed(200) == 200 >> 4, "a success halves the failures"
    assert mine.give_back([], jitter=0.0) == 5.0


def test_the_gauge_counts_the_bytes_of_what_is_there_and_each_once(server: Redis) -> None:
    mine, other = Stream(server, "mine"), Stream(server, "other")
    assert mine.bytes() == 0
    for number in range(3):
        mine.add(outcome(number))
    size = len(OUTCOME.dump_json(outcome(0)))
    assert mine.bytes() == 3 * size
    items = mine.read(2, block_ms=10).items
    assert [item.size for item in items] == [size, size]
    mine.acknowledge(items)
    other.acknowledge(items)
    assert mine.bytes() == size, "two flushers had them, and they went once"
    mine.acknowledge(mine.read(2, block_ms=10).items)
    assert mine.bytes() == 0
    assert not server.exists(stream_gauge.BYTES)


def test_a_batch_has_so_many_bytes(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PORTION", 2)
    mine = Stream(server, "mine")
    for number in range(9):
        mine.add(outcome(number))
    size = mine.bytes() // 9
    assert len(mine.read(9, block_ms=10, most_bytes=3 * size).items) == 4


def test_what_is_given_back_does_not_keep_the_new_ones_back(server: Redis) -> None:
    mine = Stream(server, "mine")
    for number in range(4):
        mine.add(outcome(number))
    mine.give_back(mine.read(4, block_ms=10).items, jitter=0.0)
    mine.add(outcome(9))
    seen = [mine.read(1, block_ms=10).items[0].outcome for _ in range(2)]
    assert outcome(9) in seen
    assert seen != [outcome(9)] * 2


def test_what_is_postponed_comes_back_later_and_nobody_rests(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Stream(server, "mine")
    mine.add(outcome(0))
    mine.postpone(mine.read(9, block_ms=10).items)
    assert mine.allowed(200) == 200
    assert not mine.read(9, block_ms=10)
    monkeypatch.setattr(stream, "CLAIM_AFTER_MS", stream.CLAIM_AFTER_MS - stream.POSTPONED_MS)
    assert [item.outcome for item in mine.read(9, block_ms=10).items] == [outcome(0)]


def test_what_cannot_be_read_is_put_aside_with_the_reason(server: Redis) -> None:
    mine = Stream(server, "mine")
    payload = b'{"record":{"id":"00ff"},"article":null}'
    server.xadd(stream_gauge.KEY, {"outcome": payload})
    server.xadd(stream_gauge.KEY, {"other": b"?"})
    mine.add(outcome(0))
    batch = mine.read(9, block_ms=10)
    assert [item.outcome for item in batch.items] == [outcome(0)]
    assert [entry.article_id for entry in batch.unreadable] == ["00ff", ""]
    for entry in batch.unreadable:
        mine.put_aside(entry)
    assert (mine.depth(), mine.unreadable()) == (1, 2)
    found: Any = server.xrange(stream_gauge.UNREADABLE)
    ((_, kept), _) = found
    assert kept[b"outcome"] == payload
    assert b"record.url" in kept[b"reason"]


def test_consumers_that_are_no_more_are_forgotten(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, busy = Stream(server, "gone"), Stream(server, "busy")
    assert gone.tidy() == 0
    gone.add(outcome(1))
    gone.acknowledge(gone.read(9, block_ms=10).items)  # Redis 7.0 knows no consumer that never had an item
    busy.add(outcome(0))
    busy.read(9, block_ms=10)
    assert gone.tidy() == 0, "not after a moment"
    monkeypatch.setattr(stream, "FORGOTTEN_AFTER_MS", -1)
    assert gone.tidy() == 1
    assert [one["name"] for one in server.xinfo_consumers(stream_gauge.KEY, stream.GROUP)] == [b"busy"]
