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
YES_NO: Final[Mapping[str, Any]] = {"type": "boolean"}


def stored(mapping: Mapping[str, Any], **options: Any) -> Any:  # noqa: ANN401  # as dataclasses.field
    """Return a dataclass field that Elasticsearch stores under `mapping`."""
    return field(metadata={"mapping": mapping}, **options)


def mapping(*declarations: type) -> dict[str, Any]:
    """Return the strict mapping that the fields of dataclasses declare."""
    found = {
        declared.name: dict(declared.metadata["mapping"])
        for declaration in declarations
        for declared in fields(declaration)
        if "mapping" in declared.metadata
    }
    return {"dynamic": "strict", "properties": found}


@dataclass(frozen=True, slots=True)
class Source:
    """A place that lists news."""

    id: str = stored(KEYWORD)
    kind: str = stored(KEYWORD)
    """One of `ingest.discover.KINDS`, as `feed`, `sitemap`, `index`, or `site`: whatever lists the site's news."""
    url: str = stored(KEYWORD)
    name: str = stored(KEYWORD, default="")
    timezone: str = stored(KEYWORD, default="UTC")
    """IANA name: what a date on its pages means when it names no zone."""
    interval_s: int = stored(COUNT, default=600)
    """Least seconds between polls, its rhythm makes it more; 0 = listed once, when asked."""
    home: str = stored(KEYWORD, default="")
    """The site's address from which its listing was found."""
    full_text: bool = stored(YES_NO, default=False)
    """Its feed carries the whole articles: they are indexed from there, without a fetch."""
    selector: str = stored(KEYWORD, default="")
    """CSS selector of an index page's articles: links, or what holds one; empty = found by their looks."""
    since_days: int = stored(COUNT, default=30)
    """Entries dated longer ago are not admitted; 0 = however old (an archive's crawl)."""
    pages: int = stored(COUNT, default=1)
    """Pages of an index or a paged feed that are read in one go, as long as each brings something new."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a fetch brought: bytes as they came, decompressed."""

    url: str
    """The final URL, after redirects."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    moved_to: str = ""
    """Where redirects for good (301, 308) led, if the first was one; '' otherwise."""

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
    language: str = ""
    """As written there: `ar`, `ar-EG`; the item's own, else the feed's."""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: str = ""
    """Absolute http(s) address, not checked for being ours to fetch."""
    page: Page | None = field(default=None, repr=False)
    """The page itself, where the listing already holds it (text files, a single article, a feed with full text)."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a page reserves; `ingest/policy/rights.py` reads and obeys it."""

    robots: tuple[str, ...] = stored(KEYWORD, default=())
    """Words of X-Robots-Tag and meta robots that hold for us."""
    tdm_reserved: bool = stored(YES_NO, default=False)
    tdm_policy: str = stored(KEYWORD, default="")


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
    undecoded: int | None = stored(COUNT, default=None)
    """Places of the page that were no text in that charset, and stand as U+FFFD; None where there are none."""
    admitted_at: datetime | None = stored(DATE, default=None)
    """When the ledger first knew its URL."""
    fetched_at: datetime | None = stored(DATE, default=None)
    rights: Rights | None = stored(mapping(Rights), default=None)
    """None if the page reserves nothing."""
    subtitle: str = stored(ARABIC_TEXT, default="")
    agencies: tuple[str, ...] = stored(KEYWORD, default=())
    """News agencies and desks that sign it: «رويترز», «فريق التحرير»."""
    credit: str = stored(KEYWORD, default="")
    """Whom the picture is credited to."""
    published_precision: str = stored(KEYWORD, default="")
    """`second`, `minute` or `day`: how much of published_at was written."""
    direction: str = stored(KEYWORD, default="")
    """`rtl` or `ltr`."""
    provenance: tuple[str, ...] = stored(KEYWORD, default=())
    """Which place told a value: `title=h1`, `published_at=json-ld`, `published_at=listing`."""
    quality: Quality | None = stored(
        {"properties": {part.name: part.metadata["mapping"] for part in fields(Quality)}}, default=None
    )
