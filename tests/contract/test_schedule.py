"""The sources' schedule: the same cases on fakeredis and on the real server."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from tests.contract.servers import REDIS, redis_of
from workers.frontier import schedule as module
from workers.frontier.schedule import Schedule

NOW = datetime.now(UTC)


@pytest.fixture(params=REDIS)
def redis(request: pytest.FixtureRequest) -> Redis:
    return redis_of(request)


@pytest.fixture
def schedule(redis: Redis) -> Schedule:
    return Schedule(redis, lease_s=60)


def test_a_source_is_in_the_queue_once_until_it_is_polled(schedule: Schedule) -> None:
    schedule.set("due", NOW)
    schedule.set("later", NOW + timedelta(hours=1))
    assert schedule.due(9) == ["due"]
    assert schedule.due(9) == []
    assert schedule.begin("due") == 1
    assert schedule.due(9) == [], "it is being polled"
    schedule.set("due", NOW)
    assert schedule.due(9) == ["due"]


def test_a_poll_that_is_not_due_does_not_begin(schedule: Schedule) -> None:
    schedule.set("due", NOW)
    assert schedule.begin("due") == 1
    assert schedule.begin("due") == 0, "the message has come twice"
    assert schedule.begin("unknown") == 0
    schedule.set("due", NOW + timedelta(minutes=28))
    assert schedule.begin("due") == 0
    schedule.set("due", None)
    assert schedule.begin("due") == 0


def test_the_queue_holds_so_many_the_longest_overdue_first(schedule: Schedule, redis: Redis) -> None:
    for minutes in range(10):
        schedule.set(f"{minutes}", NOW - timedelta(minutes=minutes))
    assert schedule.due(3) == ["9", "8", "7"]
    redis.rpush("poll", *"abc")
    assert schedule.due(3) == []
    redis.lpop("poll")
    assert schedule.begin("9")
    assert schedule.due(3) == ["6"]


def test_a_second_tick_counts_what_the_first_is_still_sending(schedule: Schedule, redis: Redis) -> None:
    for minutes in range(10):
        schedule.set(f"{minutes}", NOW - timedelta(minutes=minutes))
    assert schedule.due(3) == ["9", "8", "7"]
    redis.rpush("poll", "9")
    assert schedule.due(3) == [], "two are on their way"


def test_what_is_said_of_a_source_while_it_is_polled_counts(schedule: Schedule) -> None:
    later = NOW + timedelta(hours=1)
    for name in ("now", "removed", "neither"):
        schedule.set(name, NOW)
        schedule.begin(name)
    schedule.set("now", NOW)
    schedule.set("removed", None)
    for name in ("now", "removed", "neither"):
        schedule.end(name, later)
    assert schedule.due(9) == ["now"]
    assert schedule.missing(["now", "removed", "neither"]) == ["removed"]


def test_a_poll_that_ends_sets_when_its_source_is_due(schedule: Schedule) -> None:
    for at in (NOW, None):
        schedule.set("s", NOW)
        assert schedule.begin("s") == 1
        schedule.end("s", at)
        assert schedule.due(9) == (["s"] if at else [])


def test_a_lost_message_is_sent_again(schedule: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule.set("due", NOW)
    monkeypatch.setattr(module, "CLAIM_S", -1)
    assert schedule.due(9) == ["due"]
    assert schedule.due(9) == ["due"]


def test_a_message_that_died_with_its_worker_is_sent_again_soon(
    schedule: Schedule, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule.set("due", NOW)
    assert schedule.due(9) == ["due"]
    monkeypatch.setattr(module, "TAKEN_S", -1)
    redis.rpush("poll", "its message")
    assert schedule.due(9) == [], "it waits in the queue"
    redis.delete("poll")
    assert schedule.due(9) == ["due"]


def test_a_dead_workers_poll_is_due_again_and_its_starts_are_counted(redis: Redis) -> None:
    schedule = Schedule(redis, lease_s=-1)
    schedule.set("s", NOW)
    assert [schedule.begin("s"), schedule.begin("s")] == [1, 2]
    schedule.set("s", NOW)
    assert schedule.begin("s") == 1, "a poll that came to its end"


def test_a_poll_that_a_service_cut_short_is_not_counted(schedule: Schedule) -> None:
    schedule.set("s", NOW)
    schedule.begin("s")
    schedule.interrupt("s", NOW - timedelta(minutes=1))
    assert schedule.begin("s") == 1
    schedule.set("s", None)
    schedule.interrupt("s", NOW - timedelta(minutes=1))
    assert schedule.begin("s") == 0, "a removed source stays so"


def test_a_poll_that_is_cut_short_again_and_again_asks_its_site_less_and_less(schedule: Schedule, redis: Redis) -> None:
    """Elasticsearch's disk is full: sources can be read, and nothing can be admitted."""

    def waits() -> float:
        schedule.interrupt("s", NOW)
        return float(redis.zscore("warraq:sources", "s") or 0) / 1000 - int(NOW.timestamp() * 1000) / 1000

    schedule.set("s", NOW)
    pauses = [round(waits()) for _ in range(20)]
    assert pauses[:4] == [5, 10, 20, 40]
    assert set(pauses[7:]) == {module.RETRY_CAP_S}
    schedule.set("s", NOW)
    assert round(waits()) == 5, "one has come to its end meanwhile"


def test_what_no_schedule_holds_is_scheduled(schedule: Schedule) -> None:
    schedule.set("known", NOW + timedelta(hours=1))
    assert schedule.missing(["known", "lost"]) == ["lost"]
    assert schedule.add_missing({"known": NOW, "lost": NOW}) == 1
    assert schedule.due(9) == ["lost"]
    assert schedule.missing([]) == []
    assert schedule.count() == 2


def test_a_day_without_poll_workers_costs_redis_no_more_than_its_sources(schedule: Schedule, redis: Redis) -> None:
    """Ten thousand sources; each round of a day's ticks finds the queue as full as it may be."""
    redis.zadd("warraq:sources", {f"{number:032}": number for number in range(10_000)})
    sent: list[str] = []
    for _ in range(50):
        due = schedule.due(40)
        redis.rpush("poll", *due) if due else None
        sent += due
    assert sent == [f"{number:032}" for number in range(40)]
    assert redis.zcard("warraq:polls") == 40
