"""What is stored of articles that are to be forgotten, or were: found by their ids, their sites, their tombstones."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.forget import Tombstone, is_same_page
from ingest.ledger.record import State
from ingest.urls import article_id, canonical
from workers.runtime import Runtime

PORTION: Final = 100


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


def affected(rt: Runtime, ids: Sequence[str], given: Sequence[str] = ()) -> Iterator[str]:
    """Yield articles, and after them those that are further addresses of the same pages, whichever has the document.

    `given` are addresses of theirs that are known: the ledger may have kept none.
    """
    for index in (rt.ledger, rt.index, rt.revisions, rt.stories):
        index.refresh()
    found = dict.fromkeys(ids)
    records = rt.ledger.get_many(list(found))
    found |= dict.fromkeys(article_id(canonical(one.detail)) for one in records.values() if is_same_page(one))
    records |= rt.ledger.get_many([key for key in found if key not in records])
    urls = sorted({url for one in records.values() for url in (one.url, one.entry.url) if url} | {*given})
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
