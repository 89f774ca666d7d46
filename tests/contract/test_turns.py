"""Turns at a host: the same cases on fakeredis and on the real server."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from redis import Redis

from ingest.ledger.record import Record
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Source
from tests.contract.servers import REDIS, redis_of
from workers.frontier.lanes import Lanes
from workers.frontier.turns import Turns

Make = Callable[..., tuple[Lanes, Turns]]


@pytest.fixture(params=REDIS)
def make(request: pytest.FixtureRequest) -> Make:
    redis: Redis = redis_of(request)

    def both(busy_s: float = 60.0, host_budget: int = 999) -> tuple[Lanes, Turns]:
        lanes = Lanes(redis, busy_s=busy_s, lease_s=60, host_budget=host_budget)
        return lanes, Turns(redis, busy_s=busy_s, host_budget=host_budget)

    return both


def record(url: str) -> Record:
    return admitted(Source("s", "feed", "http://h/"), Entry(url), datetime.now(UTC))


def test_a_visit_holds_the_lane_for_fetches_and_for_other_visits(make: Make) -> None:
    lanes, turns = make()
    lanes.push([record("http://h/1")])
    assert turns.acquire("h", "poll:a") == 0
    assert 0 < turns.acquire("h", "poll:b") <= 60
    assert lanes.pop(9) == []


def test_who_was_handed_out_asks_and_nobody_else(make: Make) -> None:
    lanes, turns = make()
    one = record("http://h/1")
    lanes.push([one])
    assert lanes.pop(9) == [("h", one.id)]
    assert turns.acquire("h", "another") > 0
    assert turns.acquire("h", one.id) == 0
    turns.release("h", one.id, 30)
    assert 0 < turns.acquire("h", one.id) <= 30, "its turn is over"


def test_the_rest_after_a_fetch_outlives_an_empty_lane(make: Make) -> None:
    lanes, turns = make()
    one = record("http://h/1")
    lanes.push([one])
    assert len(lanes.pop(9)) == 1
    turns.release("h", one.id, 60)
    lanes.push([record("http://h/2")])
    assert lanes.pop(9) == []


def test_a_short_rest_ends_the_turn_of_a_busy_host(make: Make) -> None:
    lanes, turns = make()
    one, two = record("http://h/1"), record("http://h/2")
    lanes.push([one])
    lanes.pop(9)
    lanes.push([two])
    turns.release("h", one.id, 0)
    assert lanes.pop(9) == [("h", two.id)]


def test_a_late_worker_ends_nobody_elses_turn_and_a_rest_is_never_shortened(make: Make) -> None:
    _lanes, turns = make()
    assert turns.acquire("h", "one") == 0
    turns.release("h", "late", 0)
    assert turns.acquire("h", "two") > 0
    turns.release("h", "one", 50)
    turns.release("h", "late", 1)
    assert turns.acquire("h", "two") > 40


def test_a_poll_gets_the_turn_after_an_article_and_an_article_the_one_after_a_poll(make: Make) -> None:
    lanes, turns = make()
    one, two = record("http://h/1"), record("http://h/2")
    lanes.push([one, two])
    ((_, first),) = lanes.pop(9)
    assert turns.acquire("h", "poll:s") > 0
    turns.release("h", first, 0)
    assert lanes.pop(9) == [], "the poll is next"
    assert turns.acquire("h", "poll:s") == 0
    assert turns.acquire("h", "poll:t") > 0
    turns.release("h", "poll:s", 0)
    time.sleep(0.15)
    assert len(lanes.pop(9)) == 1, "the next poll is not"


def test_who_finds_a_turn_taken_comes_again_soon_and_not_when_it_would_end_by_itself(make: Make) -> None:
    lanes, turns = make()
    lanes.push([record("http://h/1"), record("http://h/2")])
    ((_, first),) = lanes.pop(9)
    assert 0 < turns.acquire("h", "poll:s") <= 2, "a turn of 60 s, which ends long before that"
    turns.release("h", first, 5)
    assert 4 < turns.acquire("h", "poll:s") <= 5, "the end of a rest is known"


def test_a_host_has_a_budget(make: Make) -> None:
    lanes, turns = make(busy_s=0.0, host_budget=3)
    lanes.push([record(f"http://h/{i}") for i in range(5)] + [record("http://other/1")])
    taken = lanes.pop(9)
    assert sorted(lane for lane, _ in taken) == ["h", "h", "h", "other"]
    assert [turns.acquire(lane, key) for lane, key in taken] == [0.0] * 4
    assert lanes.pop(9) == []
    assert 80_000 < turns.acquire("h", "one more") <= 86_400


def test_strikes_are_counted_until_the_host_is_well(make: Make) -> None:
    _lanes, turns = make()
    assert [turns.strike("h"), turns.strike("h"), turns.strike("other")] == [1, 2, 1]
    turns.release("h", "one", 1, ok=False)
    assert turns.strike("h") == 3
    turns.release("h", "one", 1)
    assert turns.strike("h") == 1
