"""Forget: articles are taken out for good. Run by the operator; nobody else may delete.

In this order, so that a kill at any line leaves what the next run, or `warraq check --repair`, brings to its end: the
tombstone, which keeps the article out; the ledger, which makes whoever is at work on it lose; Redis and the pages; then
documents, and what they have left on Elasticsearch's and Redis' disks.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from ingest.document import FINGERPRINTS, LEDGER, REVISIONS, SOURCES, STORIES, index_of
from ingest.errors import Unavailable
from ingest.forget import Tombstone, never_admitted
from ingest.ledger.record import Record, State
from workers.frontier.aof import Aof
from workers.runtime import Runtime
from workers.steps.forgotten import bury
from workers.store.eraser import Deletion, Eraser
from workers.store.index_set import IndexSet
from workers.store.selection import Selection
from workers.store.vault import Vault

PORTION: Final = 100


@dataclass(frozen=True, slots=True)
class Operator:
    """What a takedown needs: a runtime with the operator's key, what deletes with it, Redis' file, and all indices."""

    rt: Runtime
    eraser: Eraser
    aof: Aof
    indices: IndexSet
    vaults: tuple[Vault, ...] = ()
    """Where backups are: a tombstone beside them outlives the stack."""


def forget(operator: Operator, tombstones: Sequence[Tombstone], ids: Callable[[], Iterator[list[str]]]) -> int:
    """Forget articles and sites, then say that it is done; return how many articles were deleted.

    `ids` yields the articles behind the tombstones; it is asked until it has no more, since a poll may be under way.
    What a run that was killed has left comes after them.
    Raises Unavailable (`backup_store`), and does nothing, where the tombstones cannot be kept beside the backups; and
    at the end (`half_built`) where an index that nobody reads yet may have a copy.
    """
    rt, now = operator.rt, operator.rt.now()
    for vault in operator.vaults:
        for one in tombstones:
            vault.bury(one)
    before = rt.tombstones.unfinished()
    rt.tombstones.put(tombstones)
    rt.tombstones.refresh()
    gone, touched = set[str](), {LEDGER, REVISIONS, FINGERPRINTS, STORIES, SOURCES}
    for some in ids():
        touched |= _delete(operator, some)
        gone.update(some)
    for some in _begun(rt, before, now):
        touched |= _delete(operator, some)
    operator.eraser.from_disk(sorted(index for index in touched if rt.index.exists(index)))
    operator.aof.rewrite()
    if copies := operator.indices.half_built():
        why = "may have copies of it: let `warraq reindex`, or `ledger split`, come to its end, and run this again"
        raise Unavailable("half_built", f"{', '.join(copies)} {why}")
    rt.tombstones.finish([*tombstones, *(one for one in before if one.kind == "article")], rt.now())
    rt.tombstones.refresh()  # or a check right after it would call them unfinished
    return len(gone)


def in_lots(ids: Iterable[str]) -> Iterator[list[str]]:
    """Yield articles once each, as many at a time as are deleted at once."""
    rest = iter(dict.fromkeys(ids))
    while some := list(islice(rest, PORTION)):
        yield some


def _begun(rt: Runtime, before: Sequence[Tombstone], now: datetime) -> Iterator[list[str]]:
    """Yield what unfinished tombstones name, and all that was forgotten since: nothing else tells how far that came."""
    if not before:
        return
    yield from in_lots(one.id for one in before if one.kind == "article")
    rt.ledger.refresh()
    which = Selection(states=(State.FORGOTTEN,), since=before[0].at, before=now)
    last: Record | None = None
    while records := rt.ledger.page(which, after=last, size=PORTION):
        yield [record.id for record in records]
        last = records[-1]


def _delete(operator: Operator, ids: Sequence[str]) -> set[str]:
    """Delete all that is stored of some articles; return the months that had any of it."""
    rt, now = operator.rt, operator.rt.now()
    before = rt.ledger.get_many(ids).values()
    rt.mailbox.drop({word for one in before for word in (one.url, one.entry.url, one.entry.title) if word})
    _deny(rt, ids, now)
    rt.stream.drop(set(ids))
    records = list(rt.ledger.get_many(ids).values())
    places = [(index_of(one), one.id) for one in records]
    rt.ungrouped.remove(places)
    for index in (rt.index, rt.revisions, rt.stories):
        index.refresh()
    stories = {story.id: story for story in rt.stories.with_members(ids)}
    ahead = {one.id: one.version for one in records}
    wherever = {*places, *rt.index.places(ids)}  # one that the ledger did not know may be in any month
    there = [Deletion(index, key, ahead.get(key)) for index, key in sorted(wherever)]
    there += [Deletion(REVISIONS, one, ahead.get(key)) for key, one in rt.revisions.ids_of(ids)]
    there += [Deletion(FINGERPRINTS, key, ahead.get(key)) for key in ids]
    operator.eraser.delete(there)
    others = {key for story in stories.values() for key in story.members} - set(ids)
    known = rt.fingerprints.slim(sorted(others))
    rt.ungrouped.add(dict.fromkeys((one.index, one.id) for one in known.values()), now)
    operator.eraser.delete([Deletion(STORIES, key) for key in stories])  # last: by these the others are found
    _drop_source(rt, ids)
    return {index for index, _ in wherever}


def _deny(rt: Runtime, ids: Sequence[str], now: datetime) -> None:
    """Have the ledger forget articles, those too that nobody has listed yet."""
    rt.ledger.create([never_admitted(key, now) for key in sorted(set(ids) - rt.ledger.get_many(ids).keys())])
    bury(rt, ids)


def _drop_source(rt: Runtime, ids: Sequence[str]) -> None:
    """Remove the sources that are such an article's address: somebody has asked for it by `warraq ingest`."""
    for key in ids:
        source = rt.sources.get(key)
        if source is not None and not source.interval_s:
            rt.schedule.set(key, None)
            rt.sources.remove(key)
