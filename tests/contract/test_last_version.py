"""The last version's workers beside ours: what they leave in Redis and Elasticsearch, as recorded there (f4bd31f).

When stored values change their shape again, record those of the version before, in the same way.
"""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from redis import Redis

from ingest.document import POLL, RECORD, SOURCE, TALLY
from ingest.ledger.record import Stage, State
from tests.contract.servers import REDIS, redis_of
from workers.celery_ext.publisher import Publisher
from workers.frontier.lanes import Lanes
from workers.frontier.leases import IN_PROGRESS, Leases
from workers.frontier.schedule import Schedule
from workers.store import stream_gauge
from workers.store.outcomes import OUTCOME
from workers.store.stream import Stream
from workers.tasks import fetch_article, poll_source, process_article

KEPT: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("last_version.json").read_text("utf-8"))
RECORDS: Final = [RECORD.validate_python(KEPT[name]) for name in ("pending", "inline", "ended", "failed")]
NOW: Final = datetime.now(UTC)


@pytest.fixture(params=REDIS)
def redis(request: pytest.FixtureRequest) -> Redis:
    return redis_of(request)


@pytest.fixture
def lanes(redis: Redis) -> Lanes:
    return Lanes(redis, busy_s=0.0, lease_s=90, host_budget=10_000)


def queued_by_it(redis: Redis, name: str, hours_ago: float = 0.0) -> str:
    """Queue a record as its `push` did: a ticket and a lease for whatever waits."""
    kept = KEPT[name]
    due = (NOW - timedelta(hours=hours_ago)).timestamp() * 1000
    redis.hset("warraq:tickets", kept["id"], json.dumps(kept))
    redis.zadd(f"warraq:lane:{kept['lane']}", {kept["id"]: due})
    redis.zadd("warraq:work", {kept["id"]: due + 3_600_000})
    redis.zadd("warraq:lanes", {kept["lane"]: due})
    return str(kept["id"])


@pytest.mark.parametrize("name", ["pending", "inline", "ended", "failed"])
def test_its_records_are_read_and_written_back_with_all_that_it_knows(name: str) -> None:
    record = RECORD.validate_python(KEPT[name])
    ours = RECORD.dump_python(record, mode="json")
    assert ours | KEPT[name] | {"entry": ours["entry"] | KEPT[name]["entry"]} == ours
    assert record.unknown == {}


def test_its_sources_polls_and_tallies_are_read() -> None:
    source, poll = SOURCE.validate_python(KEPT["source"]), POLL.validate_python(KEPT["poll"])
    assert (source.interval_s, source.full_text, source.since_days) == (600, True, 30)
    assert (poll.polls, poll.etag) == (3, '"abc"')
    assert TALLY.validate_python(KEPT["tally"]).admitted == 7


def test_what_it_has_handed_over_is_indexed(redis: Redis) -> None:
    redis.xadd(stream_gauge.KEY, {"outcome": json.dumps(KEPT["outcome"])})
    mine = Stream(redis, "mine")
    batch = mine.read(9, block_ms=10)
    assert batch.unreadable == []
    assert [item.outcome.record.state for item in batch.items] == [State.INDEXED]
    mine.acknowledge(batch.items)
    assert (mine.depth(), mine.bytes()) == (0, 0)


def test_what_it_takes_out_of_the_stream_does_not_count_as_waiting_for_ever(redis: Redis) -> None:
    """Its flusher knows no gauge; tick would hand nothing out any more."""
    mine = Stream(redis, "mine")
    mine.add(OUTCOME.validate_python(KEPT["outcome"]))
    assert mine.bytes() > 0
    items: Any = redis.xrange(stream_gauge.KEY)
    redis.xdel(stream_gauge.KEY, *(name for name, _ in items))
    assert mine.bytes() == 0


def test_what_it_has_queued_is_handed_out_with_its_ticket(redis: Redis, lanes: Lanes) -> None:
    ids = {queued_by_it(redis, name) for name in ("pending", "inline")}
    assert {key for _, key in lanes.pop(9)} == ids
    leases = Leases(redis, lease_s=90)
    for record in RECORDS[:2]:
        assert leases.begin(record.id, record.stage) == (True, record)


def test_what_it_has_queued_long_ago_is_no_dead_workers(redis: Redis, lanes: Lanes) -> None:
    """It leased what waits; thousands of those would hide from sweep what is really lost."""
    leases = Leases(redis, lease_s=90)
    waiting = queued_by_it(redis, "pending", hours_ago=2)
    assert leases.overdue(9) == [waiting]
    assert leases.whereabouts(RECORDS[:1]) == [IN_PROGRESS]
    assert leases.overdue(9) == []
    assert [key for _, key in lanes.pop(9)] == [waiting]


def test_what_waits_here_may_be_queued_by_its_sweep_too_and_is_worked_on_once(redis: Redis, lanes: Lanes) -> None:
    """To it, an article without a lease is forgotten, and an archive is no lane."""
    leases, waiting = Leases(redis, lease_s=90), replace(RECORDS[0], due_at=NOW)
    lanes.push([waiting])
    queued_by_it(redis, "pending")
    begun = [leases.begin(key, Stage.FETCH)[0] for _, key in lanes.pop(9)]
    assert begun.count(True) == 1
    assert lanes.pop(9) == []


def test_a_poll_that_its_workers_did_is_no_poll_that_is_missing(redis: Redis) -> None:
    """They leave our claim where it is; it ends by itself when the queue is empty."""
    schedule = Schedule(redis, lease_s=130)
    schedule.set("s", NOW - timedelta(seconds=1))
    assert schedule.due(9) == ["s"]
    redis.zadd("warraq:sources", {"s": (NOW + timedelta(hours=1)).timestamp() * 1000})
    assert schedule.due(9) == []
    assert schedule.missing(["s"]) == []


@pytest.mark.parametrize("task", [fetch_article, process_article, poll_source])
def test_its_messages_name_tasks_that_there_are(task: Any, redis: Redis) -> None:
    Publisher(redis).send(task, {"00ff": "example.org"})
    queue = {"fetch_article": "fetch", "process_article": "process", "poll_source": "poll"}[task.name]
    text: Any = redis.lindex(queue, 0)
    message = json.loads(text)
    assert message["headers"]["task"] == task.name
    assert json.loads(base64.b64decode(message["body"]))[0] == ["00ff"]
