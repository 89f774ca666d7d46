"""Redis' clock is set back: the same cases on fakeredis and on the real server.

Nobody can set the clock of a server: the tests set ahead what it holds, as a clock that was three hours fast left it.
"""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from tests.contract.servers import REDIS, redis_of
from workers.frontier.clock_watch import ClockWatch
from workers.frontier.locks import Locks
from workers.frontier.schedule import Schedule
from workers.store.outcomes import FIELD
from workers.store.stream import GROUP
from workers.store.stream_gauge import KEY

STEP_S = 3 * 3600
STEP = timedelta(seconds=STEP_S)
STEP_MS = STEP_S * 1000


@pytest.fixture(params=REDIS)
def redis(request: pytest.FixtureRequest) -> Redis:
    return redis_of(request)


@pytest.fixture
def watch(redis: Redis) -> ClockWatch:
    made = ClockWatch(redis)
    assert made.went_back() == 0, "nothing was seen before"
    return made


def seen_ahead(redis: Redis, ms: int) -> None:
    """Let tick have seen a time that is so much later than now."""
    redis.incrby("warraq:clock", ms)


def test_a_clock_that_goes_on_has_not_gone_back(watch: ClockWatch) -> None:
    assert [watch.went_back() for _ in range(3)] == [0, 0, 0]


def test_a_clock_that_is_adjusted_has_not_gone_back(watch: ClockWatch, redis: Redis) -> None:
    seen_ahead(redis, 900)
    assert watch.went_back() == 0


def test_it_is_said_until_everything_was_moved(watch: ClockWatch, redis: Redis) -> None:
    seen_ahead(redis, STEP_MS)
    assert [round(watch.went_back()) for _ in range(2)] == [STEP_S, STEP_S]
    watch.moved()
    assert watch.went_back() == 0


def test_a_clock_that_leaps_ahead_is_doubtful_for_a_while(watch: ClockWatch, redis: Redis) -> None:
    """A stack that was off for a night is not in doubt."""
    for hours, doubtful in ((16, False), (40 * 24, True)):
        redis.decrby("warraq:clock", hours * 3_600_000)
        assert watch.is_doubtful() == doubtful, "tick has not looked yet"
        assert watch.went_back() == 0
        assert watch.is_doubtful() == doubtful
    assert 0 < redis.pttl("warraq:clock-leapt") <= 6 * 3_600_000


def test_claims_end_when_they_would_have(watch: ClockWatch, redis: Redis) -> None:
    assert Locks(redis).take("tick", 0.7 + STEP_S)
    redis.set("warraq:hold:h", "rest", px=STEP_MS + 5000)
    redis.set("warraq:spent:h", 7, ex=60)
    redis.set("warraq:epoch", 1)
    watch.move(STEP_S)
    assert 0 < redis.pttl("warraq:claim:tick") <= 700
    assert 4000 < redis.pttl("warraq:hold:h") <= 5000
    assert redis.ttl("warraq:spent:h") > 50, "it was set since: nothing else lasts less than the step"
    assert redis.ttl("warraq:epoch") == -1


@pytest.mark.parametrize(("left_s", "after_s"), [(86_400 + STEP_S, 86_400), (86_400, 86_400), (STEP_S + 9, STEP_S + 9)])
def test_a_hosts_budget_is_not_given_anew_sooner(watch: ClockWatch, redis: Redis, left_s: int, after_s: int) -> None:
    redis.set("warraq:spent:h", 7, ex=left_s)
    watch.move(STEP_S)
    assert redis.ttl("warraq:spent:h") in {after_s, after_s - 1}


def test_sources_are_due_when_they_would_have_been(watch: ClockWatch, redis: Redis) -> None:
    schedule, now = Schedule(redis, lease_s=60), datetime.now(UTC)
    schedule.set("later", now + STEP + timedelta(minutes=10))
    schedule.set("overdue", now + STEP - timedelta(seconds=10))
    schedule.set("long ago", now - timedelta(hours=1))
    watch.move(STEP_S)
    assert schedule.due(9) == ["long ago", "overdue"]
    score = redis.zscore("warraq:sources", "later")
    assert score is not None
    assert abs(float(score) / 1000 - (now + timedelta(minutes=10)).timestamp()) < 1


def test_other_scores_and_other_keys_stay(watch: ClockWatch, redis: Redis) -> None:
    redis.zadd("warraq:sizes", {"a": 5_000_000})
    redis.zadd("unacked_index", {"celery's": 9e12})
    redis.hset("warraq:tickets", "a", "text")
    watch.move(STEP_S)
    assert redis.zscore("warraq:sizes", "a") == 5_000_000
    assert redis.zscore("unacked_index", "celery's") == 9e12


def test_what_flushers_have_in_hand_counts_from_now(watch: ClockWatch, redis: Redis) -> None:
    """It was handed out in what is the future now: idle for less than no time, it would be nobody else's for hours.

    Redis lets nobody write such a time, so this shows only that it is set.
    """
    redis.xgroup_create(KEY, GROUP, id="0", mkstream=True)
    name = redis.xadd(KEY, {FIELD: "outcome"})
    redis.xreadgroup(GROUP, "dead", {KEY: ">"})
    redis.xclaim(KEY, GROUP, "dead", 0, [name], idle=50_000, justid=True)
    watch.move(STEP_S)
    (item,) = redis.xpending_range(KEY, GROUP, "-", "+", 1)
    assert int(item["time_since_delivered"]) < 10_000
    assert item["consumer"] == b"dead"


def test_many_keys_are_moved_in_portions(watch: ClockWatch, redis: Redis) -> None:
    for number in range(1000):
        redis.set(f"warraq:hold:{number}", "rest", px=STEP_MS + 60_000)
    watch.move(STEP_S)
    assert max(redis.pttl(f"warraq:hold:{number}") for number in range(1000)) <= 60_000
