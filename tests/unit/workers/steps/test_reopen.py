"""Retry and replay: what goes back to work, and that Redis is never filled."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from elastic_transport import ConnectionError as NoConnectionError

from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Page, Source
from tests.fakes import World
from workers.steps import reopen
from workers.steps.patience import Patience
from workers.store.selection import Selection

SOURCE = Source("s", "feed", "http://h/feed")
FAILED = Selection(states=(State.FAILED,))


@pytest.fixture(autouse=True)
def _small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reopen, "AT_ONCE", 20)


def failed(world: World, count: int, *, source: Source = SOURCE, reason: str = "http_404") -> list[Record]:
    """Put ended records into the ledger, a second between their ends."""
    start = world.clock.at - timedelta(hours=1)
    made = []
    for number in range(count):
        at = start + timedelta(seconds=number)
        record = admitted(source, Entry(f"http://h/{source.id}/{number}"), start)
        made.append(ended(record, State.FAILED, at, reason))
    world.ledger.save(made)
    return made


def store(world: World, record: Record) -> None:
    page = Page(record.url, 200, (("Content-Type", "text/html"),), b"<p>x", world.clock.at)
    world.rt.pages.put(record.id, page, record.asked_at)


def pending(world: World) -> int:
    return sum(record.pending for record in world.ledger.records.values())


def patience(world: World, *, seconds: float = 0) -> Patience:
    started = world.clock.at

    def waited() -> float:
        return (world.clock.at - started).total_seconds()

    return Patience(seconds, clock=waited, pause=world.clock.forward)


def test_all_that_are_selected_go_to_work(world: World) -> None:
    mine = failed(world, 45)
    failed(world, 3, source=replace(SOURCE, id="other"))
    done = reopen.retry(world.rt, which=replace(FAILED, source_ids=("s",)), patience=patience(world))
    assert (done.count, done.stopped, pending(world)) == (45, "", 45)
    assert sum(world.rt.lanes.depths().values()) == 45
    assert {record.id for record in world.ledger.records.values() if record.pending} == {record.id for record in mine}


def test_ids_may_be_shortened(world: World) -> None:
    one, two, _ = failed(world, 3)
    which = replace(FAILED, ids=(one.id[:12], two.id))
    assert reopen.retry(world.rt, which=which, patience=patience(world)).count == 2


def test_what_fails_again_meanwhile_is_not_retried_for_ever(world: World) -> None:
    failed(world, 45)
    push = world.rt.lanes.push

    def push_and_fail(records: list[Record]) -> None:
        push(records)
        world.clock.forward(1)
        world.ledger.save([ended(record, State.FAILED, world.clock.at, "again") for record in records])

    object.__setattr__(world.rt.lanes, "push", push_and_fail)
    assert reopen.retry(world.rt, which=FAILED, patience=patience(world)).count == 45


def test_a_full_redis_stops_it_and_the_rest_can_follow(world: World) -> None:
    failed(world, 45)
    push = world.rt.lanes.push

    def push_and_fill(records: list[Record]) -> None:
        push(records)
        world.redis.used = 80

    object.__setattr__(world.rt.lanes, "push", push_and_fill)
    done = reopen.retry(world.rt, which=FAILED, patience=patience(world, seconds=30))
    assert (done.count, pending(world)) == (reopen.AT_ONCE, reopen.AT_ONCE)
    assert "redis_full" in done.stopped
    world.redis.used = 0
    object.__setattr__(world.rt.lanes, "push", push)
    world.ledger.save(  # those of the first run have failed again
        [
            ended(record, State.FAILED, world.clock.at, "again")
            for record in world.ledger.records.values()
            if record.pending
        ]
    )
    rest = reopen.retry(world.rt, which=replace(FAILED, before=done.before), patience=patience(world))
    assert (rest.count, rest.stopped) == (25, "")


def test_it_waits_for_room(world: World) -> None:
    failed(world, 3)
    world.redis.used = 80
    said: list[str] = []

    def pause(seconds: float) -> None:
        world.clock.forward(seconds)
        world.redis.used = 0

    done = reopen.retry(world.rt, which=FAILED, patience=Patience(60, say=said.append, pause=pause))
    assert (done.count, done.stopped) == (3, "")
    assert "redis_full" in said[0]


def test_a_ledger_that_is_away_for_a_moment_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    failed(world, 45)
    page, calls = world.ledger.page, [0]

    def now_and_then(which: Selection, *, after: Record | None, size: int) -> list[Record]:
        calls[0] += 1
        if calls[0] % 2:
            raise NoConnectionError("refused")
        return page(which, after=after, size=size)

    monkeypatch.setattr(world.ledger, "page", now_and_then)
    done = reopen.retry(world.rt, which=FAILED, patience=patience(world, seconds=5))
    assert (done.count, done.stopped) == (45, "")


def test_a_replay_takes_what_has_a_page_and_tells_the_ids_lot_by_lot(world: World) -> None:
    records = failed(world, 30)
    for record in records[:25]:
        store(world, record)
    lots: list[list[str]] = []
    done = reopen.replay(world.rt, which=FAILED, patience=patience(world), each=lambda ids: lots.append(list(ids)))
    assert done.count == 25
    assert [len(lot) for lot in lots] == [20, 5]
    assert {key for lot in lots for key in lot} == {record.id for record in records[:25]}
    assert {record.lane for record in world.ledger.records.values() if record.pending} == {"held"}


def test_since_and_reason_narrow(world: World) -> None:
    failed(world, 10)
    failed(world, 4, source=replace(SOURCE, id="other"), reason="timeout")
    since: datetime = world.clock.at - timedelta(hours=1) + timedelta(seconds=7)
    assert len(world.ledger.page(replace(FAILED, since=since))) == 3
    assert len(world.ledger.page(replace(FAILED, reason="timeout"))) == 4
