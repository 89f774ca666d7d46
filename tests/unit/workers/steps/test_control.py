"""Tick and sweep: back-pressure, and nothing forgotten."""

import pytest

from ingest.ledger.record import Record, Stage, State
from ingest.ledger.transitions import STARTS
from ingest.model import Entry, Source
from ingest.urls import article_id
from tests.fakes import World, lease_over
from tests.fakes import world as make_world
from workers.steps import admit as admission
from workers.steps import control
from workers.steps import fetch as steps
from workers.steps import index as flusher
from workers.steps.control import Send

SOURCE = Source("s", "feed", "http://h/feed")
KEY = article_id("http://h/0")


class Sent:
    """A Send that remembers."""

    def __init__(self) -> None:
        self.polled: list[str] = []
        self.fetched: list[str] = []
        self.flushed = 0
        self.send = Send(self.polled.append, self.fetched.extend, self.fetched.extend, self._flush)

    def _flush(self) -> None:
        self.flushed += 1


def admit(made: World, count: int = 1) -> list[Record]:
    admission.admit(made.rt, SOURCE, [Entry(f"http://h/{number}") for number in range(count)])
    return list(made.ledger.records.values())


def test_tick_hands_out_no_more_than_the_workers_can_hold(world: World) -> None:
    admit(world, 300)
    world.redis.rpush("fetch", *range(30))
    world.redis.rpush("process", *range(20))
    sent = Sent()
    control.tick(world.rt, sent.send)
    assert len(sent.fetched) == world.rt.settings.fetch_slots - 50


def test_tick_hands_out_nothing_while_elasticsearch_is_behind(world: World) -> None:
    admit(world, 3)
    assert control.room(world.rt, control.STREAM_FULL) == 0


def test_tick_keeps_the_politeness_of_a_host() -> None:
    made = make_world("polite", politeness_s=60)
    admit(made, 3)
    sent = Sent()
    for _ in range(3):
        control.tick(made.rt, sent.send)
    assert len(sent.fetched) == 1


def test_tick_calls_one_flusher_when_there_is_something_to_flush(world: World) -> None:
    sent = Sent()
    control.tick(world.rt, sent.send)
    assert sent.flushed == 0
    world.redis.xadd("warraq:index-stream", {"outcome": "x"})
    control.tick(world.rt, sent.send)
    assert sent.flushed == 1
    world.redis.rpush("index", "waiting")
    control.tick(world.rt, sent.send)
    assert sent.flushed == 1


def test_a_wiped_redis_is_rebuilt_from_the_ledger_at_once(world: World) -> None:
    world.sources.put(SOURCE)
    admit(world, 5)
    world.redis.flushall()
    sent = Sent()
    control.tick(world.rt, sent.send)
    assert sent.polled == ["s"]
    assert sorted(sent.fetched) == sorted(world.ledger.records)
    assert all(record.starts == 0 for record in world.ledger.records.values()), "nobody had started"


def test_sweep_leaves_alone_what_is_held_and_what_was_admitted_just_now(world: World) -> None:
    admit(world, 2)
    world.clock.forward(60)
    assert control.sweep(world.rt) == 0
    world.redis.flushall()
    world.clock.forward(-60)
    assert control.sweep(world.rt) == 0


def test_sweep_counts_a_start_without_an_end_and_stops_at_poison(world: World) -> None:
    world.clock.forward(-60)
    admit(world)
    world.clock.forward(60)
    for start in range(STARTS):
        assert world.rt.lanes.pop(1)
        assert steps.begin(world.rt, KEY, Stage.FETCH)
        lease_over(world.rt.lanes, KEY)
        assert control.sweep(world.rt) == 1
        assert world.ledger.records[KEY].starts == start + 1
    assert world.rt.lanes.pop(1)
    assert steps.begin(world.rt, KEY, Stage.FETCH)
    lease_over(world.rt.lanes, KEY)
    control.sweep(world.rt)
    flusher.flush(world.rt, block_ms=1, linger_s=0)
    assert (world.ledger.records[KEY].state, world.ledger.records[KEY].reason) == (State.FAILED, "poison")


def test_an_article_whose_worker_died_before_it_began_has_not_started(world: World) -> None:
    world.clock.forward(-60)
    admit(world)
    world.clock.forward(60)
    for _ in range(STARTS + 2):
        assert world.rt.lanes.pop(1)
        lease_over(world.rt.lanes, KEY)
        assert control.sweep(world.rt) == 1
    assert (world.ledger.records[KEY].state, world.ledger.records[KEY].starts) == (State.PENDING, 0)


def test_one_sweep_at_a_time(world: World) -> None:
    admit(world)
    world.redis.flushall()
    world.clock.forward(60)
    assert world.rt.lanes.claim("sweep", 60)
    assert control.sweep(world.rt) is None
    control.rebuild(world.rt)
    assert not world.rt.lanes.knows(), "who rebuilds nothing must not say that it is done"
    world.rt.lanes.release("sweep")
    assert control.sweep(world.rt) == 1


def test_a_sweep_brings_back_a_bounded_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [[record] for record in admit(world, 5)]
    world.redis.flushall()
    world.clock.forward(60)
    monkeypatch.setattr(world.ledger, "pending", lambda _: iter(pages))
    monkeypatch.setattr(control, "SWEEP_BOUND", 2)
    assert control.sweep(world.rt) == 2
    assert control.sweep(world.rt, everything=True) == 3
