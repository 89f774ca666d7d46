"""Records of another version, in a stage that this one does not know: they wait for it, and stop no other."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from ingest.document import LEDGER
from ingest.ledger.record import Record, Stage, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Source
from tests.fakes import World, lease_over
from workers.runtime import ELASTICSEARCH
from workers.steps import tick
from workers.steps.attempt import begin
from workers.steps.check import check_after
from workers.steps.dispatch import Dispatch
from workers.steps.sweep import rebuild, sweep

SOURCE = Source("s", "feed", "http://h/feed")


def admit(world: World, count: int) -> list[Record]:
    at = world.clock() - timedelta(minutes=5)
    return world.ledger.create([admitted(SOURCE, Entry(f"http://h/{n}"), at) for n in range(count)])


def change(world: World, record: Record, stage: str) -> None:
    """Have another version's worker move a record into a stage of its own, or out of it."""
    version, source = world.elastic.names[LEDGER][record.id]
    world.elastic.names[LEDGER][record.id] = version, {**source, "stage": stage}


def take(into: list[str]) -> Callable[..., None]:
    def taken(articles: Mapping[str, str], _: object = None) -> None:
        into.extend(articles)

    return taken


def test_sweep_brings_the_others_back_and_leaves_it_alone_until_it_can_be_read(world: World) -> None:
    theirs, ours = admit(world, 2)
    world.rt.gauge.remember()
    world.rt.lanes.push([theirs, ours])
    world.rt.lanes.pop(2)
    change(world, theirs, "translate")
    lease_over(world.rt.leases, theirs.id, ours.id)
    assert sweep(world.rt) == 1
    assert [key for _, key in world.rt.lanes.pop(9)] == [ours.id]
    assert world.rt.leases.whereabouts([theirs]) == ["in_progress"]
    assert world.rt.leases.overdue(9) == [], "nobody looks at it before an hour is over"
    change(world, theirs, "process")
    lease_over(world.rt.leases, theirs.id)
    assert sweep(world.rt) == 1
    assert [key for _, key in world.rt.lanes.pop(9)] == [theirs.id]


def test_an_empty_redis_is_rebuilt_without_it(world: World) -> None:
    theirs, ours = admit(world, 2)
    change(world, theirs, "translate")
    rebuild(world.rt)
    assert [key for _, key in world.rt.lanes.pop(9)] == [ours.id]


def test_tick_hands_out_the_others(world: World) -> None:
    theirs, ours = admit(world, 2)
    world.rt.gauge.remember()
    world.rt.lanes.push([theirs, ours])
    change(world, theirs, "translate")
    world.redis.delete("warraq:tickets")
    sent: list[str] = []
    nothing = Dispatch(lambda _: None, take(sent), take(sent), lambda: None, lambda: None)
    tick.tick(world.rt, nothing)
    assert ours.id in sent
    assert begin(world.rt, ours.id, Stage.FETCH) is not None
    with pytest.raises(ELASTICSEARCH, match="stage: Input should be"):
        begin(world.rt, theirs.id, Stage.FETCH)


def test_a_ticket_that_cannot_be_read_is_none(world: World) -> None:
    (record,) = admit(world, 1)
    world.rt.lanes.push([record])
    world.rt.lanes.pop(1)
    world.redis.hset("warraq:tickets", record.id, '{"id":"')
    begun = begin(world.rt, record.id, Stage.FETCH)
    assert begun is not None
    assert begun.id == record.id


def test_the_check_goes_past_it(world: World) -> None:
    made = sorted(admit(world, 3), key=lambda record: record.id)
    world.ledger.save([ended(record, State.FAILED, world.clock(), "http_404") for record in made])
    change(world, made[1], "translate")
    places = [check_after(world.rt, "", 1).place]
    while places[-1]:
        places.append(check_after(world.rt, places[-1], 1).place)
    assert places == [made[0].id, made[2].id, ""]
