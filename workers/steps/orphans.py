"""What belongs to nothing: pages and documents of which the ledger knows nothing, as after a partial restore."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.document import ARTICLE, index_of
from ingest.ledger.documents import recorded
from ingest.ledger.record import Record, State
from ingest.retention import DAY, page_of
from workers.runtime import Runtime
from workers.store.documents import Document, Place
from workers.store.page_files import FOLDERS, File

PORTION: Final = 500


@dataclass(frozen=True, slots=True)
class Orphans:
    """A portion of them."""

    pages: int = 0
    bytes: int = 0
    documents: tuple[str, ...] = ()
    """Ids."""
    forgotten: tuple[str, ...] = ()
    """Ids of documents that were written although their articles were forgotten: only the operator may delete them."""


def summed(portions: Iterable[Orphans]) -> Orphans:
    """Return all portions as one."""
    pages, size, documents, forgotten = 0, 0, list[str](), list[str]()
    for one in portions:
        pages, size = pages + one.pages, size + one.bytes
        documents += one.documents
        forgotten += one.forgotten
    return Orphans(pages, size, tuple(documents), tuple(forgotten))


def orphans(rt: Runtime, *, repair: bool) -> Iterator[Orphans]:
    """Yield what belongs to nothing; if it is to be repaired, pages go, and documents get a record."""
    place = ""
    while True:
        found, place = rt.index.after(place, PORTION)
        yield _documents(rt, found, repair=repair)
        if not place:
            break
    for folder in FOLDERS:
        files = _pages(rt, rt.page_files.under(folder))
        if repair:
            rt.page_files.remove(files)
        yield Orphans(len(files), sum(file.size for file in files))


def _pages(rt: Runtime, files: Sequence[File]) -> list[File]:
    """Return the pages that no record knows, or that belong to none any more.

    One of the last day may be stored before its record is.
    """
    now = rt.now()
    old = [(file, key) for file in files if now - file.modified > DAY and (key := page_of(file.name))]
    found: list[File] = []
    for start in range(0, len(old), PORTION):
        some = old[start : start + PORTION]
        known = rt.ledger.ends([key for _, key in some])
        found += [file for file, key in some if key not in known or known[key].state is State.FORGOTTEN]
    return found


def _documents(rt: Runtime, places: Sequence[Place], *, repair: bool) -> Orphans:
    known = rt.ledger.ends([place.id for place in places])
    lone = [place for place in places if place.id not in known]
    forgotten = tuple(key for key, end in known.items() if end.state is State.FORGOTTEN)
    if repair and lone:
        for some in rt.documents.portions(lone):
            rt.ledger.save([made for one in some if (made := _record(rt, one))])
    return Orphans(documents=tuple(place.id for place in lone), forgotten=forgotten)


def _record(rt: Runtime, found: Document) -> Record | None:
    """Return a record for a document; None if it would look for it in another month."""
    article = ARTICLE.validate_python({"title": "", "body": ""} | found.source)
    made = recorded(article, found.version, rt.now())
    month = index_of(made).removeprefix("news-") if made else ""
    return made if month and found.place.index.endswith(month) else None
