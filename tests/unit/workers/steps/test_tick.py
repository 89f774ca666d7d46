"""Tick and sweep: back-pressure, and nothing forgotten."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.errors import Transient
from ingest.ledger.record import Record, Stage, State
from ingest.ledger.transitions import STARTS, retried
from ingest.model import FILES, Entry, Source
from ingest.polling.poll import Poll
from ingest.urls import article_id
from tests.fakes import World, lease_over
from tests.fakes import world as make_world
from workers.steps import admit as admission
from workers.steps import attempt, sweep, tick
from workers.steps.dispatch import Dispatch

SOURCE = Source("s", "feed", "http://h/feed")
KEY = article_id("http://h/0")
DAY_S = 86_400


class Sent:
    """A Dispatch that remembers."""

    def __init__(self) -> None:
        self.polled: list[str] = []
        self.fetched: list[str] = []
        self.flushed = self.grouped = 0
        self.dispatch = Dispatch(self.polled.append, self._take, self._take, self._flush, self._group)

    def _take(self, articles: Mapping[str, str], pipe: object = None) -> None:
        assert pipe is None, "tick sends at once"
        assert set(articles.values()) <= {"h"}, "Flower is told of the host"
        self.fetched += articles

    def _flush(self) -> None:
        self.flushed += 1

    def _group(self) -> None:
        self.grouped += 1


def admit(made: World, count: int = 1) -> list[Record]:
    admission.admit(made.rt, SOURCE, [Entry(f"http://h/{number}") for number in range(count)])
    return list(made.ledger.records.values())


def test_tick_hands_out_no_more_than_the_workers_can_hold(world: World) -> None:
    admit(world, world.rt.settings.fetch_slots - 40)
    world.redis.rpush("fetch", *range(30))
    world.redis.rpush("process", *range(20))
    sent = Sent()
    tick.tick(world.rt, sent.dispatch)
    assert len(sent.fetched) == world.rt.settings.fetch_slots - 50


def test_what_a_listing_brought_is_handed_out_without_a_tick(world: World) -> None:
    world.rt.gauge.remember()
    admit(world, 3)
    sent = Sent()
    tick.hand_out(world.rt, sent.dispatch)
    assert len(sent.fetched) == 3
    tick.hand_out(world.rt, sent.dispatch)
    assert len(sent.fetched) == 3, "nobody gets an article twice"
    assert (sent.polled, sent.flushed, sent.grouped) == ([], 0, 0)


def test_what_a_listing_brought_waits_while_elasticsearch_is_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.rt.gauge.remember()
    admit(world, 3)
    monkeypatch.setattr(tick, "STREAM_FULL", 1)
    world.redis.xadd("warraq:index-stream", {"outcome": "heavy"})
    sent = Sent()
    tick.hand_out(world.rt, sent.dispatch)
    assert sent.fetched == []


def test_polls_that_end_at_once_hand_out_no_more_than_the_workers_can_hold(world: World) -> None:
    world.rt.gauge.remember()
    slots = world.rt.settings.fetch_slots
    admit(world, 2 * slots)
    sent = Sent()

    class Meanwhile(Sent):
        def _take(self, articles: Mapping[str, str], pipe: object = None) -> None:
            if articles:
                tick.hand_out(world.rt, sent.dispatch)  # another poll, before these are in the queue
                super()._take(articles, pipe)
                world.redis.rpush("fetch", *articles)

    first = Meanwhile()
    tick.hand_out(world.rt, first.dispatch)
    assert (len(first.fetched), sent.fetched) == (slots, [])
    world.redis.delete("fetch")
    tick.hand_out(world.rt, sent.dispatch)
    assert len(sent.fetched) == slots


def test_a_redis_that_knows_nothing_is_left_to_tick(world: World) -> None:
    admit(world, 3)
    world.rt.gauge.forget()
    sent = Sent()
    tick.hand_out(world.rt, sent.dispatch)
    assert sent.fetched == []


def test_tick_hands_out_nothing_while_elasticsearch_is_behind(world: World) -> None:
    admit(world, 3)
    assert tick.is_behind(tick.STREAM_FULL, 0)
    assert tick.room(world.rt, world.rt.gauge.glance(tick.LOOKED_AT), behind=True) == 0


def test_tick_hands_out_nothing_while_redis_is_nearly_full(world: World) -> None:
    admit(world, 3)
    world.redis.used = 85
    assert tick.room(world.rt, world.rt.gauge.glance(tick.LOOKED_AT), behind=False) == 0
    world.redis.used = 84
    assert tick.room(world.rt, world.rt.gauge.glance(tick.LOOKED_AT), behind=False) > 0


def test_tick_hands_out_nothing_while_a_few_heavy_outcomes_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    admit(world, 3)
    world.sources.put(SOURCE)
    world.rt.schedule.set("s", world.clock())
    monkeypatch.setattr(tick, "STREAM_BYTES", 1000)
    world.redis.xadd("warraq:index-stream", {"outcome": "heavy"})
    world.redis.set("warraq:index-bytes", 1001)
    sent = Sent()
    tick.tick(world.rt, sent.dispatch)
    assert (sent.fetched, sent.polled) == ([], [])


def test_tick_queues_no_more_polls_than_their_workers_take_in_a_minute(world: World) -> None:
    world.rt.gauge.remember()
    for number in range(tick.POLLS_QUEUED + 5):
        world.rt.schedule.set(f"{number:02}", world.clock() - timedelta(minutes=1))
    sent = Sent()
    tick.tick(world.rt, sent.dispatch)
    world.redis.rpush("poll", *sent.polled)
    tick.tick(world.rt, sent.dispatch)
    assert sorted(sent.polled) == [f"{number:02}" for number in range(tick.POLLS_QUEUED)]


def test_tick_keeps_the_politeness_of_a_host() -> None:
    made = make_world("polite", politeness_s=60)
    admit(made, 3)
    sent = Sent()
    for _ in range(3):
        tick.tick(made.rt, sent.dispatch)
    assert len(sent.fetched) == 1


def test_tick_calls_one_flusher_when_there_is_something_to_flush(world: World) -> None:
    sent = Sent()
    tick.tick(world.rt, sent.dispatch)
    assert sent.flushed == 0
    world.redis.xadd("warraq:index-stream", {"outcome": "x"})
    tick.tick(world.rt, sent.dispatch)
    assert sent.flushed == 1
    world.redis.rpush("index", "waiting")
    tick.tick(world.rt, sent.dispatch)
    assert sent.flushed == 1


def test_tick_tells_whether_anything_moves(world: World) -> None:
    world.redis.set("warraq:epoch", 1)
    sent = Sent()
    assert not tick.tick(world.rt, sent.dispatch)
    world.redis.rpush("process", "message")
    assert tick.tick(world.rt, sent.dispatch), "a message waits"
    world.redis.delete("process")
    admit(world)
    assert tick.tick(world.rt, sent.dispatch), "an article waits in its lane"
    assert tick.tick(world.rt, sent.dispatch), "it is in progress"
    world.redis.delete("warraq:work", "warraq:lanes")
    assert not tick.tick(world.rt, sent.dispatch)
    world.rt.schedule.set("s", world.rt.now())
    assert tick.tick(world.rt, sent.dispatch), "a source is due"


def test_it_looks_often_until_nothing_has_moved_for_a_while() -> None:
    now = 0.0
    pulse = tick.Pulse(lambda: now)
    assert not pulse.note(moves=False)
    assert pulse.note(moves=True)
    now = tick.LATELY_S - 1
    assert pulse.note(moves=False)
    now = tick.LATELY_S
    assert not pulse.note(moves=False)


def test_a_wiped_redis_is_rebuilt_from_the_ledger_at_once(world: World) -> None:
    world.sources.put(SOURCE)
    admit(world, 5)
    world.redis.flushall()
    sent = Sent()
    tick.tick(world.rt, sent.dispatch)
    assert sent.polled == ["s"]
    assert sorted(sent.fetched) == sorted(world.ledger.records)
    assert all(record.starts == 0 for record in world.ledger.records.values()), "nobody had started"


def test_sweep_leaves_alone_what_is_held_and_what_was_admitted_just_now(world: World) -> None:
    admit(world, 2)
    world.clock.forward(60)
    assert sweep.sweep(world.rt) == 0
    world.redis.flushall()
    world.clock.forward(-60)
    assert sweep.sweep(world.rt) == 0


def test_sweep_counts_a_start_without_an_end_and_stops_at_poison(world: World) -> None:
    world.clock.forward(-60)
    admit(world)
    world.clock.forward(60)
    for start in range(STARTS):
        assert world.rt.lanes.pop(1)
        assert attempt.begin(world.rt, KEY, Stage.FETCH)
        lease_over(world.rt.leases, KEY)
        assert sweep.sweep(world.rt) == 1
        assert world.ledger.records[KEY].starts == start + 1
    assert world.rt.lanes.pop(1)
    assert attempt.begin(world.rt, KEY, Stage.FETCH)
    lease_over(world.rt.leases, KEY)
    sweep.sweep(world.rt)
    world.flush()
    assert (world.ledger.records[KEY].state, world.ledger.records[KEY].reason) == (State.FAILED, "poison")


def test_a_record_that_the_ledger_refuses_stops_no_other(world: World) -> None:
    world.clock.forward(-60)
    keys = [record.id for record in admit(world, 3)]
    world.clock.forward(60)
    assert len(world.rt.lanes.pop(3)) == 3
    for key in keys:
        assert attempt.begin(world.rt, key, Stage.FETCH)
    lease_over(world.rt.leases, *keys)
    world.elastic.verdicts["record", keys[0]] = 400
    sweep.sweep(world.rt)
    assert [world.ledger.records[key].starts for key in keys] == [0, 1, 1]
    assert world.rt.leases.overdue(9) == [], "nor do the next sweeps look at it all the time"
    world.elastic.verdicts.clear()
    lease_over(world.rt.leases, keys[0])
    sweep.sweep(world.rt)
    assert world.ledger.records[keys[0]].starts == 1


def test_an_article_whose_worker_died_before_it_began_has_not_started(world: World) -> None:
    world.clock.forward(-60)
    admit(world)
    world.clock.forward(60)
    for _ in range(STARTS + 2):
        assert world.rt.lanes.pop(1)
        lease_over(world.rt.leases, KEY)
        assert sweep.sweep(world.rt) == 1
    assert (world.ledger.records[KEY].state, world.ledger.records[KEY].starts) == (State.PENDING, 0)


def test_one_sweep_at_a_time(world: World) -> None:
    admit(world)
    world.redis.flushall()
    world.clock.forward(60)
    other = world.rt.locks.take("sweep", 60)
    assert other is not None
    assert sweep.sweep(world.rt) is None
    sweep.rebuild(world.rt)
    assert not world.rt.gauge.knows(), "who rebuilds nothing must not say that it is done"
    other.release()
    assert sweep.sweep(world.rt) == 1


def test_a_sweep_brings_back_a_bounded_number_and_the_next_one_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [[replace(record, due_at=world.clock() + timedelta(seconds=n))] for n, record in enumerate(admit(world, 5))]
    world.redis.flushall()
    world.clock.forward(60)
    monkeypatch.setattr(
        world.ledger, "pending", lambda _until, since: (page for page in pages if not since or page[0].due_at >= since)
    )
    monkeypatch.setattr(sweep, "OVERLAP", timedelta(0))
    monkeypatch.setattr(sweep, "BOUND", 2)
    assert [sweep.sweep(world.rt) for _ in range(4)] == [2, 2, 1, 0]


def test_a_sweep_asks_for_what_was_due_lately_and_not_for_all_that_is_pending(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit(world, 5)
    world.clock.forward(300)
    assert sweep.sweep(world.rt) == 0
    asked: list[object] = []

    def pending(_until: object, since: object) -> Iterator[list[Record]]:
        asked.append(since)
        return iter(())

    monkeypatch.setattr(world.ledger, "pending", pending)
    reached = world.rt.leases.swept_to()
    sweep.sweep(world.rt)
    assert asked == [reached]
    assert reached is not None


def test_an_article_that_was_admitted_but_never_queued_is_found(world: World) -> None:
    """Its poll died between the ledger and the lane."""
    sweep.sweep(world.rt)
    admit(world)
    world.redis.delete("warraq:lane:h", "warraq:lanes", "warraq:tickets")
    world.clock.forward(60)
    assert sweep.sweep(world.rt) == 1
    assert world.rt.lanes.depths() == {"h": 1}


def test_what_elasticsearch_wrote_minutes_later_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its client gave up, and had it been a second time it would be known: nobody else queues it."""
    monkeypatch.setattr(sweep, "PORTION", 2)
    world.rt.gauge.remember()
    late = admit(world, 5)
    world.redis.delete("warraq:lane:h", "warraq:lanes", "warraq:tickets")
    world.rt.leases.set_swept_to(world.clock() + timedelta(minutes=10))
    world.clock.forward(900)
    assert [sweep.sweep(world.rt) for _ in range(4)] == [2, 2, 1, 0]
    assert world.rt.lanes.depths() == {"h": len(late)}


