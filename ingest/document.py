"""An Article as Elasticsearch stores it, and the mappings, both from the field declarations in the model."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter

from ingest.ledger.record import Record
from ingest.ledger.tally import Tally
from ingest.model import COUNT, DATE, KEYWORD, OPAQUE, YES_NO, Article, Source, mapping, stored
from ingest.polling.listing import Further
from ingest.polling.rhythm import Rhythm

ALIAS: Final = "news"
LEDGER: Final = "news-ledger"
SOURCES: Final = "news-sources"
TALLIES: Final = "news-tallies"
ARTICLES: Final = "news-articles-"
"""Prefix of the monthly indices."""

ARTICLE: Final = TypeAdapter(Article)
RECORD: Final = TypeAdapter(Record)
SOURCE: Final = TypeAdapter(Source)
TALLY: Final = TypeAdapter(Tally)


@dataclass(frozen=True, slots=True)
class Poll:
    """How the last poll of a Source went; stored beside it."""

    polled_at: datetime | None = stored(DATE, default=None)
    polls: int = stored(COUNT, default=0)
    """How many there have been: a count, because clocks differ."""
    listed: int = stored(COUNT, default=0)
    admitted: int = stored(COUNT, default=0)
    failures: int = stored(COUNT, default=0)
    """Polls that failed in a row."""
    error: str = stored(KEYWORD, default="")
    problems: tuple[str, ...] = stored(KEYWORD, default=())
    further: tuple[Further, ...] = stored(OPAQUE, default=())
    """Listings that the poll has still to read, the next one first: a poll makes one request at a time."""
    listings: int = stored(COUNT, default=0)
    """Listings that it has read."""
    missed: int = stored(COUNT, default=0)
    """Listings that it could not read."""
    read_at: datetime | None = stored(DATE, default=None)
    """When the last poll began that missed none: what has not changed since need not be read again."""
    found: str = stored(KEYWORD, default="")
    """How a site's listing was found: which it is, and what speaks for it."""
    due_at: datetime | None = stored(DATE, default=None)
    etag: str = stored(KEYWORD, default="")
    """Verbatim, as `last_modified`: they are compared by the site as they were sent."""
    last_modified: str = stored(KEYWORD, default="")
    body_hash: str = stored(KEYWORD, default="")
    """SHA-256 of the last listing."""
    full_at: datetime | None = stored(DATE, default=None)
    """When it was last asked for without conditions and read whatever its hash."""
    moved_to: str = stored(KEYWORD, default="")
    """Where its URL redirects for good; since when, and how often in a row it said so."""
    moved_since: datetime | None = stored(DATE, default=None)
    moved_times: int = stored(COUNT, default=0)
    gone_since: datetime | None = stored(DATE, default=None)
    """When it first answered 410, if it has not listed anything since."""
    gone: bool = stored(YES_NO, default=False)
    """Gone for good: it is not polled any more, until it is added again."""
    rhythm: Rhythm = stored(OPAQUE, default=Rhythm())


POLL: Final = TypeAdapter(Poll)


def document(article: Article) -> dict[str, Any]:
    """Return the document of an article. Empty values are left out, so that `exists` queries mean something."""
    fields_ = ARTICLE.dump_python(article, mode="json")
    return {name: value for name, value in fields_.items() if value not in ("", None, [])}


def index_of(record: Record) -> str:
    """Return the index of a record's document: the month of admission, so that an id never lives in two."""
    return f"{ARTICLES}{record.admitted_at:%Y.%m}"


MAPPINGS: Final = {
    "news-articles": mapping(Article),
    LEDGER: mapping(Record),
    SOURCES: mapping(Source, Poll),
    TALLIES: mapping(Tally),
}
