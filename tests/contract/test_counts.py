"""What the exporter counts in Redis: the same cases on fakeredis and on real servers."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from redis.exceptions import RedisError

from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Source
from tests.contract.servers import REDIS, redis_of
from workers.frontier import heartbeats
from workers.frontier.heartbeats import Heartbeats
from workers.frontier.lanes import Lanes
from workers.frontier.leases import Leases
from workers.frontier.schedule import Schedule
from workers.store.outcomes import Outcome
from workers.store.stream import Stream

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=REDIS)
def redis(request: pytest.FixtureRequest) -> Redis:
    return redis_of(request)


def record(url: str, published: datetime | None = None) -> Record:
    return admitted(Source("s", "feed", "http://h/"), Entry(url, published_at=published), NOW)


def test_lanes_and_what_waits_in_them(redis: Redis) -> None:
    lanes = Lanes(redis, busy_s=0.0, lease_s=60, host_budget=999)
    assert lanes.waiting() == (0, 0)
    old = NOW - timedelta(days=300)
    lanes.push([record("http://a/1"), record("http://a/2", old), record("http://b/1")])
    assert lanes.waiting() == (2, 3) == (len(lanes.depths()), sum(lanes.depths().values()))


def test_leases_that_are_over(redis: Redis) -> None:
    leases = Leases(redis, lease_s=60)
    leases.finish(record("http://a/1"))
    assert (leases.count_overdue(NOW), leases.count_overdue(NOW + HOUR)) == (0, 1)


def test_sources_that_are_due_and_late(redis: Redis) -> None:
    schedule = Schedule(redis, lease_s=60)
    for name, ago in (("now", 1), ("late", 400), ("later", -400)):
        schedule.set(name, NOW - timedelta(seconds=ago))
    assert (schedule.count_due(NOW, 0), schedule.count_due(NOW, 300)) == (2, 1)


def test_the_first_outcome_that_waits(redis: Redis) -> None:
    stream = Stream(redis, "one")
    assert stream.oldest() is None
    stream.add(Outcome(ended(record("http://a/1"), State.FAILED, NOW, "dns")))
    first = stream.oldest()
    stream.add(Outcome(ended(record("http://a/2"), State.FAILED, NOW, "dns")))
    assert first is not None
    assert stream.oldest() == first
    assert abs(first - NOW) < HOUR


@pytest.fixture
def heard(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Heartbeats:
    monkeypatch.setattr(heartbeats, "EVERY_S", 0.0)
    return Heartbeats(redis)


def test_a_worker_is_heard_until_it_ends_or_is_forgotten(redis: Redis, heard: Heartbeats) -> None:
    redis.zadd(heartbeats.KEY, {"fetch@dead": 1, "fetch@gone": (NOW - timedelta(seconds=60)).timestamp() * 1000})
    heard.beat("fetch@one")
    heard.beat("beat")
    assert set(heard.all()) == {"fetch@gone", "fetch@one", "beat"}, "long dead ones are forgotten"
    assert abs(heard.all()["beat"] - NOW.timestamp()) < 3600
    heard.end("fetch@one")
    assert set(heard.all()) == {"fetch@gone", "beat"}


def test_two_heartbeats_at_once_are_one(redis: Redis) -> None:
    mine = Heartbeats(redis)
    mine.beat("fetch@one")
    redis.delete(heartbeats.KEY)
    mine.beat("fetch@one")
    assert mine.all() == {}


def test_a_redis_that_is_away_hears_nothing(heard: Heartbeats, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise RedisError("gone")

    for name in ("eval", "zrem"):
        monkeypatch.setattr(heard._redis, name, away)
    heard.beat("fetch@one")
    heard.end("fetch@one")
