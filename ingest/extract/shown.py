"""What a page shows around its headline: dates and names that no tag declares."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from itertools import chain
from typing import Final

from lxml.html import HtmlElement

DATE_CLASS: Final = re.compile(r"date|time|publish|posted|تاريخ", re.IGNORECASE)
CHANGE_CLASS: Final = re.compile(r"updat|modif", re.IGNORECASE)
AUTHOR_CLASS: Final = re.compile(r"(?:^|[\s_-])(?:author|byline|writer)", re.IGNORECASE)
ELSEWHERE: Final = re.compile(r"related|sidebar|widget|latest|most|comment|footer", re.IGNORECASE)
ASIDE: Final = frozenset({"nav", "aside", "footer", "li"})
CONTROL: Final = dict.fromkeys((*range(9), *range(14, 32), 127, *range(0xD800, 0xE000)))


def line(text: str) -> str:
    """Return a text in one line: entities read, control characters and lone surrogates gone."""
    return " ".join(unescape(text).translate(CONTROL).split())


def dates_shown(tree: HtmlElement) -> Iterator[str]:
    """Yield dates beside and below the headline, time elements first. Above it stands the day of the visit."""
    return map(_date, chain(_near(tree, lambda node: node.tag == "time"), _near(tree, _is_dated)))


def authors_shown(tree: HtmlElement) -> list[str]:
    """Return the first byline beside or below the headline, or []."""
    signed = _near(tree, lambda node: bool(AUTHOR_CLASS.search(node.get("class") or "")))
    return [line(node.text_content()) for node in signed][:1]


def _date(node: HtmlElement) -> str:
    return node.get("datetime") or node.get("content") or line(node.text_content())


def _is_dated(node: HtmlElement) -> bool:
    name = f"{node.get('class') or ''} {node.get('itemprop') or ''}"
    return bool(DATE_CLASS.search(name)) and not CHANGE_CLASS.search(name)


def _near(tree: HtmlElement, wanted: Callable[[HtmlElement], bool]) -> Iterator[HtmlElement]:
    """Yield the wanted elements in the headline's own box, then those after it, without lists, menus and comments."""
    headline = next((h1 for h1 in tree.iter("h1") if h1.text_content().strip()), None)
    if headline is None:
        return
    wrappers = set(headline.iterancestors())
    parent = headline.getparent()
    beside = [] if parent is None or parent.tag in ("body", "form") else parent.xpath(".//*")
    after = headline.xpath("following::*[self::time or @class or @itemprop]")
    yield from (node for node in chain(beside, after) if wanted(node) and not _is_elsewhere(node, wrappers))


def _is_elsewhere(node: HtmlElement, wrappers: set[HtmlElement]) -> bool:
    """Tell whether an element stands in a box of other things; a box around the headline too is the article's."""
    for box in chain((node,), node.iterancestors()):
        if box in wrappers:
            return False
        if box.tag in ASIDE or ELSEWHERE.search(f"{box.get('class') or ''} {box.get('id') or ''}"):
            return True
    return False
