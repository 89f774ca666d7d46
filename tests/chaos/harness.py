"""One run: articles are admitted, something dies in the middle, and in the end everything must be there, once."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final

from ingest.ledger.record import State
from ingest.model import Source
from ingest.urls import article_id, canonical, host_of
from tests.chaos.check import check
from tests.chaos.newsroom import Newsroom
from tests.chaos.rig import Rig
from tests.chaos.stories import wrong_stories
from tests.chaos.texts import End
from tests.chaos.waiting import wait_for
from workers.runtime import Runtime

SHARE_PAUSE_S: Final = 0.1
"""Shorter: a quick stack indexes the articles of the short form in a second or two."""
HELD: Final = 20
"""Articles that are not served before a fault begins, so that it finds some: fewer than half of the fetchers."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    articles: int
    kills: int
    stopped_s: float
    heavy: int
    """Pages of 18 MB."""
    sources: int
    """Sources that are due when the poll workers come back."""
    replayed: int
    """Stored articles that are processed again."""
    alone: bool
    """Whether each fault has the stack for itself."""


SHORT: Final = Size(articles=150, kills=5, stopped_s=4, heavy=4, sources=200, replayed=500, alone=False)
LONG: Final = Size(articles=2000, kills=25, stopped_s=20, heavy=20, sources=10_000, replayed=100_000, alone=True)


@dataclass(slots=True)
class Scene:
    """What a fault may touch."""

    fault: "Fault"
    rig: Rig
    size: Size
    number: int
    """Which run of this fault it is, from 0."""
    newsroom: Newsroom
    since: datetime
    sources: tuple[Source, ...] = ()
    closing: list[Callable[[], object]] = field(default_factory=list)
    """What must be undone after the run."""
    problems: list[str] = field(default_factory=list)
    """What the fault itself found wrong: a run with one does not count as passed."""
    open_at_fault: int = 0
    over: float = 0.0
    """When the fault was over."""
    recovery_s: float = float("inf")
    """Seconds from then until nothing was pending."""

    @property
    def rt(self) -> Runtime:
        """A runtime of our own, past the doors."""
        return self.rig.rt


def _nothing(_: Scene) -> None:
    pass


def _none(_: object) -> Mapping[str, Any]:
    return {}


def _usual(_: Size) -> Sequence[float]:
    return (1, 6, 24, 168)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that dies or happens twice, when a share of the articles is indexed."""

    name: str
    act: Callable[[Scene], None]
    """Returns when it is over: recovery is timed from then."""
    at_share: float = 1 / 3
    overrides: Callable[[int], Mapping[str, str]] = _none
    """Settings of a run, by its number."""
    prepare: Callable[[Scene], None] = _nothing
    """Before the first article is admitted."""
    specials: Callable[[Size], Mapping[str, End]] = _none
    """Names of further articles, and how each must end."""
    finish: Callable[[Scene], None] = _nothing
    """After the last fault of a group, before it is waited until nothing is pending."""
    hours: Callable[[Size], Sequence[float]] = _usual
    """Ages at which its articles are looked at again."""
    once: bool = False
    """Whether the long form runs it once: it takes a quarter of an hour."""


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


def run(faults: Sequence[Fault], rig: Rig, size: Size, number: int = 0) -> list[Result]:
    """Carry out one run of some faults, each on articles of its own; the stack is up before and after.

    They begin one after the other, each while what the one before has left is still being worked off.
    """
    rig.ready({name: value for fault in faults for name, value in fault.overrides(number).items()})
    with ExitStack() as open_:
        begun = [_begin(open_, fault, rig, size, number) for fault in faults]
        for scene in begun:
            _settle(scene)
        return [_end(scene) for scene in begun]


def _begin(open_: ExitStack, fault: Fault, rig: Rig, size: Size, number: int) -> Scene:
    newsroom = open_.enter_context(Newsroom(size.articles, int(time.time()), fault.specials(size), HELD))
    scene = Scene(fault, rig, size, number, newsroom, rig.rt.now())
    open_.callback(_undo, scene)
    fault.prepare(scene)
    wait_for(lambda: _admit(scene))
    wait_for(lambda: _states(scene)[State.INDEXED] >= fault.at_share * size.articles, pause_s=SHARE_PAUSE_S)
    scene.open_at_fault = len(newsroom.stories) - _ended(scene)
    newsroom.release()
    fault.act(scene)
    scene.over = time.monotonic()
    return scene


def _settle(scene: Scene) -> None:
    scene.fault.finish(scene)
    if wait_for(lambda: _settled(scene)):
        scene.recovery_s = time.monotonic() - scene.over


def _end(scene: Scene) -> Result:
    _undo(scene)
    found = check(scene.rt, scene.rig.stack, scene.newsroom, scene.sources, scene.since)
    if scene.size.alone:
        scene.problems += wrong_stories(scene.rt, scene.newsroom)
    _forget(scene)
    return Result(
        fault=scene.fault.name,
        admitted=found.admitted,
        lost=len(found.lost),
        duplicated=len(found.duplicated),
        repeated_fetches=scene.newsroom.repeated(),
        recovery_s=scene.recovery_s,
        open_at_fault=scene.open_at_fault,
        problems=(*found.problems, *scene.problems),
    )


def _undo(scene: Scene) -> None:
    while scene.closing:
        scene.closing.pop()()


def _admit(scene: Scene) -> bool:
    """Have every feed read once, now; True when that is in Redis."""
    hours = tuple(scene.fault.hours(scene.size))
    plain = partial(Source, kind="feed", interval_s=0, since_days=0, revisit_hours=hours)
    scene.sources = tuple(
        plain(id=article_id(canonical(url)), url=url, name=host_of(url)) for url in scene.newsroom.feeds
    )
    for source in scene.sources:
        scene.rt.sources.put(source)
        scene.rt.schedule.set(source.id, scene.since)
    return True


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
    """Tell whether nothing is pending and every shard can be searched; a listing not read yet may bring more."""
    scene.rt.index.documents_by_source({"match_none": {}})
    read = (scene.rt.sources.poll_of(source.id).polled_at for source in scene.sources)
    return not _states(scene)[State.PENDING] and all(at is not None and at >= scene.since for at in read)


def _forget(scene: Scene) -> None:
    for source in scene.sources:
        scene.rt.schedule.set(source.id, None)
        scene.rt.sources.remove(source.id)
