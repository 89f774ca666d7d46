"""Retention: what is older than it is to be kept goes, a portion at a time. Ended anywhere, it goes on there.

How each kind goes: `retention_ways.py`.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from redis.lock import Lock

from ingest.retention import DAY, Keep, pressed
from ingest.upshot import Upshot
from workers.frontier.locks import release
from workers.runtime import Runtime
from workers.settings import SettingsError
from workers.steps.retention_ways import WAYS, Order, Portion, pages
from workers.store.page_files import FOLDERS

log = structlog.get_logger()

FOR_S: Final = 40.0
"""Seconds that a run of the task may take: it goes on a minute later."""
LOCK_S: Final = 120.0
"""Seconds that one portion may take before another run may begin, less these:"""
EXTEND_S: Final = 10.0
LOOK_S: Final = 10.0
"""Of them, those for a look at how old pages are, before any goes."""
OVER: Final = "over"


@dataclass(frozen=True, slots=True)
class Line:
    """What went, or would go, of one kind."""

    kind: str
    days: int
    count: int = 0
    bytes: int = 0
    kept: tuple[str, ...] = ()


def look(rt: Runtime) -> list[Line]:
    """Return what would go now."""
    return [_line(kind, ages, portions) for kind, ages, portions in _ways(rt, act=False)]


def go(rt: Runtime, say: Callable[[Line], object]) -> None:
    """Remove all that is too old; `say` is called with what went of each kind.

    Raises SettingsError if another run is under way.
    """
    with_lock = rt.locks.take("retention", LOCK_S)
    if with_lock is None:
        raise SettingsError("another run of retention is under way")
    try:
        for kind, ages, portions in _ways(rt, act=True):
            say(_line(kind, ages, _held(portions, with_lock)))
    finally:
        release(with_lock)


def daily(rt: Runtime, clock: Callable[[], float]) -> Upshot | None:
    """Go on with today's round, or with making room for pages; return what went, None if nothing was due."""
    ages, deadline = rt.settings.keep, clock() + FOR_S
    room = _lacking(rt, ages)
    due = _due(rt) and not rt.clock_watch.is_doubtful()
    if not room and not due:
        return None
    lock = rt.locks.take("retention", LOCK_S)
    if lock is None:
        return None
    went: Counter[str] = Counter()
    try:
        if room:
            went["pages"] += _make_room(rt, room, clock, deadline, lock)
        if due:
            went += _round(rt, ages, lambda: clock() < deadline, lock)
    finally:
        release(lock)
    if went := +went:
        log.info("retention", **went)
    return Upshot("", "removed: " + ", ".join(f"{kind} {count}" for kind, count in went.items())) if went else None


def _round(rt: Runtime, ages: Keep, is_time: Callable[[], bool], lock: Lock) -> Counter[str]:
    """Go on where the last run ended, as long as there is time; note how far it came."""
    went: Counter[str] = Counter()
    reached, _, place = rt.reached.retention.get().partition(" ")
    kinds = list(WAYS)
    reached, place = (reached, place) if reached in WAYS else (kinds[0], "")
    for kind in kinds[kinds.index(reached) :]:
        for portion in _held(WAYS[kind](rt, Order(ages.before(kind, rt.now()), act=True, after=place)), lock):
            went[kind] += portion.count
            rt.reached.retention.set(f"{kind} {portion.place}")
            if not is_time():
                return went
        place = ""
    rt.reached.retention.set(f"{OVER} {rt.now().isoformat()}")
    return went


def _due(rt: Runtime) -> bool:
    """Return whether a round has not ended yet, or a day ago."""
    reached, _, at = rt.reached.retention.get().partition(" ")
    return reached != OVER or abs(rt.now() - datetime.fromisoformat(at)) >= DAY


def _lacking(rt: Runtime, ages: Keep) -> int:
    """Return how many bytes are to be freed on the page store's disk; none where pages are kept for ever."""
    wanted, free = rt.settings.pages_free_mb * 2**20, rt.page_files.free_bytes()
    return 2 * wanted - free if ages.pages and free is not None and free < wanted else 0


def _make_room(rt: Runtime, needed: int, clock: Callable[[], float], deadline: float, lock: Lock) -> int:
    """Remove the oldest pages until so many bytes are free; return how many went.

    How old pages are, as many folders tell as there is time for: ids are hashes, and all folders are alike.
    """
    now, sizes, enough = rt.now(), Counter[int](), clock() + LOOK_S
    for number, folder in enumerate(FOLDERS, 1):
        for file in rt.page_files.under(folder):
            sizes[(now - file.modified).days] += file.size
        if clock() > enough:
            needed = needed * number // len(FOLDERS)
            break
    before, count = now - timedelta(days=pressed(sizes, needed)), 0
    log.warning("page_store_nearly_full", needed=needed, removes_before=before.isoformat())
    for portion in _held(pages(rt, Order(before, act=True)), lock):
        count += portion.count
        if clock() > deadline:
            break
    return count


def _ways(rt: Runtime, *, act: bool) -> Iterator[tuple[str, Keep, Iterator[Portion]]]:
    ages = rt.settings.keep
    for kind, way in WAYS.items():
        yield kind, ages, way(rt, Order(ages.before(kind, rt.now()), act))


def _line(kind: str, ages: Keep, portions: Iterator[Portion]) -> Line:
    count, size, kept = 0, 0, dict[str, None]()
    for portion in portions:
        count, size = count + portion.count, size + portion.bytes
        kept |= {portion.kept: None} if portion.kept else {}
    return Line(kind, getattr(ages, kind), count, size, tuple(kept))


def _held(portions: Iterator[Portion], lock: Lock) -> Iterator[Portion]:
    """Yield portions, and hold the lock for the next one; raises LockError if another run has taken it."""
    extended = time.monotonic()
    for portion in portions:
        if time.monotonic() - extended > EXTEND_S:
            lock.extend(LOCK_S, replace_ttl=True)
            extended = time.monotonic()
        yield portion
