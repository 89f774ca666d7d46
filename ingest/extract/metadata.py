"""What a page says of itself: JSON-LD, meta tags, and what is shown around its headline."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import ada_url
from lxml.html import HtmlElement

from ingest.dates import parse_date
from ingest.errors import Permanent
from ingest.extract.jsonld import article_node, strings
from ingest.extract.shown import authors_shown, dates_shown, line
from ingest.urls import canonical, site_of

PUBLISHED: Final = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dc:date",
    "publishdate",
    "pubdate",
    "date",
)
MODIFIED: Final = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
)
AUTHOR: Final = ("author", "article:author", "parsely-author", "dc.creator", "sailthru.author", "byl")
SUMMARY: Final = ("og:description", "description", "twitter:description", "dc.description")
IMAGE: Final = ("og:image", "og:image:url", "twitter:image", "twitter:image:src")
CREDIT: Final = re.compile(r"^(?:بقلم|كتب|كتبت|كتبه|كتبها|إعداد|اعداد|تحرير|By)(?:\s*[:：/\-–]\s*|\s+)", re.IGNORECASE)
LIST: Final = re.compile(r"[,،;؛|\n]")
SUFFIX: Final = re.compile(r"\s+[|\-–—•»«:]{1,2}\s+")
NAME: Final = 60
"""Characters of a name at most; more is a sentence about the author."""


@dataclass(frozen=True, slots=True)
class Head:
    """The places where a page keeps its metadata."""

    tree: HtmlElement
    article: Mapping[str, Any]
    """The JSON-LD node of the article, or {}."""
    meta: Mapping[str, list[str]]
    """Contents of the meta tags by name, property or itemprop in lower case."""

    def named(self, *names: str) -> list[str]:
        """Return the non-empty contents of meta tags, in the order of the names."""
        return [value for name in names for value in self.meta.get(name, ())]

    def shown(self, xpath: str) -> list[str]:
        """Return the non-empty texts of the elements, in document order."""
        return [text for node in self.tree.xpath(xpath) if (text := line(node.text_content()))]


def read_head(tree: HtmlElement) -> Head:
    """Return the metadata places of a parsed page."""
    meta: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").strip().lower()
        if value := line(tag.get("content") or ""):
            meta.setdefault(name, []).append(value)
    return Head(tree, article_node(tree), meta)


def first(texts: Iterable[str]) -> str:
    """Return the first text that says something, as one line, or ''."""
    return next((found for text in texts if (found := line(text))), "")


def title(head: Head, site: str) -> str:
    """Return the headline without the site's name: JSON-LD, OpenGraph, h1, title."""
    h1 = head.shown("//h1")
    places = (*strings(head.article.get("headline")), *head.named("og:title"), *h1, *head.shown("//head/title"))
    return _without_site(first(places), site, h1)


def _without_site(text: str, site: str, h1: list[str]) -> str:
    """Return a title without its last part, where that is the site's name or what precedes it is the h1."""
    parts = list(SUFFIX.finditer(text))
    if not parts:
        return text
    before, after = text[: parts[-1].start()], text[parts[-1].end() :]
    return before if before in h1 or after.casefold() == site.casefold() else text


def site_name(head: Head) -> str:
    """Return the publication's name, or ''."""
    publisher = strings(head.article.get("publisher"), "name")
    return first((*head.named("og:site_name"), *publisher, *head.named("application-name")))


def published(head: Head, timezone: str, now: datetime) -> datetime | None:
    """Return when the page says it was published: JSON-LD, meta tags, time elements, then a visible date."""
    places = (*strings(head.article.get("datePublished")), *head.named(*PUBLISHED))
    return _moment(places, timezone, now) or _moment(dates_shown(head.tree), timezone, now)


def modified(head: Head, timezone: str, now: datetime) -> datetime | None:
    """Return when the page says it was last changed."""
    return _moment((*strings(head.article.get("dateModified")), *head.named(*MODIFIED)), timezone, now)


def _moment(texts: Iterable[str], timezone: str, now: datetime) -> datetime | None:
    return next((when.at for text in texts if (when := parse_date(text, timezone, now))), None)


def authors(head: Head) -> tuple[str, ...]:
    """Return the names of who wrote it, without «بقلم» and its like."""
    places = (
        strings(head.article.get("author"), "name"),
        head.named(*AUTHOR),
        head.shown("//*[@rel='author' or @itemprop='author']"),
        authors_shown(head.tree),
    )
    return next((names for place in places if (names := _names(place))), ())


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    names = (CREDIT.sub("", part) for text in texts for part in _parts(text))
    return tuple(
        dict.fromkeys(name for name in names if 1 < len(name) <= NAME and "@" not in name and "://" not in name)
    )


def _parts(text: str) -> list[str]:
    return [part for piece in LIST.split(text) if (part := line(piece))]


def tags(head: Head) -> tuple[str, ...]:
    """Return the tags of the first place that has any; the keywords tag last, since many sites never change it."""
    places = (
        strings(head.article.get("keywords"), "name"),
        head.named("article:tag"),
        head.shown("//a[@rel='tag']"),
        head.named("news_keywords", "keywords"),
    )
    found = next((place for place in places if place), [])
    return tuple(dict.fromkeys(part.lstrip("#").replace("_", " ") for text in found for part in _parts(text)))


def image(head: Head, base: str) -> str:
    """Return the address of the main picture, or ''."""
    places = (*strings(head.article.get("image"), "url", "contentUrl", "@id"), *head.named(*IMAGE))
    return next((url for place in places if (url := _absolute(place, base))), "")


def canonical_url(head: Head, base: str) -> str:
    """Return the canonical form of rel=canonical or og:url, '' where it leads to another site or to the home page."""
    declared = head.tree.xpath("//link[@rel='canonical']/@href")
    for place in (*declared, *head.named("og:url")):
        url = _absolute(place, base)
        if url and site_of(url) == site_of(base) and ada_url.URL(url).pathname != "/":
            return url
    return ""


def _absolute(place: str, base: str) -> str:
    try:
        url = canonical(ada_url.URL(place.strip(), base=base).href)
    except (ValueError, Permanent):
        return ""
    return url if url.startswith("http") else ""