def test_the_walk_leaves_alone_what_has_just_moved(world: World) -> None:
    world.rt.gauge.remember()
    (record,) = admit(world)
    world.redis.delete("warraq:lane:h", "warraq:lanes")
    world.rt.leases.set_swept_to(world.clock() + timedelta(minutes=10))
    world.ledger.save([retried(record, Transient("http_503", ""), world.clock(), 1.0)])
    assert sweep.sweep(world.rt) == 0, "it may be on its way into its lane"
    world.clock.forward(11)
    assert sweep.sweep(world.rt) == 1


def test_a_source_that_no_schedule_holds_is_scheduled(world: World) -> None:
    world.sources.put(SOURCE)
    world.rt.gauge.remember()
    sweep.sweep(world.rt)
    assert world.rt.schedule.due(9) == ["s"]


def test_a_file_is_not_polled_while_a_command_reads_it(world: World) -> None:
    world.sources.put(Source("s", FILES, "file:///archive.warc.gz", interval_s=0))
    sweep.schedule_missing(world.rt)
    assert world.rt.schedule.missing(["s"]) == ["s"]


def test_a_source_whose_last_poll_lies_ahead_is_polled_within_a_day(world: World) -> None:
    world.sources.put(SOURCE)
    world.sources.note("s", Poll(polled_at=world.clock() + timedelta(days=300)))
    sweep.schedule_missing(world.rt)
    score = world.redis.zscore("warraq:sources", "s")
    assert score is not None
    assert float(score) / 1000 < world.clock().timestamp() + DAY_S


def test_a_clock_that_is_set_back_stops_nothing(world: World) -> None:
    """All that Redis holds is three hours ahead: tick's own claim, what is due, and how far sweep has come."""
    world.rt.gauge.remember()
    tick.follow_clock(world.rt)
    ahead = timedelta(hours=3)
    world.rt.schedule.set("s", world.clock() + ahead - timedelta(seconds=1))
    world.rt.leases.set_swept_to(world.clock() + ahead)
    assert world.rt.locks.take("tick", 0.7 + ahead.total_seconds())
    world.redis.incrby("warraq:clock", int(ahead.total_seconds() * 1000))
    tick.follow_clock(world.rt)
    sent = Sent()
    tick.tick(world.rt, sent.dispatch)
    assert sent.polled == ["s"]
    assert world.redis.pttl("warraq:claim:tick") <= 1000
    swept = world.rt.leases.swept_to()
    assert swept is not None
    assert swept <= world.clock() + timedelta(seconds=1)
    assert world.rt.clock_watch.went_back() == 0
