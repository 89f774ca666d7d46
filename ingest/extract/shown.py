"""What a page shows around its headline: dates and names that no tag declares."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Final

from lxml.html import HtmlElement

from ingest.extract.head import Head, line

__all__ = ["Around", "Shown", "Surroundings", "line", "spaced"]

SHORT: Final = 160
"""Characters of a text that may be a date or a byline; more is prose."""
PROSE: Final = 220
"""Characters of the first text that is the article itself: what stands before belongs to the headline."""
AFTER: Final = 150
"""Elements after the headline that are looked at."""
INTO_PROSE: Final = 25
"""Elements that are looked at after the article's text has begun."""
ABOVE: Final = 30
PAGE: Final = 800
BOX_ELEMENTS: Final = 40
"""Elements of the headline's own box, in which what stands above it belongs to it too."""
CLIMB: Final = 5
"""Boxes around the headline that are looked at."""
DATED: Final = re.compile(r"(?:19|20|14)\d\d|[١۱٢۲][٠-٩۰-۹]{3}|منذ|قبل|مض[تى]|[أا]مس|اليوم")
"""What a date that is worth reading contains."""
CHANGED: Final = re.compile(r"updat|modif|review|edited|تحديث|محدث|تعديل", re.IGNORECASE)
PUBLISHED: Final = re.compile(r"publi|posted|created|نشر|كتب", re.IGNORECASE)
AUTHOR_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:author|byline|writer|creator|كاتب)|author-?name|by-?line", re.IGNORECASE
)
AUTHOR_LINK: Final = re.compile(
    r"/(?:authors?|profiles?|contributors?|writers?|columnists?|staff|producers|people|by|كاتب|كتاب)/"
)
ELSEWHERE: Final = re.compile(
    r"related|sidebar|(?<!elementor-)widget(?![-_](?:container|wrap))(?! blog)|latest|most[-_ ]|comment|footer|trending"
    r"|breaking|recommend|read-?more|newsletter|cookie|ticker",
    re.IGNORECASE,
)
SIGNS: Final = re.compile(r"author|byline|post-?meta|article-?meta|publish", re.IGNORECASE)
"""Of a box that tells who and when, though it be an <aside> or called a footer."""
TAILWIND: Final = re.compile(r"[\[\]:]")
"""In classes that say how a box looks, not what it is: `md:[grid-area:sidebar]`."""
ASIDE: Final = frozenset({"nav", "aside", "footer"})
NO_TEXT: Final = frozenset({"script", "style", "noscript", "template", "select", "svg", "iframe"})
OUTER: Final = frozenset({"body", "html", "form", "main"})


Step = tuple[HtmlElement, str | None]
"""An element that a walk comes by, with its class and itemprop; None where only what follows it belongs to us."""


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
        """Tell whether it is an item of a list, as the dates of other articles are."""
        parent = self.node.getparent()
        return self.node.tag == "li" or (parent is not None and parent.tag == "li")

    @property
    def changed(self) -> bool:
        """Tell whether it is labelled as the time of the last change, and not as that of publication too."""
        return bool(CHANGED.search(self._label)) and not self.published

    @property
    def published(self) -> bool:
        """Tell whether it is labelled as the time of publication."""
        return bool(PUBLISHED.search(self._label))

    @property
    def _label(self) -> str:
        return f"{self.text} {self.node.get('class') or ''} {self.node.get('itemprop') or ''} {_lead(self.node)}"


def _lead(node: HtmlElement) -> str:
    """Return what stands right before an element in its line, and the class of its box."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None or parent.tag in OUTER:
        return ""
    label = (parent.text or "") if before is None else f"{before.text_content()[-40:]} {before.tail or ''}"
    return f"{line(label)[-40:]} {parent.get('class') or ''}"


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the headline: its own box, then what follows, without menus, lists and comments."""

    nodes: Sequence[tuple[HtmlElement, str]]
    """The elements, each with its class and itemprop."""
    texts: Sequence[tuple[str, HtmlElement, bool]]
    """The texts as they stand, each with the element that holds it, and whether it is the headline's own."""
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
            if DATED.search(raw) and len(text := line(raw)) < SHORT:
                yield Shown(text, node, own)

    def signed(self) -> Iterator[HtmlElement]:
        """Yield the elements that a class, a tag or an address calls an author's."""
        for place, (node, marks) in enumerate(self.nodes):
            if _is_author(marks) or (node.tag == "a" and _is_author_link(node, own=place < self.prose)):
                yield node


