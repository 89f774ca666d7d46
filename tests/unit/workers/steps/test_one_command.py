"""Redis that refuses one command only, as a full one refuses what takes room: nothing is lost, and nobody is blamed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from fakeredis._helpers import SimpleError
from fakeredis._socket._base import BaseFakeSocket

from ingest.ledger.record import State
from ingest.urls import article_id
from tests.fakes import World, lease_over
from tests.unit.workers.steps.site import SOURCE
from workers.runtime import SERVICES
from workers.steps import fetch, index, poll, tick
from workers.steps.dispatch import Dispatch
from workers.steps.process import process_page
from workers.steps.sweep import sweep

TAKE_ROOM = (
    "eval",  # a script that takes some
    "evalsha",
    "expire",
    "hincrby",
    "hset",
    "hsetnx",
    "incr",
    "incrby",
    "set",
    "xadd",
    "xgroup create",
    "zadd",
)
FULL = "OOM command not allowed when used memory > 'maxmemory'."


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Yield the set of commands that are refused: alone, in a transaction, in a script."""
    refused: set[str] = set()
    known = BaseFakeSocket._name_to_func

    def judged(self: BaseFakeSocket, name: str) -> object:
        if name.lower() in refused:
            raise SimpleError(FULL)
        return known(self, name)

    monkeypatch.setattr(BaseFakeSocket, "_name_to_func", judged)
    yield refused
    refused.clear()


class Workers:
    """Do what a tick hands out; a task that fails for want of a service is one that Celery logs."""

    def __init__(self, world: World) -> None:
        self._rt = world.rt
        self._tasks: list[Callable[[], object]] = []

    def round(self) -> None:
        """Do one tick, what it hands out, and a flush."""
        dispatch = Dispatch(
            lambda key: self._tasks.append(lambda: poll.poll(self._rt, key)),
            lambda keys, _=None: self._tasks.extend(self._fetch(key) for key in keys),
            self._process,
            lambda: None,
            lambda: None,
        )
        self._tasks.append(lambda: tick.tick(self._rt, dispatch))
        while self._tasks:
            with suppress(*SERVICES):
                self._tasks.pop(0)()
        with suppress(*SERVICES):
            index.flush(self._rt, block_ms=1, linger_s=0)

    def _fetch(self, key: str) -> Callable[[], object]:
        return lambda: fetch.fetch(self._rt, key, self._process)

    def _process(self, articles: Mapping[str, str], pipe: object = None) -> None:
        del pipe
        self._tasks += [lambda key=key: process_page(self._rt, key) for key in articles]  # type: ignore[misc]  # a lambda's default


@pytest.mark.parametrize("command", TAKE_ROOM)
def test_nothing_is_lost_and_nobody_is_blamed(listed: World, refuse: set[str], command: str) -> None:
    listed.clock.at = datetime.now(UTC) - timedelta(days=1)
    workers = Workers(listed)
    refuse.add(command)
    for _ in range(5):
        workers.round()
    assert all(record.starts == record.attempts == 0 for record in listed.ledger.records.values())
    refuse.clear()
    for _ in range(3):
        listed.clock.forward(300)
        listed.redis.zadd("warraq:sources", {SOURCE.id: 0})  # whatever was put off is due
        lease_over(listed.rt.leases, *(key for key in listed.ledger.records if listed.redis.zscore("warraq:work", key)))
        sweep(listed.rt)
        for _ in range(3):
            workers.round()
    ends = {key: (one.state, one.reason, one.starts) for key, one in listed.ledger.records.items()}
    good, gone = article_id("http://h/1"), article_id("http://h/gone")
    assert ends == {good: (State.INDEXED, "", 0), gone: (State.FAILED, "http_404", 0)}
    assert (listed.rt.stream.depth(), listed.redis.zcard("warraq:work"), list(listed.index.articles)) == (0, 0, [good])
