"""Locks and gauges: the same cases on fakeredis and on the real server."""

import pytest
from redis import Redis
from redis.exceptions import LockError

from tests.contract.servers import REDIS, redis_of
from workers.frontier.gauge import Gauge
from workers.frontier.locks import Locks


@pytest.fixture(params=REDIS)
def redis(request: pytest.FixtureRequest) -> Redis:
    return redis_of(request)


def test_a_lock_has_one_owner(redis: Redis) -> None:
    locks = Locks(redis)
    mine = locks.take("sweep", 60)
    assert mine is not None
    assert locks.take("sweep", 60) is None
    mine.release()
    assert locks.take("sweep", 60) is not None


def test_a_late_owner_gives_back_nobody_elses_lock(redis: Redis) -> None:
    locks = Locks(redis)
    late = locks.take("sweep", 60)
    redis.delete("warraq:claim:sweep")
    other = locks.take("sweep", 60)
    assert late is not None
    assert other is not None
    with pytest.raises(LockError):
        late.release()
    assert locks.take("sweep", 60) is None, "the other still has it"


def test_a_new_redis_knows_nothing(redis: Redis) -> None:
    gauge = Gauge(redis)
    assert not gauge.knows()
    gauge.remember()
    assert gauge.knows()


def test_fetching_pauses_for_a_while(redis: Redis) -> None:
    gauge = Gauge(redis)
    assert not gauge.fetching_paused()
    gauge.pause_fetching(60)
    assert gauge.fetching_paused()
