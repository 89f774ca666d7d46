"""An Article as Elasticsearch stores it, and the mappings, both from the field declarations in the model."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter

from ingest.model import COUNT, DATE, KEYWORD, Article, Source, stored
from ingest.record import Record
from ingest.tally import Tally

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


POLL: Final = TypeAdapter(Poll)


def document(article: Article) -> dict[str, Any]:
    """Return the document of an article. Empty values are left out, so that `exists` queries mean something."""
    fields_ = ARTICLE.dump_python(article, mode="json")
    return {name: value for name, value in fields_.items() if value not in ("", None, [])}


def index_of(record: Record) -> str:
    """Return the index of a record's document: the month of admission, so that an id never lives in two."""
    return f"{ARTICLES}{record.admitted_at:%Y.%m}"


def mapping(*declarations: type) -> dict[str, Any]:
    """Return the strict mapping that the fields of dataclasses declare."""
    properties = {
        declared.name: dict(declared.metadata["mapping"])
        for declaration in declarations
        for declared in fields(declaration)
        if "mapping" in declared.metadata
    }
    return {"dynamic": "strict", "properties": properties}


MAPPINGS: Final = {
    "news-articles": mapping(Article),
    LEDGER: mapping(Record),
    SOURCES: mapping(Source, Poll),
    TALLIES: mapping(Tally),
}
