"""Retention: what is older than it is to be kept goes, a portion at a time. Ended anywhere, it goes on there.

Each kind has a way: a function that yields portions, removes them if it is to `act`, and can begin after a place.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from redis.exceptions import LockError
from redis.lock import Lock

from ingest.ledger.record import State
from ingest.retention import DAY, Keep, is_leftover, page_of, pressed
from ingest.upshot import Upshot
from workers.runtime import Runtime
from workers.settings import Settings, SettingsError
from workers.steps.reopen import REPLAY
from workers.store.page_files import FOLDERS, File

log = structlog.get_logger()

FOR_S: Final = 40.0
"""Seconds that a run of the task may take: it goes on a minute later."""
LOCK_S: Final = 120.0
"""Seconds that one portion may take before another run may begin."""
AT_ONCE: Final = 500
OVER: Final = "over"


@dataclass(frozen=True, slots=True)
class Portion:
    """What went, or would go, at one place of a way."""

    place: str
    count: int = 0
    bytes: int = 0
    kept: str = ""
    """Why something stays although it is old enough."""


@dataclass(frozen=True, slots=True)
class Line:
    """What went, or would go, of one kind."""

    kind: str
    days: int
    count: int = 0
    bytes: int = 0
    kept: tuple[str, ...] = ()


Way = Callable[[Runtime, datetime | None, bool, str], Iterator[Portion]]


def keep(config: Settings) -> Keep:
    """Return how long each kind is kept. Raises SettingsError if that is too short for a kind."""
    made = Keep(**{name: getattr(config, f"keep_{name}_days") for name in Keep.__dataclass_fields__})
    if problem := made.problem():
        raise SettingsError(f"WARRAQ_KEEP_…_DAYS: {problem}")
    return made


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
        _release(with_lock)


def daily(rt: Runtime, clock: Callable[[], float]) -> Upshot | None:
    """Go on with today's round, or with making room for pages; return what went, None if nothing was due."""
    ages, deadline = keep(rt.settings), clock() + FOR_S
    room = _lacking(rt, ages)
    if not room and not _due(rt):
        return None
    lock = rt.locks.take("retention", LOCK_S)
    if lock is None:
        return None
    went: Counter[str] = Counter()
    try:
        if room:
            went["pages"] += _make_room(rt, room, lambda: clock() < deadline, lock)
        if _due(rt):
            went += _round(rt, ages, lambda: clock() < deadline, lock)
    finally:
        _release(lock)
    if went := +went:
        log.info("retention", **went)
    return Upshot("", ", ".join(f"{count} {kind}" for kind, count in went.items()) + " removed") if went else None


def _round(rt: Runtime, ages: Keep, is_time: Callable[[], bool], lock: Lock) -> Counter[str]:
    """Go on where the last run ended, as long as there is time; note how far it came."""
    went: Counter[str] = Counter()
    reached, _, place = rt.retained.get().partition(" ")
    kinds = list(WAYS)
    for kind in kinds[kinds.index(reached) if reached in WAYS else 0 :]:
        for portion in _held(WAYS[kind](rt, ages.before(kind, rt.now()), True, place), lock):  # noqa: FBT003  # it acts
            went[kind] += portion.count
            rt.retained.set(f"{kind} {portion.place}")
            if not is_time():
                return went
        place = ""
    rt.retained.set(f"{OVER} {rt.now().isoformat()}")
    return went


def _due(rt: Runtime) -> bool:
    """Return whether a round has not ended yet, or a day ago."""
    reached, _, at = rt.retained.get().partition(" ")
    return reached != OVER or abs(rt.now() - datetime.fromisoformat(at)) >= DAY


def _lacking(rt: Runtime, ages: Keep) -> int:
    """Return how many bytes are to be freed on the page store's disk; none where pages are kept for ever."""
    wanted, free = rt.settings.pages_free_mb * 2**20, rt.page_files.free_bytes()
    return 2 * wanted - free if ages.pages and free is not None and free < wanted else 0


def _make_room(rt: Runtime, needed: int, is_time: Callable[[], bool], lock: Lock) -> int:
    """Remove the oldest pages until so many bytes are free; return how many went."""
    now, sizes = rt.now(), Counter[int]()
    for folder in FOLDERS:
        for file in rt.page_files.under(folder):
            sizes[(now - file.modified).days] += file.size
    before, count = now - timedelta(days=pressed(sizes, needed)), 0
    log.warning("page_store_nearly_full", needed=needed, removes_before=before.isoformat())
    for portion in _held(pages(rt, before, True, ""), lock):  # noqa: FBT003  # as above
        count += portion.count
        if not is_time():
            break
    return count


def pages(rt: Runtime, before: datetime | None, act: bool, after: str) -> Iterator[Portion]:  # noqa: FBT001  # a Way
    """Pages, by folder: those of pending articles stay, and all of them while a replay looks for its own.

    What killed writers have left goes even where pages are kept for ever.
    """
    for folder in (one for one in FOLDERS if one > after):
        files, now = rt.page_files.under(folder), rt.now()
        gone = [file for file in files if is_leftover(file.name, file.modified, now)]
        if rt.locks.goes_on(REPLAY):
            yield Portion(folder, kept="a replay is under way: pages stay")
            continue
        old = [file for file in files if before and file.modified < before and page_of(file.name)]
        gone += _unneeded(rt, old)
        if act:
            rt.page_files.remove(gone)
        yield Portion(folder, len(gone), sum(file.size for file in gone))


def _unneeded(rt: Runtime, files: list[File]) -> list[File]:
    """Return those of some pages whose articles are not at work."""
    kept: list[File] = []
    for start in range(0, len(files), AT_ONCE):
        some = [(file, page_of(file.name) or "") for file in files[start : start + AT_ONCE]]
        ends = rt.ledger.ends([key for _, key in some])
        kept += [file for file, key in some if key not in ends or ends[key].state is not State.PENDING]
    return kept


WAYS: Final[Mapping[str, Way]] = {"pages": pages}


def _ways(rt: Runtime, *, act: bool) -> Iterator[tuple[str, Keep, Iterator[Portion]]]:
    ages = keep(rt.settings)
    for kind, way in WAYS.items():
        yield kind, ages, way(rt, ages.before(kind, rt.now()), act, "")


def _line(kind: str, ages: Keep, portions: Iterator[Portion]) -> Line:
    count, size, kept = 0, 0, dict[str, None]()
    for portion in portions:
        count, size = count + portion.count, size + portion.bytes
        kept |= {portion.kept: None} if portion.kept else {}
    return Line(kind, getattr(ages, kind), count, size, tuple(kept))


def _held(portions: Iterator[Portion], lock: Lock) -> Iterator[Portion]:
    """Yield portions, and hold the lock for the next one; raises LockError if another run has taken it."""
    for portion in portions:
        lock.extend(LOCK_S, replace_ttl=True)
        yield portion


def _release(lock: Lock) -> None:
    with suppress(LockError):  # it took too long, and is another's now
        lock.release()
