"""Forget: articles are taken out for good. Run by the operator; nobody else may delete.

In this order, so that a kill at any line leaves what the next run, or `warraq check --repair`, brings to its end: the
tombstone, which keeps the article out; the ledger, which makes whoever is at work on it lose; Redis and the pages; then
documents, and what they have left on Elasticsearch's and Redis' disks.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.document import FINGERPRINTS, LEDGER, REVISIONS, SOURCES, STORIES, index_of
from ingest.forget import Tombstone, never_admitted
from ingest.ledger.record import State
from workers.frontier.aof import Aof
from workers.runtime import Runtime
from workers.steps.forgotten import bury
from workers.store.eraser import Deletion, Eraser
from workers.store.index_set import IndexSet
from workers.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Operator:
    """What a takedown needs: a runtime with the operator's key, what deletes with it, Redis' file, and all indices."""

    rt: Runtime
    eraser: Eraser
    aof: Aof
    indices: IndexSet
    vaults: tuple[Vault, ...] = ()
    """Where backups are: a tombstone beside them outlives the stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What is stored of one article."""

    id: str
    url: str
    """'' where the ledger does not tell it, or not any more."""
    title: str
    state: str
    documents: int
    versions: int
    pages: int
    stories: int

    @property
    def any(self) -> bool:
        """Return whether anything is left but the ledger's note that it is forgotten."""
        return bool(self.documents or self.versions or self.pages or self.stories or self.state != State.FORGOTTEN)


def affected(rt: Runtime, ids: Sequence[str]) -> Iterator[str]:
    """Yield articles, and after them those that are further addresses of the same pages."""
    for index in (rt.ledger, rt.index, rt.revisions, rt.stories):
        index.refresh()
    records = rt.ledger.get_many(ids)
    yield from ids
    urls = sorted({url for one in records.values() for url in (one.url, one.entry.url)})
    yield from (one.id for one in (rt.ledger.same_pages(urls) if urls else []) if one.id not in records)


def of_site(rt: Runtime, site: str) -> Iterator[list[str]]:
    """Yield the ids of a site's articles that are not forgotten yet, a page at a time.

    Of old ones the ledger may have kept no address: then their documents tell.
    """
    rt.ledger.refresh()
    rt.index.refresh()
    for records in rt.ledger.of_site(site):
        if ids := [one.id for one in records if one.state is not State.FORGOTTEN]:
            yield ids
    for some in rt.index.of_site(site):
        ends = rt.ledger.ends(some)
        if ids := [key for key in some if key not in ends or ends[key].state is not State.FORGOTTEN]:
            yield ids


def all_of_site(rt: Runtime, site: str) -> Iterator[list[str]]:
    """Yield them while they are being forgotten, until there are no more: a poll may have been under way."""
    again = True
    while again:
        again = False
        for ids in of_site(rt, site):
            again = True
            yield ids


def traces(rt: Runtime, ids: Sequence[str]) -> Iterator[Traces]:
    """Yield what is stored of each article."""
    records = rt.ledger.get_many(ids)
    documents = Counter(key for _, key in rt.index.places(ids))
    versions = Counter(key for key, _ in rt.revisions.ids_of(ids))
    stories = Counter(key for story in rt.stories.with_members(ids) for key in story.members)
    for key in ids:
        record = records.get(key)
        entry = record.entry if record and record.state is not State.FORGOTTEN else None
        yield Traces(
            id=key,
            url=record.url if record and entry else "",
            title=entry.title if entry else "",
            state=str(record.state) if record else "unknown",
            documents=documents[key],
            versions=versions[key],
            pages=len(rt.pages.names(key)),
            stories=stories[key],
        )


def left(rt: Runtime) -> Iterator[tuple[Tombstone, list[str]]]:
    """Yield the tombstones of which anything is left, or that were not finished, and the articles behind them."""
    for index in (rt.index, rt.revisions, rt.stories):
        index.refresh()
    for tombstone in rt.tombstones.all():
        if tombstone.kind == "host":
            found = [key for ids in of_site(rt, tombstone.host) for key in ids]
        else:
            found = [one.id for one in traces(rt, [tombstone.id]) if one.any]
        if found or tombstone.done_at is None:
            yield tombstone, found


def forget(
    operator: Operator, tombstones: Sequence[Tombstone], ids: Callable[[], Iterator[list[str]]], *, disk: bool = True
) -> int:
    """Forget articles and sites, then say that it is done; return how many articles were deleted.

    `ids` yields the articles behind the tombstones; it is asked until it has no more, since a poll may be under way.
    Raises Unavailable (`backup_store`), and does nothing, where the tombstones cannot be kept beside the backups.
    """
    rt = operator.rt
    for vault in operator.vaults:
        for one in tombstones:
            vault.bury(one)
    rt.tombstones.put(tombstones)
    rt.tombstones.refresh()
    count, touched = 0, {LEDGER, REVISIONS, FINGERPRINTS, STORIES, SOURCES}
    for some in ids():
        touched |= _delete(operator, some)
        count += len(some)
    if disk:
        operator.eraser.from_disk(sorted(index for index in touched if rt.index.exists(index)))
        operator.aof.rewrite()
    rt.tombstones.finish(tombstones, rt.now())
    rt.tombstones.refresh()  # or a check right after it would call them unfinished
    return count


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
    rt.ungrouped.add([(one.index, one.id) for one in known.values()], now)
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
