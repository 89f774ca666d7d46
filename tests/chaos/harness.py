"""One run: articles are admitted, something dies in the middle, and in the end everything must be there, once."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from deploy.local import stack as local
from deploy.local.stack import Stack
from ingest.model import Source
from ingest.record import State
from ingest.urls import article_id, canonical, host_of
from tests.chaos.check import Found, check
from tests.chaos.newsroom import Newsroom
from workers.runtime import SERVICES, Runtime, runtime

OVERRIDES: Final[Mapping[str, str]] = {
    "WARRAQ_FETCH_ALLOW": "127.0.0.0/8,::1/128",
    "WARRAQ_POLITENESS_S": "0",
    "WARRAQ_SWEEP_S": "3",
    "WARRAQ_LEASE_S": "15",
}
DEADLINE_S: Final = 120.0
PAUSE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    articles: int
    kills: int
    stopped_s: float


SHORT: Final = Size(articles=400, kills=5, stopped_s=10)
LONG: Final = Size(articles=2000, kills=25, stopped_s=20)


@dataclass(frozen=True, slots=True)
class Running:
    """The stack, and what it takes to start it again as it was."""

    stack: Stack
    overrides: Mapping[str, str]
    heap: str = "512m"


@dataclass(slots=True)
class Scene:
    """What a fault may touch."""

    running: Running
    size: Size
    newsroom: Newsroom
    rt: Runtime
    since: datetime
    sources: tuple[Source, ...] = ()
    closing: list[Callable[[], object]] = field(default_factory=list)
    """What must be undone after the run."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that dies or happens twice, when a share of the articles is indexed."""

    name: str
    act: Callable[[Scene], None]
    at_share: float = 1 / 3


@dataclass(frozen=True, slots=True)
class Result:
    """A line of the table, and the evidence for what is wrong in it."""

    fault: str
    admitted: int
    lost: int
    duplicated: int
    repeated_fetches: int
    recovery_s: float
    """From the end of the fault until nothing is pending: the rest of the ordinary work is in it."""
    open_at_fault: int = 0
    """Articles that had not ended when the fault began: with none it proved nothing."""
    problems: tuple[str, ...] = ()


def run(fault: Fault, running: Running, size: Size, seed: int) -> Result:
    """Carry out one run of a fault; the stack is up before and after."""
    with Newsroom(size.articles, seed) as newsroom:
        rt = runtime()
        scene = Scene(running, size, newsroom, rt, rt.now())
        _admit(scene)
        try:
            _wait_for(lambda: _states(scene)[State.INDEXED] >= fault.at_share * size.articles)
            open_at_fault = size.articles - _ended(scene)
            fault.act(scene)
            over = time.monotonic()
            settled = _wait_for(lambda: _settled(scene))
            recovery_s = time.monotonic() - over
        finally:
            for undo in scene.closing:
                undo()
        found = check(scene.rt, scene.running.stack, newsroom)
        _forget(scene)
        return _result(fault, found, newsroom, recovery_s if settled else float("inf"), open_at_fault)


def _admit(scene: Scene) -> None:
    """Have every feed read once, now."""
    scene.sources = tuple(
        Source(id=article_id(canonical(url)), kind="feed", url=url, name=host_of(url), interval_s=0)
        for url in scene.newsroom.feeds
    )
    for source in scene.sources:
        scene.rt.sources.put(source)
        scene.rt.lanes.schedule(source.id, scene.since)


def _wait_for(reached: Callable[[], bool]) -> bool:
    """Look until it is so; False when the deadline is over: what is wrong then, the check tells."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        with suppress(*SERVICES):  # Redis or Elasticsearch is away, as it should be
            if reached():
                return True
        time.sleep(PAUSE_S)
    return False


def _states(scene: Scene) -> Counter[str]:
    """Count this newsroom's records by state, as of now."""
    scene.rt.ledger.refresh()
    counted: Counter[str] = Counter()
    query = {"terms": {"source_id": [source.id for source in scene.sources]}}
    for (state, _), count in scene.rt.ledger.counts(query).items():
        counted[state] += count
    return counted


def _ended(scene: Scene) -> int:
    return sum(count for state, count in _states(scene).items() if state != State.PENDING)


def _settled(scene: Scene) -> bool:
    """Tell whether nothing is pending; a listing that is not read yet may bring more."""
    read = (scene.rt.sources.poll_of(source.id).polled_at for source in scene.sources)
    return not _states(scene)[State.PENDING] and all(at is not None and at >= scene.since for at in read)


def _forget(scene: Scene) -> None:
    for source in scene.sources:
        scene.rt.lanes.schedule(source.id, None)
        scene.rt.sources.remove(source.id)


def _result(fault: Fault, found: Found, newsroom: Newsroom, recovery_s: float, open_at_fault: int) -> Result:
    return Result(
        fault=fault.name,
        admitted=found.admitted,
        lost=len(found.lost),
        duplicated=len(found.duplicated),
        repeated_fetches=newsroom.repeated(),
        recovery_s=recovery_s,
        open_at_fault=open_at_fault,
        problems=found.problems,
    )


def start() -> Running:
    """Bring the stack up for a whole series of runs."""
    return Running(local.up(OVERRIDES), OVERRIDES)
