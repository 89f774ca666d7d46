"""History: what an article said in each of its versions; and what changed lately, in all of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from ingest.ledger.record import Record
from ingest.revisions.difference import Piece, words
from ingest.revisions.edit import Kind
from ingest.revisions.revision import Revision
from workers.steps.sources import ids_of
from workers.steps.story import find

if TYPE_CHECKING:
    from workers.runtime import Runtime

HOST: Final = re.compile(r"[\w-]+(\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article, and how it differs from the one before."""

    number: int
    kinds: tuple[Kind, ...]
    seen_at: datetime
    url: str
    title: str
    host: str
    published_at: datetime | None
    modified_at: datetime | None
    """Both as this version declares them."""
    changes: tuple[tuple[Piece, ...], ...]
    """The passages that differ, word by word."""


@dataclass(frozen=True, slots=True)
class History:
    """An article's versions, oldest first; none if it was never seen changed."""

    id: str
    url: str
    title: str
    """As the listing had it."""
    next_look_at: datetime | None
    versions: tuple[Version, ...]


def history(rt: "Runtime", *, article: str) -> History | None:
    """Return the history of an article: by its id, by what only its id begins with, or by its address."""
    record = find(rt, article)
    if record is None:
        return None
    due_at = record.revisit.due_at if record.revisit else None
    found = tuple(map(version, rt.revisions.of(record.id)))
    return History(record.id, record.url, _title(record, found), due_at, found)


def changes(rt: "Runtime", *, since: datetime, kinds: tuple[Kind, ...], source: str) -> Iterator[Revision]:
    """Yield what has changed since a time, oldest first; nothing of what was forgotten, and blanked.

    `source` is a host, or whatever else a source is called. Raises Permanent (`no_source`).
    """
    sources = (source,) if HOST.fullmatch(source) else ids_of(rt, named=source)
    return (one for one in rt.revisions.since(since, kinds, sources) if one.url)


def version(revision: Revision) -> Version:
    """Return a version as people read it."""
    return Version(
        number=revision.number,
        kinds=revision.kinds,
        seen_at=revision.seen_at,
        url=revision.url,
        title=revision.title,
        host=revision.host,
        published_at=revision.published_at,
        modified_at=revision.modified_at,
        changes=tuple(words(change.before, change.after) for change in revision.changes),
    )


def _title(record: Record, versions: tuple[Version, ...]) -> str:
    return versions[-1].title if versions else record.entry.title
