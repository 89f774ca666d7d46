"""An Article as Elasticsearch stores it, and the mappings, both from the field declarations in the model."""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import TypeAdapter

from ingest.forget import Tombstone
from ingest.ledger.record import Record
from ingest.ledger.tally import Tally
from ingest.mappings import mapping
from ingest.model import Article, Source
from ingest.polling.poll import Poll
from ingest.revisions.revision import Revision
from ingest.stories.fingerprint import Fingerprint, Membership
from ingest.stories.story import Story

ALIAS: Final = "news"
LEDGER: Final = "news-ledger"
SOURCES: Final = "news-sources"
TALLIES: Final = "news-tallies"
FINGERPRINTS: Final = "news-fingerprints"
STORIES: Final = "news-stories"
REVISIONS: Final = "news-revisions"
TOMBSTONES: Final = "news-tombstones"
ARTICLE_INDICES: Final = "news-articles"
"""The monthly indices' key in the tables of indices."""
ARTICLES: Final = f"{ARTICLE_INDICES}-"
"""Prefix of the monthly indices."""

ARTICLE: Final = TypeAdapter(Article)
RECORD: Final = TypeAdapter(Record)
SOURCE: Final = TypeAdapter(Source)
TALLY: Final = TypeAdapter(Tally)
REVISION: Final = TypeAdapter(Revision)


POLL: Final = TypeAdapter(Poll)
FINGERPRINT: Final = TypeAdapter(Fingerprint)
STORY: Final = TypeAdapter(Story)
TOMBSTONE: Final = TypeAdapter(Tombstone)


def document(article: Article) -> dict[str, Any]:
    """Return the document of an article. Empty values are left out, so that `exists` queries mean something."""
    fields_ = ARTICLE.dump_python(article, mode="json")
    return {name: value for name, value in fields_.items() if value not in ("", None, [])}


def characters(values: Iterable[Any]) -> int:
    """Return the characters of all texts, and lists of texts, among the values of an article or document."""
    lists = ((value,) if isinstance(value, str) else value for value in values if isinstance(value, str | tuple | list))
    return sum(len(text) for texts in lists for text in texts if isinstance(text, str))


def index_of(record: Record) -> str:
    """Return the index of a record's document: the month of admission, so that an id never lives in two."""
    return f"{ARTICLES}{record.admitted_at:%Y.%m}"


MAPPINGS: Final = {
    ARTICLE_INDICES: mapping(Article, Membership),
    LEDGER: mapping(Record),
    SOURCES: mapping(Source, Poll),
    TALLIES: mapping(Tally),
    FINGERPRINTS: mapping(Fingerprint),
    STORIES: mapping(Story),
    REVISIONS: mapping(Revision),
    TOMBSTONES: mapping(Tombstone),
}
"""The fields of each kind of index; its other properties are in `workers.store.indices`."""
