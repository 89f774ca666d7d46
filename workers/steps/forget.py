"""Forget: articles are taken out for good. Run by the operator; nobody else may delete.

In this order, so that a kill at any line leaves what the next run, or `warraq check --repair`, brings to its end: the
tombstone, which keeps the article out; the ledger, which makes whoever is at work on it lose; Redis and the pages; then
documents, and what they have left on Elasticsearch's and Redis' disks.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from ingest.document import FINGERPRINTS, LEDGER, REVISIONS, SOURCES, STORIES, index_of
from ingest.forget import Tombstone, is_same_page, never_admitted
from ingest.ledger.record import Record, State
from ingest.urls import article_id, canonical
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
    """Yield articles, and after them those that are further addresses of the same pages, whichever has the document."""
    for index in (rt.ledger, rt.index, rt.revisions, rt.stories):
        index.refresh()
    found = dict.fromkeys(ids)
    records = rt.ledger.get_many(list(found))
    found |= dict.fromkeys(article_id(canonical(one.detail)) for one in records.values() if is_same_page(one))
    records |= rt.ledger.get_many([key for key in found if key not in records])
    urls = sorted({url for one in records.values() for url in (one.url, one.entry.url)})
    yield from found | dict.fromkeys(one.id for one in (rt.ledger.same_pages(urls) if urls else []))


def of_site(rt: Runtime, site: str) -> Iterator[list[str]]:
    """Yield the ids of a site's articles of which anything is left, a page at a time.

    Of old ones the ledger may have kept no address, and of those that a killed run has forgotten it has none: then
    their documents and versions tell.
    """
    rt.ledger.refresh()
    yield from ([one.id for one in records] for records in rt.ledger.of_site(site))
    for index in (rt.index, rt.revisions):
        index.refresh()  # what was found before may be deleted by now
        yield from index.of_site(site)


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
    stones = rt.tombstones.all()
    for host in (one for one in stones if one.kind == "host"):
        found = list(dict.fromkeys(key for ids in of_site(rt, host.host) for key in ids))
        if found or host.done_at is None:
            yield host, found
    articles = [one for one in stones if one.kind == "article"]
    for start in range(0, len(articles), PORTION):
        some = articles[start : start + PORTION]
        traced = {one.id for one in traces(rt, [one.id for one in some]) if one.any}
        yield from ((one, [one.id] * (one.id in traced)) for one in some if one.id in traced or one.done_at is None)


def forget(operator: Operator, tombstones: Sequence[Tombstone], ids: Callable[[], Iterator[list[str]]]) -> int:
    """Forget articles and sites, then say that it is done; return how many articles were deleted.

    `ids` yields the articles behind the tombstones; it is asked until it has no more, since a poll may be under way.
    What a run that was killed has left comes after them.
    Raises Unavailable (`backup_store`), and does nothing, where the tombstones cannot be kept beside the backups.
    """
    rt, now = operator.rt, operator.rt.now()
    for vault in operator.vaults:
        for one in tombstones:
            vault.bury(one)
    before = rt.tombstones.unfinished()
    rt.tombstones.put(tombstones)
    rt.tombstones.refresh()
    gone, touched = set[str](), {LEDGER, REVISIONS, FINGERPRINTS, STORIES, SOURCES}
    for some in chain(ids(), _begun(rt, before, now)):
        touched |= _delete(operator, some)
        gone.update(some)
    operator.eraser.from_disk(sorted(index for index in touched if rt.index.exists(index)))
    operator.aof.rewrite()
    rt.tombstones.finish([*tombstones, *(one for one in before if one.kind == "article")], rt.now())
    rt.tombstones.refresh()  # or a check right after it would call them unfinished
    return len(gone)


def _begun(rt: Runtime, before: Sequence[Tombstone], now: datetime) -> Iterator[list[str]]:
    """Yield what unfinished tombstones name, and all that was forgotten since: nothing else tells how far that came."""
    if not before:
        return
    yield [one.id for one in before if one.kind == "article"]
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
