"""The words of the project as frozen values: Source, Entry, Page, Article.

A field's metadata carries its Elasticsearch mapping, so that a new field is declared once, here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final

ARABIC_TEXT: Final[Mapping[str, Any]] = {
    "type": "text",
    "analyzer": "ar_news",
    "search_analyzer": "ar_news_search",
    "fields": {"exact": {"type": "text", "analyzer": "ar_exact"}},
}
ARABIC_TITLE: Final[Mapping[str, Any]] = {
    **ARABIC_TEXT,
    "fields": {
        **ARABIC_TEXT["fields"],
        "autocomplete": {
            "type": "text",
            "analyzer": "ar_autocomplete",
            "search_analyzer": "ar_exact",
        },
    },
}
KEYWORD: Final[Mapping[str, Any]] = {"type": "keyword", "ignore_above": 8191}
DATE: Final[Mapping[str, Any]] = {"type": "date"}
COUNT: Final[Mapping[str, Any]] = {"type": "integer"}
SHARE: Final[Mapping[str, Any]] = {"type": "half_float"}
"""A number from 0 to 1."""
OPAQUE: Final[Mapping[str, Any]] = {"type": "object", "enabled": False}


def stored(mapping: Mapping[str, Any], **options: Any) -> Any:  # noqa: ANN401  # as dataclasses.field
    """Return a dataclass field that Elasticsearch stores under `mapping`."""
    return field(metadata={"mapping": mapping}, **options)


@dataclass(frozen=True, slots=True)
class Source:
    """A place that lists news."""

    id: str = stored(KEYWORD)
    kind: str = stored(KEYWORD)
    """`feed`, `article`, `text`, or `auto`: whatever the URL turns out to be."""
    url: str = stored(KEYWORD)
    name: str = stored(KEYWORD, default="")
    timezone: str = stored(KEYWORD, default="UTC")
    """IANA name: what a date on its pages means when it names no zone."""
    interval_s: int = stored(COUNT, default=600)
    """Seconds between polls; 0 = listed once, when asked."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a fetch brought: bytes as they came, decompressed."""

    url: str
    """The final URL, after redirects."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime

    def header(self, name: str) -> str:
        """Return the last value of a header, or ''."""
        wanted = name.lower()
        return next((v for k, v in reversed(self.headers) if k.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item that a source lists, and what the listing says of it."""

    url: str
    title: str = ""
    summary: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    page: Page | None = field(default=None, repr=False)
    """The page itself, where the listing already holds it (text files, a single article)."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How much an Article can be trusted, in numbers: what the gate looks at, and what queries can ask for."""

    method: str = stored(KEYWORD, default="")
    """Whose body it is: `rule`, `own`, `trafilatura`, `json-ld`, `text`."""
    wall: str = stored(KEYWORD, default="")
    """What stands before the text, as `paywall` or `login`: see gate.py. Such pages are rejected."""
    arabic: float = stored(SHARE, default=0.0)
    """Share of Arabic letters among the body's letters."""
    links: float = stored(SHARE, default=0.0)
    """Share of the characters in the article's box that are links; they are not in the body."""
    prose: float = stored(SHARE, default=0.0)
    """Share of the page's prose that is in the article's box."""
    title: float = stored(SHARE, default=0.0)
    """Share of the title's words that stand in the body."""
    agreement: float | None = stored(SHARE, default=None)
    """Share of the body that another extractor found too; None where there was no doubt to ask it."""


@dataclass(frozen=True, slots=True)
class Article:
    """What the page says: first as published, then clean."""

    id: str = stored(KEYWORD)
    url: str = stored(KEYWORD)
    title: str = stored(ARABIC_TITLE)
    body: str = stored(ARABIC_TEXT)
    summary: str = stored(ARABIC_TEXT, default="")
    caption: str = stored(ARABIC_TEXT, default="")
    authors: tuple[str, ...] = stored(KEYWORD, default=())
    published_at: datetime | None = stored(DATE, default=None)
    modified_at: datetime | None = stored(DATE, default=None)
    section: str = stored(KEYWORD, default="")
    tags: tuple[str, ...] = stored(KEYWORD, default=())
    image: str = stored(KEYWORD, default="")
    language: str = stored(KEYWORD, default="")
    site: str = stored(KEYWORD, default="")
    canonical_url: str = stored(KEYWORD, default="")
    host: str = stored(KEYWORD, default="")
    source_id: str = stored(KEYWORD, default="")
    words: int = stored(COUNT, default=0)
    charset: str = stored(KEYWORD, default="")
    fetched_at: datetime | None = stored(DATE, default=None)
    quality: Quality | None = stored(
        {"properties": {part.name: part.metadata["mapping"] for part in fields(Quality)}}, default=None
    )
