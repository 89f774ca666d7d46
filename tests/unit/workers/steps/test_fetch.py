"""Fetches: what is asked for, how often, and what no attempt is counted for."""

import pytest
from redis.exceptions import RedisError

from ingest.errors import Transient, Unavailable
from ingest.ledger.record import Stage, State
from ingest.ledger.transitions import ATTEMPTS
from ingest.urls import article_id
from tests.fakes import World, fetched, lease_over, polled
from tests.unit.workers.steps.site import FEED, SOURCE
from workers.steps import attempt, tick


def test_a_passing_failure_comes_back_and_the_last_one_is_final(listed: World) -> None:
    listed.web.answers["http://h/1?utm_source=rss"] = Transient("http_503", "busy")
    key = article_id("http://h/1")
    listed.run()
    for number in range(1, ATTEMPTS):
        record = listed.ledger.records[key]
        assert (record.state, record.attempts, record.reason) == (State.PENDING, number, "http_503")
        fetched(listed, key)
    listed.flush()
    assert listed.ledger.records[key].state is State.FAILED
    assert listed.ledger.records[key].detail == "busy"


def test_a_page_in_the_store_is_not_fetched_again(listed: World) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    assert fetched(listed, key)
    asked = list(listed.web.asked)
    assert fetched(listed, key), "its worker died before it could say so"
    assert listed.web.asked == asked


def test_a_full_disk_costs_no_attempt_and_is_over_when_there_is_room(
    listed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled(listed, SOURCE.id)
    key, put = article_id("http://h/1"), type(listed.rt.pages).put

    def full(*_: object) -> None:
        raise Unavailable("page_store", "no space left on device")

    monkeypatch.setattr(type(listed.rt.pages), "put", full)
    for _ in range(ATTEMPTS + 1):
        assert not fetched(listed, key)
    record = listed.ledger.records[key]
    assert (record.state, record.reason, record.attempts) == (State.PENDING, "page_store", 0)
    assert tick.room(listed.rt, listed.rt.gauge.glance(tick.LOOKED_AT), behind=False) == 0, (
        "no site is asked for what cannot be kept"
    )
    monkeypatch.setattr(type(listed.rt.pages), "put", put)
    assert fetched(listed, key)


def test_a_service_that_is_away_is_no_sign_of_poison(listed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    assert listed.rt.lanes.pop(9)
    monkeypatch.setattr(listed.web, "get", lambda *_: (_ for _ in ()).throw(RedisError("gone")))
    with pytest.raises(RedisError):
        fetched(listed, key)
    lease_over(listed.rt.leases, key)
    assert listed.rt.leases.whereabouts([listed.ledger.records[key]]) == ["forgotten"]


def test_a_message_that_comes_twice_is_worked_on_once(listed: World) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    assert attempt.begin(listed.rt, key, Stage.FETCH)
    assert not fetched(listed, key)
    assert listed.web.asked[-1] == FEED
