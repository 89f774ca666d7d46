"""Bounds of what is kept for all sites together: the same cases on fakeredis and on the real server."""

import pytest
from redis import Redis

from tests.contract.servers import REDIS, redis_of
from workers.frontier.bounds import OVERHEAD, Budget, Slots


@pytest.fixture(params=REDIS)
def server(request: pytest.FixtureRequest) -> Redis:
    return redis_of(request)


def test_who_was_charged_longest_ago_makes_room(server: Redis) -> None:
    budget = Budget(server, "test", 3 * (OVERHEAD + 100))
    server.zadd("warraq:charged:test", {"a": 1, "b": 2, "c": 3})
    for member in "abc":
        assert budget.charge(member, 100) == []
    server.zadd("warraq:charged:test", {"a": 3, "b": 1, "c": 2})
    assert budget.charge("d", 150) == ["b", "c"]
    assert budget.charge("e", 100) == ["a"]


def test_a_new_size_takes_the_place_of_the_old_one(server: Redis) -> None:
    budget = Budget(server, "test", 2 * (OVERHEAD + 100))
    for size in (100, 50, 100, 0, 100):
        assert budget.charge("a", size) == []
        assert int(server.hget("warraq:sizes:test", "") or 0) == size + OVERHEAD
    assert budget.charge("b", 100) == []


def test_what_is_larger_than_the_whole_budget_goes_itself(server: Redis) -> None:
    budget = Budget(server, "test", 2 * OVERHEAD)
    assert budget.charge("a", 2 * OVERHEAD) == ["a"]
    assert budget.charge("b", 0) == []


def test_slots_are_few_and_end(server: Redis) -> None:
    slots = Slots(server, "test", 2)
    assert [slots.take(member, 3600) for member in "abca"] == [True, True, False, True]
    assert slots.take("a", 0), "it is over at once"
    assert slots.take("c", 3600)