@dataclass(frozen=True)
class Surroundings:
    """What stands around the headline, above it, and in the whole page, each walked once and only when asked for."""

    head: Head

    @cached_property
    def near(self) -> Around:
        """Return the headline's own box and what follows it; what the page begins with where it has no headline."""
        if (headline := self.head.headline) is None:
            return _collected(islice(_walk(self.head.tree.find("body")), AFTER))
        box = own_box(headline)
        inside = () if box is None else (pair for pair in _walk(box) if pair[0] is not headline)
        return _collected(chain(inside, islice(_after(headline if box is None else box), AFTER)))

    @cached_property
    def above(self) -> Around:
        """Return what stands right above the headline: a section, a byline, or the day of the visit."""
        if (headline := self.head.headline) is None:
            return Around((), (), 0)
        walks: list[Step] = []
        for box in islice(chain((headline,), headline.iterancestors()), CLIMB):
            for sibling in islice(box.itersiblings(preceding=True), CLIMB):
                walks += islice(_walk(sibling), ABOVE)
            if len(walks) >= ABOVE or box.tag in OUTER:
                break
        return _far(iter(walks))

    @cached_property
    def page(self) -> Around:
        """Return what stands anywhere in the page, without menus, lists and comments."""
        return _far(islice(_walk(self.head.tree.find("body")), PAGE))


def _collected(walk: Iterator[Step], into_prose: int = INTO_PROSE) -> Around:
    """Return what a walk comes by, until shortly after the article's text begins."""
    nodes: list[tuple[HtmlElement, str]] = []
    texts: list[tuple[str, HtmlElement, bool]] = []
    prose, left = None, into_prose
    for node, marks in walk:
        if marks is not None:
            nodes.append((node, marks))
        for raw, holder in ((None if marks is None else node.text, node), (node.tail, node.getparent())):
            if raw is None or holder is None or raw.isspace():
                continue
            if len(raw) < 4 * SHORT:
                texts.append((raw, holder, prose is None))
            if prose is None and len(raw) > PROSE and len(raw.strip()) > PROSE:
                prose = len(nodes) - 1
        left -= prose is not None
        if left < 0:
            break
    return Around(nodes, texts, len(nodes) if prose is None else prose)


def _far(walk: Iterator[Step]) -> Around:
    found = _collected(walk, PAGE)
    return Around(found.nodes, [(raw, node, False) for raw, node, _ in found.texts], 0)


def spaced(node: HtmlElement | None) -> str:
    """Return an element's text with a space where a tag parts it: «By<a>Sara</a>» are two words."""
    return "" if node is None else line(" ".join(islice(node.itertext(), BOX_ELEMENTS)))


def own_box(headline: HtmlElement) -> HtmlElement | None:
    """Return the widest box around the headline that holds little besides, None where there is none."""
    found = None
    for box in islice(headline.iterancestors(), CLIMB):
        if box.tag in OUTER or len(list(islice(box.iter(), BOX_ELEMENTS + 1))) > BOX_ELEMENTS:
            break
        if any(_is_prose(node) for node in box.iter()):
            break
        found = box
    return found


def _is_prose(node: HtmlElement) -> bool:
    return any(text and len(text) > PROSE and len(text.strip()) > PROSE for text in (node.text, node.tail))


def _after(start: HtmlElement) -> Iterator[Step]:
    """Walk through what follows an element, in document order."""
    for box in chain((start,), start.iterancestors()):
        for sibling in box.itersiblings():
            yield from _walk(sibling)


def _walk(start: HtmlElement | None) -> Iterator[Step]:
    """Walk through an element and those in it, in document order. Scripts and boxes of other things are not entered."""
    waiting = [] if start is None else [start]
    while waiting:
        node = waiting.pop()
        tag, classes, name = node.tag, node.get("class", ""), node.get("id", "")
        if tag in NO_TEXT or ((classes or name or tag in ASIDE) and _leads_away(tag, classes, name)):
            yield node, None
            continue
        item = node.get("itemprop")
        yield node, f"{classes} {item}" if item else classes
        waiting.extend(reversed(node))


@lru_cache(maxsize=4096)
def _is_author(marks: str) -> bool:
    return bool(AUTHOR_CLASS.search(marks))


def _is_author_link(node: HtmlElement, *, own: bool) -> bool:
    return "author" in (node.get("rel") or "") or (own and bool(AUTHOR_LINK.search(node.get("href") or "")))


@lru_cache(maxsize=4096)
def _leads_away(tag: str, classes: str, name: str) -> bool:
    marks = " ".join(mark for mark in (*classes.split(), name) if not TAILWIND.search(mark))
    return (tag in ASIDE or bool(ELSEWHERE.search(marks))) and not SIGNS.search(marks)
