"""One run: articles are admitted, something dies in the middle, and in the end everything must be there, once."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ingest.ledger.record import State
from ingest.model import Source
from ingest.urls import article_id, canonical, host_of
from tests.chaos.check import check
from tests.chaos.newsroom import End, Newsroom
from tests.chaos.rig import Rig
from tests.chaos.stories import wrong_stories
from workers.runtime import SERVICES, Runtime

DEADLINE_S: Final = 240.0
PAUSE_S: Final = 0.5
SHARE_PAUSE_S: Final = 0.1
"""Shorter: a quick stack indexes the 300 articles of the short form in two seconds, and a fault must find some open."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    articles: int
    kills: int
    stopped_s: float


SHORT: Final = Size(articles=300, kills=5, stopped_s=6)
LONG: Final = Size(articles=2000, kills=25, stopped_s=20)


@dataclass(slots=True)
class Scene:
    """What a fault may touch."""

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

    @property
    def rt(self) -> Runtime:
        """A runtime of our own, past the doors."""
        return self.rig.rt


def _nothing(_: Scene) -> None:
    pass


def _no_overrides(_: int) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that dies or happens twice, when a share of the articles is indexed."""

    name: str
    act: Callable[[Scene], None]
    """Returns when it is over: recovery is timed from then."""
    at_share: float = 1 / 3
    overrides: Callable[[int], Mapping[str, str]] = _no_overrides
    """Settings of a run, by its number."""
    doors: bool = False
    """Whether the workers reach Redis and Elasticsearch through doors."""
    prepare: Callable[[Scene], None] = _nothing
    """Before the first article is admitted."""
    specials: Mapping[str, End] = field(default_factory=dict)
    """Names of further articles, and how each must end."""


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


def run(fault: Fault, rig: Rig, size: Size, number: int = 0) -> Result:
    """Carry out one run of a fault; the stack is up before and after."""
    rig.ready(fault.overrides(number), doors=fault.doors)
    with Newsroom(size.articles, int(time.time()), fault.specials) as newsroom:
        scene = Scene(rig, size, number, newsroom, rig.rt.now())
        try:
            fault.prepare(scene)
            _admit(scene)
            wait_for(lambda: _states(scene)[State.INDEXED] >= fault.at_share * size.articles, pause_s=SHARE_PAUSE_S)
            open_at_fault = len(newsroom.stories) - _ended(scene)
            fault.act(scene)
            over = time.monotonic()
            settled = wait_for(lambda: _settled(scene))
            recovery_s = time.monotonic() - over
        finally:
            for undo in reversed(scene.closing):
                undo()
        found = check(scene.rt, rig.stack, newsroom, scene.sources, scene.since)
        if size is LONG:
            scene.problems += wrong_stories(scene.rt, newsroom, wait_for)
        _forget(scene)
        return Result(
            fault=fault.name,
            admitted=found.admitted,
            lost=len(found.lost),
            duplicated=len(found.duplicated),
            repeated_fetches=newsroom.repeated(),
            recovery_s=recovery_s if settled else float("inf"),
            open_at_fault=open_at_fault,
            problems=(*found.problems, *scene.problems),
        )


def _admit(scene: Scene) -> None:
    """Have every feed read once, now."""
    scene.sources = tuple(
        Source(id=article_id(canonical(url)), kind="feed", url=url, name=host_of(url), interval_s=0, since_days=0)
        for url in scene.newsroom.feeds
    )
    for source in scene.sources:
        scene.rt.sources.put(source)
        scene.rt.schedule.set(source.id, scene.since)


def wait_for(reached: Callable[[], bool], seconds: float = DEADLINE_S, pause_s: float = PAUSE_S) -> bool:
    """Look until it is so; False when the deadline is over: what is wrong then, the check tells."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(*SERVICES):  # Redis or Elasticsearch is away, as it should be
            if reached():
                return True
        time.sleep(pause_s)
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
    """Tell whether nothing is pending and every shard can be searched; a listing not read yet may bring more."""
    scene.rt.index.documents_by_source({"match_none": {}})
    read = (scene.rt.sources.poll_of(source.id).polled_at for source in scene.sources)
    return not _states(scene)[State.PENDING] and all(at is not None and at >= scene.since for at in read)


def _forget(scene: Scene) -> None:
    for source in scene.sources:
        scene.rt.schedule.set(source.id, None)
        scene.rt.sources.remove(source.id)
