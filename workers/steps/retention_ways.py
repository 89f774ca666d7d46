"""How each kind goes: a way yields portions, removes them if it is to `act`, and can begin after a place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from ingest.document import FINGERPRINTS, REVISIONS, STORIES, TALLIES
from ingest.ledger.aging import expired, slimmed
from ingest.ledger.record import Record, State
from ingest.retention import is_leftover, month_may_go, page_of
from workers.runtime import Runtime
from workers.steps.reopen import REPLAY
from workers.store.expiry import Month
from workers.store.old_records import at_work, fat, unexpired
from workers.store.page_files import FOLDERS, File

AT_ONCE: Final = 500
DELETED: Final = 5_000
"""Documents in one request: some seconds."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What went, or would go, at one place of a way."""

    place: str
    count: int = 0
    bytes: int = 0
    kept: str = ""
    """Why something stays although it is old enough."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a way is asked for."""

    before: datetime | None
    """What is older goes; None = nothing does."""
    act: bool
    """Whether it goes now, or is only counted."""
    after: str = ""
    """The place that was reached before."""


Way = Callable[[Runtime, Order], Iterator[Portion]]


def pages(rt: Runtime, order: Order) -> Iterator[Portion]:
    """Pages, by folder: those of pending articles stay, and all of them while a replay looks for its own.

    What killed writers have left goes even where pages are kept for ever.
    """
    before = order.after
    for folder in (one for one in FOLDERS if one > order.after):
        gone = list(_old_files(rt, rt.page_files.under(folder), order.before))
        while True:
            some, gone = gone[:AT_ONCE], gone[AT_ONCE:]
            if rt.locks.goes_on(REPLAY, rt.now()):  # as late as can be: it may have begun since the ledger was asked
                yield Portion(folder, kept="pages are being processed again: they stay")
                break
            if order.act:
                rt.page_files.remove(some)
            yield Portion(before if gone else folder, len(some), sum(file.size for file in some))
            if not gone:
                break
        before = folder


def _old_files(rt: Runtime, files: Sequence[File], before: datetime | None) -> Iterator[File]:
    """Yield leftovers, and the old ones of some pages whose articles are not at work."""
    now = rt.now()
    yield from (file for file in files if is_leftover(file.name, file.modified, now))
    old = [(file, key) for file in files if before and file.modified < before and (key := page_of(file.name))]
    for some in (old[start : start + AT_ONCE] for start in range(0, len(old), AT_ONCE)):
        ends = rt.ledger.ends([key for _, key in some])
        yield from (file for file, key in some if key not in ends or ends[key].state is not State.PENDING)


def articles(rt: Runtime, order: Order) -> Iterator[Portion]:
    """Whole months; first the records let go of their documents, so that nobody looks for those, or makes them anew.

    A month with articles at work stays for now, and the last one stays: without any there is nothing to search in.
    """
    for month in rt.expiry.months()[:-1] if order.before else ():
        if month.name <= order.after or not order.before or not month_may_go(month.name, order.before):
            continue
        if waiting := _at_work(rt, month):
            yield Portion(month.name, kept=f"{month.name} stays for now: {waiting} of its articles are at work")
            continue
        if order.act:
            yield from (Portion(order.after) for _ in _let_go(rt, month))
            if _at_work(rt, month) or rt.ledger.page(unexpired(month.name), size=1):
                yield Portion(month.name, kept=f"{month.name} stays for now: some of its articles moved")
                continue
            rt.expiry.drop(month)
        yield Portion(month.name, month.articles, month.bytes)


def _at_work(rt: Runtime, month: Month) -> int:
    rt.ledger.refresh()
    return sum(rt.ledger.counts(at_work(month.name).query()).values())


def _let_go(rt: Runtime, month: Month) -> Iterator[int]:
    """Mark the records of a month as expired, and yield how many at a time."""
    last: Record | None = None
    while records := rt.ledger.page(unexpired(month.name), after=last, size=AT_ONCE):
        now, last = rt.now(), records[-1]
        yield len(rt.ledger.save([expired(record, now) for record in records]))


def ledger(rt: Runtime, order: Order) -> Iterator[Portion]:
    """Slim records that ended long ago. None is ever removed: a listing may name an article for years."""
    if order.before is None:
        return
    which = fat(order.before)
    count, size = rt.expiry.records(which)
    if not order.act:
        yield Portion("", count, size)
    last: Record | None = None
    while order.act and (records := rt.ledger.page(which, after=last, size=AT_ONCE)):
        last = records[-1]
        saved = len(rt.ledger.save([slimmed(record) for record in records]))
        yield Portion("", saved, size * saved // max(1, count))


def deleted(index: str, rt: Runtime, order: Order) -> Iterator[Portion]:
    """Single documents of an index."""
    if order.before is None:
        return
    count, size = rt.expiry.older(index, order.before)
    if not order.act:
        yield Portion("", count, size)
    while order.act and (gone := rt.expiry.remove(index, order.before, DELETED)):
        yield Portion("", gone, size * gone // max(1, count))


def stories(rt: Runtime, order: Order) -> Iterator[Portion]:
    """Fingerprints, by their articles' months of admission, and stories. What is new is not compared with these."""
    for index in (FINGERPRINTS, STORIES):
        yield from deleted(index, rt, order)


WAYS: Final[Mapping[str, Way]] = {
    "pages": pages,
    "articles": articles,
    "ledger": ledger,
    "tallies": partial(deleted, TALLIES),
    "revisions": partial(deleted, REVISIONS),
    "stories": stories,
}
