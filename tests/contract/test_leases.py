"""Leases and tickets: the same cases on fakeredis and on the real server."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as Away

from ingest.ledger.record import Record, Stage
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Source
from tests.contract.servers import REDIS, redis_of
from tests.fakes import lease_over, ticket
from workers.frontier.lanes import Lanes
from workers.frontier.leases import FORGOTTEN, IN_PROGRESS, Leases

NOW = datetime.now(UTC)
Both = tuple[Lanes, Leases]


@pytest.fixture(params=REDIS)
def both(request: pytest.FixtureRequest) -> Both:
    redis: Redis = redis_of(request)
    return Lanes(redis, busy_s=0, lease_s=60, host_budget=999), Leases(redis, lease_s=60)


def record(url: str) -> Record:
    return admitted(Source("s", "feed", "http://h/"), Entry(url), NOW)


def test_whereabouts(both: Both) -> None:
    lanes, leases = both
    waiting, leased, abandoned, unstarted, ended, unknown = (record(f"http://h{i}/1") for i in range(6))
    lanes.push([leased, abandoned, unstarted, ended])
    assert len(lanes.pop(9)) == 4
    lanes.push([waiting])
    leases.begin(abandoned.id, Stage.FETCH)
    leases.begin(ended.id, Stage.PROCESS)
    leases.finish(ended, -1)
    lease_over(leases, abandoned.id, unstarted.id)
    assert leases.whereabouts([waiting, leased]) == [IN_PROGRESS] * 2
    assert leases.whereabouts([abandoned, unstarted, ended, unknown]) == ["fetch", *[FORGOTTEN] * 3]
    assert sorted(leases.overdue(9)) == sorted([abandoned.id, unstarted.id, ended.id]), "nobody who waits is overdue"
    lanes.push([abandoned])
    assert abandoned.id not in leases.overdue(9)
    lanes.pop(9)
    lease_over(leases, abandoned.id)
    assert leases.whereabouts([abandoned]) == [FORGOTTEN], "pushed again, it has not started again"
    assert leases.whereabouts([]) == []


def test_tickets(both: Both) -> None:
    lanes, leases = both
    one = record("http://h/1")
    assert ticket(leases, one.id) is None
    lanes.push([one])
    assert ticket(leases, one.id) == one
    assert leases.begin(one.id, Stage.FETCH) == (True, one)
    assert leases.begin(one.id, Stage.FETCH) == (False, one), "the message has come twice"
    leases.finish(replace(one, fetched_at=NOW))
    assert ticket(leases, one.id) == replace(one, fetched_at=NOW)
    assert leases.begin(one.id, Stage.PROCESS)[0]
    leases.skip(one.id)
    assert leases.begin(one.id, Stage.PROCESS)[0]
    leases.forget([one.id])
    assert ticket(leases, one.id) is None
    assert lanes.pop(9) == [("h", one.id)], "forgetting says nothing of lanes"


def test_who_waited_without_a_ticket_gets_one_when_it_is_handed_out(both: Both) -> None:
    _lanes, leases = both
    one, two = record("http://h/1"), record("http://h/2")
    leases.issue([one])
    assert leases.unticketed([one.id, two.id]) == [two.id]
    leases.issue([two])
    assert leases.unticketed([one.id, two.id]) == []


def test_a_start_that_redis_itself_cut_short_is_not_counted(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    _lanes, leases = both
    one, other = record("http://h/1"), record("http://h/2")
    leases.begin(one.id, Stage.FETCH)
    with monkeypatch.context() as gone:
        gone.setattr(leases._redis, "pipeline", lambda **_: (_ for _ in ()).throw(Away("gone")))
        with pytest.raises(Away):
            leases.interrupt(one.id)
    leases.begin(other.id, Stage.FETCH)
    lease_over(leases, one.id)
    assert leases.whereabouts([one]) == [FORGOTTEN], "no step is said to have started"


def test_how_far_sweep_has_come(both: Both) -> None:
    _lanes, leases = both
    assert leases.swept_to() is None
    leases.set_swept_to(NOW)
    assert leases.swept_to() == NOW
