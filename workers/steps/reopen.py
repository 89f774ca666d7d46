"""Retry and replay: ended articles go to work again, as many at a time as there is room for."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from redis.exceptions import RedisError

from ingest.ledger.record import Record
from ingest.ledger.reopening import reopened, replayed
from workers.runtime import Runtime
from workers.steps.admit import require_room
from workers.steps.patience import GaveUp, Patience
from workers.store.selection import Selection

REPLAY: Final = "replay"
"""Announced while pages are looked for that retention would take for old: what is open again, its record protects."""
REPLAY_FOR: Final = timedelta(minutes=15)
"""Longer than a lot takes, whatever is waited for."""
AT_ONCE: Final = 200
"""Articles between two looks at Redis' memory: well under a megabyte."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """How far it came. What is left, if it was `stopped`, is the same selection with this `before`."""

    count: int
    """Articles that are at work again."""
    before: datetime
    stopped: str = ""
    """Why it ended early."""
    unable: int = 0
    """Articles of which too little is kept: their page is gone, or retention has slimmed their record."""


def retry(rt: Runtime, *, which: Selection, patience: Patience) -> Reopened:
    """Take failed or rejected articles to work again: a web page is fetched anew, an inline one processed anew."""
    return _reopen(rt, which, patience, _reopened, _forget)


def replay(rt: Runtime, *, which: Selection, patience: Patience, each: Callable[[Sequence[str]], object]) -> Reopened:
    """Process stored pages again, without a fetch; `each` is called with the ids of each reopened batch."""
    return _reopen(rt, which, patience, lambda record, now: _replayed(rt, record, now), each)


def _reopened(record: Record, now: datetime) -> Record | None:
    return reopened(record, now) if _is_whole(record) else None


def _replayed(rt: Runtime, record: Record, now: datetime) -> Record | None:
    return replayed(record, now) if _is_whole(record) and rt.pages.has(record.id) else None


def _is_whole(record: Record) -> bool:
    """Return whether retention has left what is needed to work on an article."""
    return not (record.slim or record.expired_at)


def _forget(_: Sequence[str]) -> None:
    """Ignore the ids."""


def _reopen(
    rt: Runtime,
    which: Selection,
    patience: Patience,
    move: Callable[[Record, datetime], Record | None],
    each: Callable[[Sequence[str]], object],
) -> Reopened:
    before, count, unable = which.before or rt.now(), 0, 0
    try:
        patience.run(rt.ledger.refresh)
        for records in _lots(rt, replace(which, before=before), patience):
            patience.run(require_room, rt)
            saved, left = patience.run(_moved, rt, records, move)
            patience.run(rt.lanes.push, saved)
            count, unable = count + len(saved), unable + left
            each([record.id for record in saved])
    except GaveUp as error:
        return Reopened(count, before, str(error), unable)
    return Reopened(count, before, unable=unable)


def _lots(rt: Runtime, which: Selection, patience: Patience) -> Iterator[list[Record]]:
    """Yield the selected records in batches, in the order in which they ended; one batch is in memory at a time."""
    last, mine = None, uuid.uuid4().hex
    try:
        while lot := patience.run(rt.ledger.page, which, after=last, size=AT_ONCE):
            patience.run(rt.locks.announce, REPLAY, mine, rt.now() + REPLAY_FOR)
            yield lot
            last = lot[-1]
    finally:
        with suppress(RedisError):  # it ends by itself
            rt.locks.withdraw(REPLAY, mine)


def _moved(
    rt: Runtime, records: list[Record], move: Callable[[Record, datetime], Record | None]
) -> tuple[list[Record], int]:
    """Write the records as they go back to work; return those that were still ours to move, and how many cannot.

    After a lost answer the next try is told that the saved ones are not ours: sweep pushes them. It looks only at what
    became due lately, so that each try has a `due_at` of its own.
    """
    moved = [after for record in records if (after := move(record, rt.now()))]
    return rt.ledger.save(moved), len(records) - len(moved)
