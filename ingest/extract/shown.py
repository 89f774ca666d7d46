"""What a page shows around its headline: dates and names that no tag declares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from lxml.html import HtmlElement

from ingest.extract.head import Head, line

__all__ = ["Around", "Shown", "above", "around", "everywhere", "line", "spaced"]

SHORT: Final = 160
"""Characters of a text that may be a date or a byline; more is prose."""
PROSE: Final = 220
"""Characters of the first text that is the article itself: what stands before belongs to the headline."""
AFTER: Final = 220
"""Elements after the headline that are looked at."""
INTO_PROSE: Final = 60
"""Elements that are looked at after the article's text has begun."""
ABOVE: Final = 30
PAGE: Final = 1500
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A text near the headline."""

    text: str
    node: HtmlElement
    """The element that holds it."""
    own: bool
    """Between the headline and the article's text, or in the headline's own box."""

    @property
    def changed(self) -> bool:
        """Tell whether it is labelled as the time of the last change, and not as that of publication too."""
        label = f"{self.text} {self.node.get('class') or ''} {self.node.get('itemprop') or ''} {_lead(self.node)}"
        return bool(CHANGED.search(label)) and not PUBLISHED.search(label)


def _lead(node: HtmlElement) -> str:
    """Return what stands right before an element in its line, and the class of its box."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None or parent.tag in OUTER:
        return ""
    label = (parent.text or "") if before is None else f"{before.text_content()[-40:]} {before.tail or ''}"
    return f"{line(label)[-40:]} {parent.get('class') or ''}"


@dataclass(frozen=True, slots=True)
class Around:
    """The elements around the headline: its own box, then what follows, without menus, lists and comments."""

    nodes: tuple[HtmlElement, ...]
    prose: int
    """The place in `nodes` from which on the article's text has begun."""

    def times(self) -> Iterator[Shown]:
        """Yield the time elements."""
        for place, node in enumerate(self.nodes):
            if node.tag == "time":
                text = node.get("datetime") or node.get("content") or node.text_content()
                yield Shown(line(text), node, place < self.prose and not _is_listed(node))

    def texts(self) -> Iterator[Shown]:
        """Yield the short texts, in order."""
        for place, node in enumerate(self.nodes):
            for raw in (node.text, *(child.tail for child in node)):
                if raw and len(raw) < 4 * SHORT and (text := line(raw)) and len(text) < SHORT:
                    yield Shown(text, node, place < self.prose and not _is_listed(node))

    def dated(self) -> Iterator[Shown]:
        """Yield the short texts that may hold a date."""
        return (shown for shown in self.texts() if DATED.search(shown.text))

    def signed(self) -> Iterator[HtmlElement]:
        """Yield the elements that a class, a tag or an address calls an author's."""
        for place, node in enumerate(self.nodes):
            marks = f"{node.get('class') or ''} {node.get('itemprop') or ''}"
            linked = node.tag == "a" and place < self.prose and AUTHOR_LINK.search(node.get("href") or "")
            if linked or AUTHOR_CLASS.search(marks) or "author" in (node.get("rel") or ""):
                yield node


def around(head: Head) -> Around:
    """Return the elements around the headline; those that the page begins with where it has none."""
    if (headline := head.headline) is None:
        return _until_prose(islice(_walk(head.tree.find("body")), AFTER))
    box = own_box(headline)
    inside = () if box is None else (node for node in _walk(box) if node is not headline)
    return _until_prose(chain(inside, islice(_after(headline if box is None else box), AFTER)))


def _until_prose(walk: Iterator[HtmlElement]) -> Around:
    """Return the elements of a walk until shortly after the article's text begins."""
    nodes: list[HtmlElement] = []
    for node in walk:
        nodes.append(node)
        if _is_prose(node):
            before = len(nodes) - 1
            return Around((*nodes, *islice(walk, INTO_PROSE)), before)
    return Around(tuple(nodes), len(nodes))


def above(head: Head) -> Around:
    """Return the elements right above the headline, where a section, a byline, or the day of the visit stands."""
    if (headline := head.headline) is None:
        return Around((), 0)
    nodes: list[HtmlElement] = []
    for box in islice(chain((headline,), headline.iterancestors()), CLIMB):
        for sibling in islice(box.itersiblings(preceding=True), CLIMB):
            nodes += islice(_walk(sibling), ABOVE)
        if len(nodes) >= ABOVE or box.tag in OUTER:
            break
    return Around(tuple(nodes), 0)


def everywhere(head: Head) -> Around:
    """Return the elements of the whole page, without menus, lists and comments."""
    return Around(tuple(islice(_walk(head.tree.find("body")), PAGE)), 0)


def spaced(node: HtmlElement) -> str:
    """Return an element's text with a space where a tag parts it: «By<a>Sara</a>» are two words."""
    return line(" ".join(islice(node.itertext(), BOX_ELEMENTS)))


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


def _is_listed(node: HtmlElement) -> bool:
    parent = node.getparent()
    return node.tag == "li" or (parent is not None and parent.tag == "li")


def _is_prose(node: HtmlElement) -> bool:
    return any(text and len(text) > PROSE and len(text.strip()) > PROSE for text in (node.text, node.tail))


def _after(start: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements after one, in document order."""
    for box in chain((start,), start.iterancestors()):
        for sibling in box.itersiblings():
            yield from _walk(sibling)


def _walk(start: HtmlElement | None) -> Iterator[HtmlElement]:
    """Yield an element and those in it, in document order; boxes of other things are left out whole."""
    waiting = [] if start is None else [start]
    while waiting:
        node = waiting.pop()
        if not isinstance(node.tag, str) or node.tag in NO_TEXT:
            continue
        classes, name = node.get("class"), node.get("id")
        if (classes or name or node.tag in ASIDE) and _leads_away(node.tag, classes or "", name or ""):
            continue
        yield node
        waiting.extend(reversed(node))


@lru_cache(maxsize=4096)
def _leads_away(tag: str, classes: str, name: str) -> bool:
    marks = " ".join(mark for mark in (*classes.split(), name) if not TAILWIND.search(mark))
    return (tag in ASIDE or bool(ELSEWHERE.search(marks))) and not SIGNS.search(marks)
