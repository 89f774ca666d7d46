"""What a page shows around its headline: dates and names that no tag declares."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from ingest.extract.head import line

__all__ = ["Around", "Shown", "line", "spaced"]

SHORT: Final = 160
"""Characters of a text that may be a date or a byline; more is prose."""
WORDS: Final = 15
"""Maximum words of a date with label and place; more is a sentence about a day, unless it counts readers."""
COUNTED_WORDS: Final = 25
COUNTED: Final = re.compile(r"عدد ال|التعليقات|المشاهدات|الزيارات|القراءات|مشاهدة|زيارة|قراءة")
PIECES: Final = 40
"""Maximum texts of an element that are joined."""
FEW: Final = 5
"""Maximum elements inside one that is a label; before a date there may be a whole article."""
DATED: Final = re.compile(r"(?:19|20|14)\d\d|[١۱٢۲][٠-٩۰-۹]{3}|منذ|قبل|مض[تى]|[أا]مس|اليوم")
"""What a date that is worth reading contains."""
CHANGED: Final = re.compile(r"updat|modif|review|edited|تحديث|محدث|تعديل", re.IGNORECASE)
PUBLISHED: Final = re.compile(r"publi|posted|created|نشر|كتب", re.IGNORECASE)
UPDATE: Final = re.compile(
    r"[\s|/،–-]*(?=(?:(?:تاريخ|[آا]خر|وقت) (?:ال)?(?:تحديث|تعديل)|(?:last )?(?:updat|modif)))", re.IGNORECASE
)
"""Before the label of a second date, that of the last change."""
FIGURE: Final = re.compile(r"\d")
AUTHOR_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:author|byline|writer|creator|reporter|كاتب)|author-?name|by-?line", re.IGNORECASE
)
AUTHOR_LINK: Final = re.compile(
    r"/(?:authors?|profiles?|contributors?|writers?|columnists?|staff|producers|people|by|كاتب|كتاب)/"
)
OUTER: Final = frozenset({"body", "html", "form", "main"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A text near the headline."""

    text: str
    node: HtmlElement
    """The element that holds it."""
    own: bool
    """Between the headline and the article's text, or in the headline's own box."""

    @property
    def listed(self) -> bool:
        """Return whether it is an item of a list, as the dates of other articles are."""
        parent = self.node.getparent()
        return self.node.tag == "li" or (parent is not None and parent.tag == "li")

    @property
    def changed(self) -> bool:
        """Return whether it is labelled as the time of the last change, and not as that of publication too."""
        return bool(CHANGED.search(self._label)) and not self.published

    @property
    def published(self) -> bool:
        """Return whether it is labelled as the time of publication."""
        return bool(PUBLISHED.search(self._label))

    @property
    def _label(self) -> str:
        return f"{self.text} {self.node.get('class') or ''} {self.node.get('itemprop') or ''} {_lead(self.node)}"


def _lead(node: HtmlElement) -> str:
    """Return what precedes an element in its line, and the class of its box."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None or parent.tag in OUTER:
        return ""
    label = (parent.text or "") if before is None else f"{_end_of(before)} {before.tail or ''}"
    return f"{line(label)[-40:]} {parent.get('class') or ''}"


def _end_of(node: HtmlElement) -> str:
    return node.text_content()[-40:] if len(node) <= FEW else ""


@dataclass(frozen=True, slots=True)
class Around:
    """What is around the headline: its own box, then what follows, without menus, lists and comments."""

    nodes: Sequence[tuple[HtmlElement, str]]
    """The elements, each with its class and itemprop."""
    texts: Sequence[tuple[str, HtmlElement, bool]]
    """The texts unchanged, each with the element that holds it, and whether it is the headline's own."""
    prose: int
    """The place in `nodes` from which on the article's text has begun."""

    def times(self) -> Iterator[Shown]:
        """Yield the time elements."""
        for place, (node, _) in enumerate(self.nodes):
            if node.tag == "time":
                text = node.get("datetime") or node.get("content") or node.text_content()
                yield Shown(line(text), node, place < self.prose)

    def dated(self) -> Iterator[Shown]:
        """Yield the short texts that may hold a date, in order."""
        for raw, node, own in self.texts:
            if DATED.search(raw) and len(text := line(raw)) < SHORT and _is_label(text):
                yield from (Shown(part, node, own) for part in _dates_of(text))

    def signed(self) -> Iterator[HtmlElement]:
        """Yield the elements that a class, a tag or an address calls an author's."""
        for place, (node, marks) in enumerate(self.nodes):
            if _is_author(marks) or (node.tag == "a" and _is_author_link(node, own=place < self.prose)):
                yield node


def _dates_of(text: str) -> list[str]:
    """Return the parts of «نشر في 22 نوفمبر 2026 - آخر تحديث 23 نوفمبر 2026», whose dates are two; else the text."""
    parts = UPDATE.split(text, 1) if PUBLISHED.search(text) else [text]
    return parts if all(map(FIGURE.search, parts)) else [text]


def _is_label(text: str) -> bool:
    words = text.count(" ")
    return words < WORDS or (words < COUNTED_WORDS and bool(COUNTED.search(text)))


def spaced(node: HtmlElement | None) -> str:
    """Return an element's text with a space where a tag parts it: «By<a>Sara</a>» are two words."""
    return "" if node is None else line(" ".join(islice(node.itertext(), PIECES)))


@lru_cache(maxsize=4096)
def _is_author(marks: str) -> bool:
    return bool(AUTHOR_CLASS.search(marks))


def _is_author_link(node: HtmlElement, *, own: bool) -> bool:
    return "author" in (node.get("rel") or "") or (own and bool(AUTHOR_LINK.search(node.get("href") or "")))
