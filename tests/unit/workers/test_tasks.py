"""The tasks that do more than call a step."""

import pytest

from ingest.policy.backlog import LINGER_BEHIND_S, LINGER_S
from ingest.upshot import Ending, Upshot
from tests.fakes import World
from workers import tasks
from workers.steps import index
from workers.store.stream import RESTS

Settled = list[int]


@pytest.fixture
def settled(world: World, monkeypatch: pytest.MonkeyPatch) -> Settled:
    """Let flushes settle so many outcomes, one after the other, and then none."""
    counts: Settled = []
    monkeypatch.setattr(tasks, "runtime", lambda: world.rt)
    monkeypatch.setattr(index, "flush", lambda *_, **__: counts.pop(0) if counts else 0)
    return counts


def flushed() -> Upshot | None:
    packed = tasks.index_flush()
    return packed.upshot if packed else None


def test_a_flush_tells_what_it_wrote(settled: Settled) -> None:
    settled += [200, 12]
    assert flushed() == Upshot("", "212 written")


def test_a_flush_without_work_tells_nothing(settled: Settled) -> None:
    assert settled == []
    assert flushed() is None


def test_a_flush_that_elasticsearch_stopped_tells_so_once(
    settled: Settled, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settled == []

    def stopped(*_: object, **__: object) -> int:
        world.redis.set(RESTS, 1, px=60_000)
        return 0

    monkeypatch.setattr(index, "flush", stopped)
    said = flushed()
    assert said is not None
    assert said.ending is Ending.PUT_BACK
    assert flushed() is None, "it rests: nothing was tried"


def test_a_flush_waits_for_fuller_bulks_while_pages_wait(
    settled: Settled, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lingers = list[float]()

    def noted(_: object, linger_s: float) -> int:
        lingers.append(linger_s)
        world.redis.delete("process")
        return settled.pop()

    settled += [0, 1]
    monkeypatch.setattr(index, "flush", noted)
    world.redis.lpush("process", *["a page"] * (world.rt.settings.batch_behind + 1))
    flushed()
    assert lingers == [LINGER_BEHIND_S, LINGER_S]
