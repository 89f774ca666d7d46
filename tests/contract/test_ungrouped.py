"""What waits for being compared, with what is known of its length: the same cases on fakeredis and on real servers."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from tests.contract.servers import REDIS, redis_of
from workers.frontier.ungrouped import CHARS, Ungrouped

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONTH = "news-articles-2026.11"


@pytest.fixture(params=REDIS)
def redis(request: pytest.FixtureRequest) -> Redis:
    return redis_of(request)


def waiting(ungrouped: Ungrouped) -> dict[str, int | None]:
    return {one.id: one.chars for one in ungrouped.first(10)}


def test_what_waits_comes_with_its_length_where_that_is_known(redis: Redis) -> None:
    ungrouped = Ungrouped(redis)
    assert ungrouped.first(10) == []
    ungrouped.add({(MONTH, "a"): 900, (MONTH, "b"): None}, NOW)
    ungrouped.keep([(MONTH, "a"), (MONTH, "c")], NOW + timedelta(seconds=1))
    assert waiting(ungrouped) == {"a": 900, "b": None, "c": None}
    ungrouped.add({(MONTH, "a"): None, (MONTH, "b"): 5}, NOW + timedelta(seconds=2))
    assert waiting(ungrouped) == {"c": None, "a": None, "b": 5}


def test_of_what_is_done_or_taken_off_nothing_is_left(redis: Redis) -> None:
    ungrouped = Ungrouped(redis)
    ungrouped.add({(MONTH, key): 900 for key in "abc"}, NOW)
    seen = ungrouped.first(10)
    ungrouped.add({(MONTH, "a"): 7}, NOW + timedelta(seconds=1))
    ungrouped.remove([(MONTH, "b")])
    ungrouped.done(seen)
    assert waiting(ungrouped) == {"a": 7}, "it was written again"
    ungrouped.done(ungrouped.first(10))
    assert not redis.exists(CHARS)


def test_who_compares_knows_whether_another_did_meanwhile(redis: Redis) -> None:
    one, other = Ungrouped(redis), Ungrouped(redis)
    assert [each.take_turn() for each in (one, one, other, one, one)] == [False, True, False, False, True]
