"""The places where a page keeps its metadata, read once: JSON-LD, meta tags, the headline's element."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import islice
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from lxml.html import HtmlElement

from ingest.extract.jsonld import LinkedData, linked_data
from ingest.extract.white import squeezed

T = TypeVar("T")

CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
LINKED: Final = "ld+json"
"""In a script's type: linked data."""
MISPLACED: Final = "script:ld+json"
"""The meta tag that a framework turns such a script into."""
HEADINGS: Final = 20
"""How many headings of each level are looked at."""
WORD: Final = re.compile(r"\w+")
ALIKE: Final = 0.25
"""Minimum share of words that an h1 has in common with a declared title, which sites often reword."""
SAME: Final = 0.5
"""The same for an h2."""


NOT_RULED: Final[Mapping[str, list[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Attributed(Generic[T]):
    """A value and its origin on the page: `rule`, `json-ld`, `meta:og:title`, `h1`, `shown`, `url`; '' = nothing."""

    value: T
    origin: str = ""


@dataclass(frozen=True)
class Head:
    """The places where a page keeps its metadata."""

    tree: HtmlElement
    linked: LinkedData
    meta: Mapping[str, list[str]]
    """Contents of the meta tags, unchanged, by name, property or itemprop in lower case."""
    canonical: Sequence[str]
    """The addresses of rel=canonical."""
    ruled: Mapping[str, list[str]]
    """What the site's rule finds (rules.values_by_rule)."""
    listed: str = ""
    """The title from the source's listing."""
    seen: frozenset[int] = frozenset()
    """Hashes of the lines and titles that the host's other articles have too (repeated.py)."""

    @property
    def article(self) -> Mapping[str, Any]:
        """Return the JSON-LD node of the article, or {}."""
        return self.linked.article

    def named(self, *names: str) -> list[str]:
        """Return the non-empty contents of meta tags, in the order of the names."""
        return [attributed.value for attributed in self.meta_values(*names)]

    def meta_values(self, *names: str) -> Iterator[Attributed[str]]:
        """Yield the non-empty contents of meta tags, each with its origin."""
        found = ((name, line(raw)) for name in names for raw in self.meta.get(name, ()))
        return (Attributed(value, f"meta:{name}") for name, value in found if value)

    def by_rule(self, name: str) -> list[Attributed[str]]:
        """Return what the site's rule finds for one of its keys."""
        return [Attributed(text, "rule") for text in self.ruled.get(name, ())]

    def shown(self, xpath: str) -> list[str]:
        """Return the non-empty texts of the elements, in document order."""
        return [text for node in self.tree.xpath(xpath) if (text := line(node.text_content()))]

    @cached_property
    def language(self) -> str:
        """Return what the page declares, as `en-us`, or ''."""
        declared = self.tree.get("lang") or self.tree.get("xml:lang") or first(self.named("og:locale"))
        return declared.strip().lower().replace("_", "-")

    @cached_property
    def declared_titles(self) -> list[str]:
        """Return the titles that are not shown in the page: JSON-LD, OpenGraph, <title>."""
        tag = self.tree.find("head/title")
        texts = [*self.linked.strings("headline"), *self.named("og:title", "twitter:title", "title", "dc.title")]
        return [text for raw in (*texts, tag.text_content() if tag is not None else "") if (text := line(raw))]

    @cached_property
    def headline(self) -> HtmlElement | None:
        """Return the h1 that a declared title names best, or the only h1, else such an h2, else None."""
        tops = self._headings("h1")
        if tops and not self.declared_titles:
            return tops[0]
        for tag, enough in (("h1", ALIKE), ("h2", SAME)):
            alike, best = self._best(tops if tag == "h1" else self._headings(tag))
            if alike >= enough:
                return best
        return tops[0] if len(tops) == 1 else None

    def _headings(self, tag: str) -> list[HtmlElement]:
        return [node for node in islice(self.tree.iter(tag), HEADINGS) if node.text_content().strip()]

    def _best(self, headings: list[HtmlElement]) -> tuple[float, HtmlElement | None]:
        """Return the heading most similar to a declared title, and the similarity; the site's name does not count."""
        site, titles = words(first(self.named("og:site_name"))), [words(text) for text in self.declared_titles]
        best: tuple[float, HtmlElement | None] = (0.0, None)
        for node in headings:
            mine = words(node.text_content())
            alike = 0.0 if mine == site else max((shared(mine, theirs) for theirs in titles), default=0.0)
            best = (alike, node) if alike > best[0] else best
        return best


def read_head(
    tree: HtmlElement,
    ruled: Mapping[str, list[str]] = NOT_RULED,
    listed: str = "",
    seen: frozenset[int] = frozenset(),
) -> Head:
    """Return the metadata places of a parsed page, with what its site's rule finds, is listed and was seen before."""
    meta: dict[str, list[str]] = {}
    scripts: list[str] = []
    canonical: list[str] = []
    for node in tree.iter("meta", "script", "link"):
        if node.tag == "script":
            scripts += [node.text or ""] if LINKED in node.get("type", "").lower() else []
        elif node.tag == "link":
            canonical += [node.get("href", "")] if node.get("rel", "").lower() == "canonical" else []
        elif value := node.get("content"):
            names = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
            for name in (names, *names.split()) if " " in names else (names,):
                meta.setdefault(name, []).append(value)
    return Head(tree, linked_data([*scripts, *meta.get(MISPLACED, ())]), meta, canonical, ruled, line(listed), seen)


def line(text: str) -> str:
    """Return a text in one line: entities read, control characters and lone surrogates gone."""
    return squeezed(CONTROL.sub("", unescape(text) if "&" in text else text))


def first(texts: Iterable[str]) -> str:
    """Return the first non-empty text, as one line, or ''."""
    return next((found for text in texts if (found := line(text))), "")


def first_attributed(places: Iterable[Attributed[str]]) -> Attributed[str]:
    """Return the first non-empty value, as one line."""
    return next((Attributed(found, place.origin) for place in places if (found := line(place.value))), Attributed(""))


def words(text: str) -> frozenset[str]:
    """Return the words of a text in lower case."""
    return frozenset(WORD.findall(text.casefold()))


def overlap(one: str, other: str) -> float:
    """Return the share of the shorter text's words that the other has, slightly reduced for a longer rest."""
    return shared(words(one), words(other))


def shared(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """Return the same for sets of words."""
    both = len(mine & theirs)
    short, long = sorted((len(mine), len(theirs)))
    return both / short * (0.9 + 0.1 * both / long) if both else 0.0
