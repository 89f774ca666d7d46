"""What a page says of itself, each value with its origin.

A site's rule comes first; then JSON-LD, meta tags, its URL, what is shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

import ada_url

from ingest.dates import When
from ingest.extract.around import Surroundings
from ingest.extract.authors import Byline, byline
from ingest.extract.body.credit_line import is_credit_line, names_agency
from ingest.extract.head import Attributed, Head, first, line, read_head
from ingest.extract.moments import DateContext, moments
from ingest.extract.picture import Picture, absolute, picture
from ingest.extract.shown import Around, spaced
from ingest.extract.title import site_name, subtitle, title
from ingest.extract.topics import section, tags
from ingest.urls import site_of

__all__ = ["SUMMARY", "DateContext", "Head", "Metadata", "first", "read", "read_head", "site_name"]

AUTHOR: Final = (
    "author",
    "article:author",
    "article:author_name",
    "og:article:author",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "sailthru.author",
    "cxenseparse:author",
    "byl",
    "twitter:data1",
)
SUMMARY: Final = ("og:description", "description", "twitter:description", "dc.description")
_VERBS = "بقلم|كتب|كتبت|كتبه|كتبها|إعداد|اعداد|تحرير|تقرير|ترجمة|حاور(?:ته?ا?|ه?ا?)|written by|words by|by|authors?:"
BEGINS: Final = re.compile(rf"\s*(?:{_VERBS})(?!\w)", re.IGNORECASE)
BEGINS_SURELY: Final = re.compile(r"\s*(?:بقلم|written by|by|authors?:)(?!\w)", re.IGNORECASE)
"""Without «كتب», with which a sentence of the article may begin."""
LABEL: Final = re.compile(rf"(?:{_VERBS}|written|authors?)\s*:?", re.IGNORECASE)
"""A byline's verb alone in its element, the name in the next."""
NAME_CLASS: Final = re.compile(r"name", re.IGNORECASE)
SIGNED: Final = 90
"""Maximum characters of a line that begins with «بقلم» or By; more is a sentence."""
SHOWN: Final = "shown"
RTL: Final = re.compile("[\u0590-\u08ff]")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; each value with its origin."""

    site: Attributed[str]
    title: Attributed[str]
    subtitle: Attributed[str]
    authors: Attributed[Byline]
    published_at: Attributed[When | None]
    modified_at: Attributed[When | None]
    section: Attributed[str]
    tags: Attributed[tuple[str, ...]]
    image: Attributed[Picture]
    canonical_url: Attributed[str]
    direction: str
    """`rtl` or `ltr`."""

    @property
    def provenance(self) -> tuple[str, ...]:
        """Return where each value comes from, as `title=h1`, in the order of the fields."""
        attributed: list[tuple[str, Any]] = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return tuple(
            f"{name}={value.origin}" for name, value in attributed if isinstance(value, Attributed) and value.origin
        )


def read(head: Head, url: str, clock: DateContext) -> Metadata:
    """Return the metadata of a page at `url`, its dates read by the clock of its source."""
    site = site_name(head)
    headline, around = title(head, site.value), Surroundings(head)
    image, source = picture(head, url)
    when = moments(head, around, url, clock)
    return Metadata(
        site=site,
        title=headline,
        subtitle=subtitle(head, around.near, headline.value),
        authors=signed(head, around, site.value),
        published_at=when.published,
        modified_at=when.modified,
        section=section(head),
        tags=tags(head),
        image=Attributed(image, source),
        canonical_url=canonical_url(head, url),
        direction=direction(head, headline.value),
    )


def signed(head: Head, around: Surroundings, site: str) -> Attributed[Byline]:
    """Return who wrote it: the first place that names people, else the first that names an agency or a desk."""
    found = (
        Attributed(names, attributed.origin)
        for attributed in _bylines(head, around)
        if (names := byline(attributed.value, site, shown=attributed.origin == SHOWN))
    )
    agency = Attributed(Byline())
    for attributed in found:
        if attributed.value.people:
            return attributed
        agency = agency if agency.value else attributed
    return agency


def _bylines(head: Head, around: Surroundings) -> Iterator[Attributed[list[str]]]:
    yield Attributed([attributed.value for attributed in head.by_rule("authors")], "rule")
    yield Attributed(head.linked.signatures("author"), "json-ld")
    for name in AUTHOR:
        yield Attributed(head.named(name), f"meta:{name}")
    yield Attributed(head.linked.strings("creator", "name"), "json-ld")
    yield from (Attributed([text], SHOWN) for text in _signatures(around.near))
    yield from (Attributed([text], SHOWN) for text in _credits(around.near))
    yield from (Attributed([text], SHOWN) for text in _signatures(around.above))
    yield from (Attributed([text], SHOWN) for text in _signatures(around.page))


def _signatures(near: Around) -> Iterator[str]:
    """Yield what may be a byline: elements called an author's, the narrowest names first, then lines that begin so."""
    yield from map(spaced, sorted(near.signed(), key=lambda node: not NAME_CLASS.search(node.get("class") or "")))
    for raw, node, own in near.texts:
        if (BEGINS if own else BEGINS_SURELY).match(raw):
            text = line(raw)
            if LABEL.fullmatch(text):
                text = spaced(node) if len(spaced(node)) > len(text) else spaced(node.getparent())
            if len(text) <= SIGNED:
                yield text


def _credits(near: Around) -> Iterator[str]:
    """Yield the lines between headline and text that name a place and an agency: «الدوحة - قنا», «الرياض (واس)»."""
    texts = (line(raw) for raw, _, own in near.texts if own and len(raw) <= SIGNED)
    yield from (text for text in texts if names_agency(text) and is_credit_line(text))


def canonical_url(head: Head, base: str) -> Attributed[str]:
    """Return the canonical form of rel=canonical or og:url, '' where it leads to another site or to the home page."""
    for attributed in (*(Attributed(href, "link:canonical") for href in head.canonical), *head.meta_values("og:url")):
        url = absolute(attributed.value, base)
        if url and site_of(url) == site_of(base) and ada_url.URL(url).pathname != "/":
            return Attributed(url, attributed.origin)
    return Attributed("")


def direction(head: Head, headline: str) -> str:
    """Return `rtl` or `ltr`: what the headline's boxes or the page declare, else what the headline is written in."""
    boxes = [] if head.headline is None else [head.headline, *head.headline.iterancestors()]
    for node in (*boxes, head.tree):
        if (declared := (node.get("dir") or "").strip().lower()) in ("rtl", "ltr"):
            return declared
    return "rtl" if RTL.search(headline) else "ltr"
