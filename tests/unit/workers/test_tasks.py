"""The tasks that do more than call a step."""

import pytest

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
    monkeypatch.setattr(index, "flush", lambda _: counts.pop(0) if counts else 0)
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


def test_a_flush_that_elasticsearch_saidtells_so_once(
    settled: Settled, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settled == []

    def stopped(_: object) -> int:
        world.redis.set(RESTS, 1, px=60_000)
        return 0

    monkeypatch.setattr(index, "flush", stopped)
    said = flushed()
    assert said is not None
    assert said.ending is Ending.PUT_BACK
    assert flushed() is None, "it rests: nothing was tried"
