"""The walk around a headline: what is beside, above and below it, without menus, other articles and comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Final

from lxml.html import HtmlElement

from ingest.extract.head import Head
from ingest.extract.shown import OUTER, SHORT, Around

PROSE: Final = 220
"""The first text of this length is the article itself: shorter ones before it belong to the headline."""
AFTER: Final = 150
"""Elements after the headline that are looked at."""
INTO_PROSE: Final = 25
"""Elements that are looked at after the article's text has begun."""
ABOVE: Final = 30
PAGE: Final = 800
BOX_ELEMENTS: Final = 40
"""Maximum elements of the headline's own box, in which even what is above it belongs to it."""
CLIMB: Final = 5
"""Boxes around the headline that are looked at."""
ELSEWHERE: Final = re.compile(
    r"related|sidebar|(?<!elementor-)widget(?![-_](?:container|wrap))(?! blog)|latest|most[-_ ]|comment|footer|trending"
    r"|breaking|recommend|read-?more|newsletter|cookie|ticker",
    re.IGNORECASE,
)
SIGNS: Final = re.compile(r"author|byline|post-?meta|article-?meta|publish", re.IGNORECASE)
"""Classes of boxes with author and date, even in an <aside> or a footer."""
TAILWIND: Final = re.compile(r"[\[\]:]")
"""In classes that say how a box looks, not what it is: `md:[grid-area:sidebar]`."""
LONGEST: Final = 1000
"""Characters of names that are read: what they say is remembered by them, so nobody may fill our memory by them."""
ASIDE: Final = frozenset({"nav", "aside", "footer", "figure", "figcaption", "blockquote"})
NO_TEXT: Final = frozenset({"script", "style", "noscript", "template", "select", "svg", "iframe"})
Step = tuple[HtmlElement, str | None]
"""An element of a walk, with its class and itemprop; None if only the text after it counts."""


@dataclass(frozen=True)
class Surroundings:
    """What is around the headline, above it, and in the whole page, each walked once and only when asked for."""

    head: Head

    @cached_property
    def near(self) -> Around:
        """Return the headline's own box and what follows it; without a headline, the beginning of the page."""
        if (headline := self.head.headline) is None:
            return _collected(islice(_walk(self.head.tree.find("body")), AFTER))
        box = own_box(headline)
        inside = () if box is None else (pair for pair in _walk(box) if pair[0] is not headline)
        return _collected(chain(inside, islice(_after(headline if box is None else box), AFTER)))

    @cached_property
    def above(self) -> Around:
        """Return what is right above the headline: a section, a byline, or the day of the visit."""
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
        """Return what is anywhere in the page, without menus, lists and comments."""
        return _far(islice(_walk(self.head.tree.find("body")), PAGE))


def _collected(walk: Iterator[Step], into_prose: int = INTO_PROSE) -> Around:
    """Return a walk's elements until shortly after the article's text begins."""
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
        tag, classes, name = node.tag, node.get("class", "")[:LONGEST], node.get("id", "")[:LONGEST]
        if tag in NO_TEXT or ((classes or name or tag in ASIDE) and _leads_away(tag, classes, name)):
            yield node, None
            continue
        item = node.get("itemprop", "")[:LONGEST]
        yield node, " ".join(filter(None, (classes, item, name))) if item or name else classes
        waiting.extend(reversed(node))


@lru_cache(maxsize=4096)
def _leads_away(tag: str, classes: str, name: str) -> bool:
    marks = " ".join(mark for mark in (*classes.split(), name) if not TAILWIND.search(mark))
    return (tag in ASIDE or bool(ELSEWHERE.search(marks))) and not SIGNS.search(marks)
