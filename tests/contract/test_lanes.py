"""Lanes: the same cases on fakeredis and on the real server."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakeredis import FakeRedis
from redis import Redis

from ingest.ledger.record import Record, Stage
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Page, Source
from ingest.urls import INLINE
from tests.fakes import lease_over, ticket
from workers.frontier.lanes import Lanes

NOW = datetime.now(UTC)
Make = Callable[..., Lanes]


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
def make(request: pytest.FixtureRequest) -> Make:
    redis: Redis = FakeRedis() if request.param == "fake" else request.getfixturevalue("redis")
    return lambda busy_s=60.0, lease_s=60.0: Lanes(redis, busy_s=busy_s, lease_s=lease_s, host_budget=999)


def record(url: str, due: datetime = NOW, page: Page | None = None) -> Record:
    return replace(admitted(Source("s", "feed", "http://h/"), Entry(url, page=page), NOW), due_at=due)


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


def test_the_held_lane_asks_nobody_and_never_rests(make: Make) -> None:
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
    assert [key for _, key in lanes.pop(9)] == [soon.id]
    assert lanes.whereabouts([late]) == ["held"]


def test_pushing_twice_is_pushing_once(make: Make) -> None:
    lanes = make(busy_s=0.0)
    one = record("http://h/1")
    lanes.push([one])
    lanes.push([one])
    assert len(lanes.pop(9)) == 1


def test_whereabouts(make: Make) -> None:
    lanes = make(busy_s=0.0)
    waiting, leased, abandoned, unstarted, ended, forgotten = (record(f"http://h{i}/1") for i in range(6))
    lanes.push([leased, abandoned, unstarted, ended])
    assert len(lanes.pop(9)) == 4
    lanes.push([waiting])
    lanes.begin(abandoned.id, Stage.FETCH)
    lanes.begin(ended.id, Stage.PROCESS)
    lanes.end(ended, -1)
    lease_over(lanes, abandoned.id, unstarted.id)
    assert lanes.whereabouts([waiting, leased]) == ["held", "held"]
    assert lanes.whereabouts([abandoned, unstarted, ended, forgotten]) == ["fetch", *["forgotten"] * 3]
    lease_over(lanes, waiting.id)
    assert lanes.whereabouts([waiting]) == ["held"], "its residence is over, but it still is in its lane"
    lanes.push([abandoned])
    lanes.pop(9)
    lease_over(lanes, abandoned.id)
    assert lanes.whereabouts([abandoned]) == ["forgotten"], "pushed again, it has not started again"
    assert lanes.whereabouts([]) == []


def test_tickets(make: Make) -> None:
    lanes = make()
    one = record("http://h/1")
    assert ticket(lanes, one.id) is None
    lanes.push([one])
    assert ticket(lanes, one.id) == one
    assert lanes.begin(one.id, Stage.FETCH) == (True, one)
    assert lanes.begin(one.id, Stage.FETCH) == (False, one), "the message has come twice"
    lanes.end(replace(one, fetched_at=NOW))
    assert ticket(lanes, one.id) == replace(one, fetched_at=NOW)
    assert lanes.begin(one.id, Stage.PROCESS)[0]
    lanes.stop(one.id)
    assert lanes.begin(one.id, Stage.PROCESS)[0]
    lanes.done([one.id])
    assert ticket(lanes, one.id) is None
    assert lanes.pop(9) == [("h", one.id)], "done says nothing of lanes"


def test_sources_are_claimed_while_they_are_polled(make: Make) -> None:
    lanes = make()
    lanes.schedule("due", NOW)
    lanes.schedule("later", NOW + timedelta(hours=1))
    assert lanes.due_sources(9, 60) == ["due"]
    assert lanes.due_sources(9, 60) == []
    lanes.schedule("due", NOW)
    lanes.schedule("due", None)
    assert lanes.due_sources(9, 60) == []


def test_a_named_lock_has_one_holder(make: Make) -> None:
    lanes = make()
    assert lanes.claim("sweep", 60)
    assert not lanes.claim("sweep", 60)
    lanes.release("sweep")
    assert lanes.claim("sweep", 60)


def test_a_new_redis_knows_nothing(make: Make) -> None:
    lanes = make()
    assert not lanes.knows()
    lanes.remember()
    assert lanes.knows()
