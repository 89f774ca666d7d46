"""Lanes: the same cases on fakeredis and on the real server."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakeredis import FakeRedis
from redis import Redis

from ingest.ledger.record import Record
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Page, Source
from ingest.urls import INLINE
from tests.contract.servers import REDIS, redis_of
from workers.frontier import lanes as module
from workers.frontier.lanes import Lanes

NOW = datetime.now(UTC)
Make = Callable[..., Lanes]


@pytest.fixture(params=REDIS)
def redis(request: pytest.FixtureRequest) -> Redis:
    return redis_of(request)


@pytest.fixture
def make(redis: Redis) -> Make:
    return lambda busy_s=60.0, lease_s=60.0: Lanes(redis, busy_s=busy_s, lease_s=lease_s, host_budget=999)


def record(url: str, due: datetime = NOW, page: Page | None = None, published: datetime | None = None) -> Record:
    entry = Entry(url, page=page, published_at=published)
    return replace(admitted(Source("s", "feed", "http://h/"), entry, NOW), due_at=due)


def test_a_host_gives_one_article_and_then_rests(make: Make) -> None:
    lanes = make()
    one, two, other = record("http://h/1"), record("http://h/2"), record("http://other/1")
    lanes.push([one, two, other])
    taken = lanes.pop(10)
    assert sorted(lane for lane, _ in taken) == ["h", "other"]
    assert lanes.pop(10) == []
    assert lanes.depths() == {"h": 1}


def test_without_politeness_a_lane_gives_all_it_has_room_for(make: Make) -> None:
    lanes = make(busy_s=0.0)
    lanes.push([record(f"http://h/{i}") for i in range(5)])
    assert len(lanes.pop(3)) == 3
    assert len(lanes.pop(3)) == 2
    assert lanes.depths() == {}
    assert lanes.pop(0) == []


def test_the_inline_lane_asks_nobody_and_never_rests(make: Make) -> None:
    lanes = make()
    page = Page("file:///a", 200, (), b"", NOW)
    lanes.push([record(f"file:///{i}", page=page) for i in range(4)])
    assert [lane for lane, _ in lanes.pop(3)] == [INLINE] * 3


def test_an_article_due_later_waits(make: Make) -> None:
    lanes = make(busy_s=0.0)
    soon, late = record("http://h/1", NOW + timedelta(seconds=0.3)), record("http://h/2", NOW + timedelta(hours=1))
    lanes.push([late, soon])
    while datetime.now(UTC) < soon.due_at:
        time.sleep(0.05)
    assert [article_id for _, article_id in lanes.pop(9)] == [soon.id]
    assert lanes.depths() == {"h": 1}


def test_pushing_twice_is_pushing_once(make: Make) -> None:
    lanes = make(busy_s=0.0)
    one = record("http://h/1")
    lanes.push([one])
    lanes.push([one])
    assert len(lanes.pop(9)) == 1


def test_an_archive_waits_behind_the_fresh_articles_of_its_host(make: Make) -> None:
    lanes = make()
    old = [record(f"http://h/{i}", NOW - timedelta(hours=1), published=NOW - timedelta(days=300)) for i in range(2)]
    fresh = record("http://h/new", published=NOW)
    lanes.push([*old, fresh])
    assert lanes.depths() == {"h": 3}
    assert lanes.pop(9) == [("h", fresh.id)], "admitted last, but it is today's"


def test_an_archive_is_not_forgotten_when_nothing_fresh_waits(make: Make) -> None:
    lanes = make(busy_s=0.0)
    old = [record(f"http://h/{i}", published=NOW - timedelta(days=300)) for i in range(3)]
    lanes.push(old)
    assert {article_id for _, article_id in lanes.pop(2)} < {one.id for one in old}
    assert len(lanes.pop(9)) == 1


def test_few_of_those_that_wait_have_a_ticket(make: Make, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICKETS", 2)
    make().push([record(f"http://h/{i}") for i in range(5)])
    assert redis.hlen("warraq:tickets") == 2


def test_a_waiting_article_costs_no_more_than_200_bytes(make: Make, redis: Redis) -> None:
    """By what Redis says of each key; it says too little where it is a fake."""
    if isinstance(redis, FakeRedis):
        pytest.skip("the fake knows no memory")
    lanes, some = make(), 3000
    lanes.push([record(f"http://h/{i}") for i in range(module.TICKETS)])
    before = redis.info("memory")["used_memory"]
    lanes.push([record(f"http://h/more-{i}") for i in range(some)])
    assert (redis.info("memory")["used_memory"] - before) / some <= 200
