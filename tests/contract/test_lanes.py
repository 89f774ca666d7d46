"""Lanes: the same cases on fakeredis and on the real server."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakeredis import FakeRedis
from redis import Redis

from ingest.model import Entry, Page, Source
from ingest.record import Record, admitted
from ingest.urls import HELD
from workers.lanes import Lanes

NOW = datetime.now(UTC)
Make = Callable[..., Lanes]


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
def make(request: pytest.FixtureRequest) -> Make:
    redis: Redis = FakeRedis() if request.param == "fake" else request.getfixturevalue("redis")
    return lambda politeness_s=60.0, lease_s=60.0, host_budget=999: Lanes(
        redis, politeness_s=politeness_s, lease_s=lease_s, host_budget=host_budget
    )


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
    lanes = make(politeness_s=0.0)
    lanes.push([record(f"http://h/{i}") for i in range(5)])
    assert len(lanes.pop(3)) == 3
    assert len(lanes.pop(3)) == 2
    assert lanes.depths() == {}
    assert lanes.pop(0) == []


def test_the_held_lane_asks_nobody_and_never_rests(make: Make) -> None:
    lanes = make()
    page = Page("file:///a", 200, (), b"", NOW)
    lanes.push([record(f"file:///{i}", page=page) for i in range(4)])
    assert [lane for lane, _ in lanes.pop(3)] == [HELD] * 3


def test_an_article_due_later_waits(make: Make) -> None:
    lanes = make(politeness_s=0.0)
    soon, late = record("http://h/1", NOW + timedelta(seconds=0.3)), record("http://h/2", NOW + timedelta(hours=1))
    lanes.push([late, soon])
    while datetime.now(UTC) < soon.due_at:
        time.sleep(0.05)
    assert [key for _, key in lanes.pop(9)] == [soon.id]
    assert lanes.whereabouts([late]) == ["held"]


def test_a_visit_holds_the_lane_for_fetches_and_for_other_visits(make: Make) -> None:
    lanes = make()
    lanes.push([record("http://h/1")])
    assert lanes.visit("h", "poll:a") == 0
    assert 0 < lanes.visit("h", "poll:b") <= 60
    assert lanes.pop(9) == []


def test_who_was_handed_out_asks_and_nobody_else(make: Make) -> None:
    lanes = make()
    one = record("http://h/1")
    lanes.push([one])
    assert lanes.pop(9) == [("h", one.id)]
    assert lanes.visit("h", "another") > 0
    assert lanes.visit("h", one.id) == 0
    lanes.rest("h", one.id, 30)
    assert 0 < lanes.visit("h", one.id) <= 30, "its turn is over"


def test_the_rest_after_a_fetch_outlives_an_empty_lane(make: Make) -> None:
    lanes = make()
    one = record("http://h/1")
    lanes.push([one])
    assert len(lanes.pop(9)) == 1
    lanes.rest("h", one.id, 60)
    lanes.push([record("http://h/2")])
    assert lanes.pop(9) == []


def test_a_short_rest_ends_the_turn_of_a_busy_host(make: Make) -> None:
    lanes = make()
    one, two = record("http://h/1"), record("http://h/2")
    lanes.push([one])
    lanes.pop(9)
    lanes.push([two])
    lanes.rest("h", one.id, 0)
    assert lanes.pop(9) == [("h", two.id)]


def test_a_late_worker_ends_nobody_elses_turn_and_a_rest_is_never_shortened(make: Make) -> None:
    lanes = make()
    assert lanes.visit("h", "one") == 0
    lanes.rest("h", "late", 0)
    assert lanes.visit("h", "two") > 0
    lanes.rest("h", "one", 50)
    lanes.rest("h", "late", 1)
    assert lanes.visit("h", "two") > 40


def test_a_poll_gets_the_turn_after_an_article_and_an_article_the_one_after_a_poll(make: Make) -> None:
    lanes = make()
    one, two = record("http://h/1"), record("http://h/2")
    lanes.push([one, two])
    ((_, first),) = lanes.pop(9)
    assert lanes.visit("h", "poll:s") > 0
    lanes.rest("h", first, 0)
    assert lanes.pop(9) == [], "the poll is next"
    assert lanes.visit("h", "poll:s") == 0
    assert lanes.visit("h", "poll:t") > 0
    lanes.rest("h", "poll:s", 0)
    time.sleep(0.15)
    assert len(lanes.pop(9)) == 1, "the next poll is not"


def test_a_host_has_a_budget(make: Make) -> None:
    lanes = make(politeness_s=0.0, host_budget=3)
    lanes.push([record(f"http://h/{i}") for i in range(5)] + [record("http://other/1")])
    taken = lanes.pop(9)
    assert sorted(lane for lane, _ in taken) == ["h", "h", "h", "other"]
    assert [lanes.visit(lane, key) for lane, key in taken] == [0.0] * 4
    assert lanes.pop(9) == []
    assert 80_000 < lanes.visit("h", "one more") <= 86_400


def test_strikes_are_counted_until_the_host_is_well(make: Make) -> None:
    lanes = make()
    assert [lanes.strike("h"), lanes.strike("h"), lanes.strike("other")] == [1, 2, 1]
    lanes.rest("h", "one", 1, well=False)
    assert lanes.strike("h") == 3
    lanes.rest("h", "one", 1)
    assert lanes.strike("h") == 1


def test_pushing_twice_is_pushing_once(make: Make) -> None:
    lanes = make(politeness_s=0.0)
    one = record("http://h/1")
    lanes.push([one])
    lanes.push([one])
    assert len(lanes.pop(9)) == 1


def test_whereabouts(make: Make) -> None:
    lanes = make(politeness_s=0.0)
    waiting, leased, abandoned, unstarted, ended, forgotten = (record(f"http://h{i}/1") for i in range(6))
    lanes.push([leased, abandoned, unstarted, ended])
    assert len(lanes.pop(9)) == 4
    lanes.push([waiting])
    lanes.begin(abandoned.id)
    lanes.begin(ended.id)
    lanes.end(ended, -1)
    lanes.lease([abandoned.id, unstarted.id], -1)
    assert lanes.whereabouts([waiting, leased]) == ["held", "held"]
    assert lanes.whereabouts([abandoned, unstarted, ended, forgotten]) == ["abandoned", *["forgotten"] * 3]
    lanes.lease([waiting.id], -1)
    assert lanes.whereabouts([waiting]) == ["held"], "its residence is over, but it still is in its lane"
    lanes.push([abandoned])
    lanes.pop(9)
    lanes.lease([abandoned.id], -1)
    assert lanes.whereabouts([abandoned]) == ["forgotten"], "pushed again, it has not started again"
    assert lanes.whereabouts([]) == []


def test_tickets(make: Make) -> None:
    lanes = make()
    one = record("http://h/1")
    assert lanes.ticket(one.id) is None
    lanes.push([one])
    assert lanes.ticket(one.id) == one
    assert lanes.begin(one.id) == one
    lanes.end(replace(one, fetched_at=NOW))
    assert lanes.ticket(one.id) == replace(one, fetched_at=NOW)
    lanes.done([one.id])
    assert lanes.ticket(one.id) is None
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
