"""The dates that a page shows: near its headline, above it, anywhere."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from ingest.dates import When
from ingest.extract.around import Surroundings
from ingest.extract.head import line
from ingest.extract.shown import SHORT, Around, Shown, spaced

DATES: Final = 3
"""Dates near the headline that are compared."""
TEXTS: Final = 24
"""Texts near the headline that are tried."""
LIFTS: Final = 2
"""Boxes around a text that are tried, as a date may be spread over several elements."""
ELEMENTS: Final = 4000
"""Maximum elements of a page that are searched for one named as a date."""
NAMED: Final = re.compile(r"(?:^|[\s_-])(?:date|pub-?date|published)(?:$|[\s_-])", re.IGNORECASE)
"""Classes of elements that hold a date."""

CLOCK: Final = re.compile(r"\d\s?:\s?\d\d|الساعة")
CLOCK_TEXT: Final = 20
SPELLED: Final = re.compile(r"[^\W\d]{3,}")

Reader = Callable[[str], When | None]


@dataclass(frozen=True, slots=True)
class Near:
    """A date that is shown."""

    when: When
    own: bool
    """Between the headline and the article's text, or in the headline's own box."""
    changed: bool
    published: bool
    """How it is labelled."""
    spelled: bool = False
    """The month is named, not a figure."""


def near(around: Surroundings, read: Reader) -> list[Near]:
    """Return the first dates near the headline."""
    return list(islice(_dated(around.near, read), DATES))


def elsewhere(around: Surroundings, read: Reader, today: date) -> Near | None:
    """Return a date shown far from the headline that belongs neither to another article nor to the visit."""
    return _above(around, read, today) or _lonely(around, read, today) or _named(around.head.tree, read, today)


def _dated(near: Around, read: Reader) -> Iterator[Near]:
    """Yield the dates that are shown near the headline, time elements first."""
    for shown in near.times():
        if when := read(shown.text) or read(line(shown.node.text_content())):
            yield Near(when, shown.own and not shown.listed, shown.changed, shown.published)
    for shown in islice(near.dated(), TEXTS):
        for lifted in _lifted(shown):
            if when := read(lifted.text):
                own = shown.own and not shown.listed
                when = _with_clock(lifted, when, read)
                yield Near(when, own, lifted.changed, lifted.published, bool(SPELLED.search(lifted.text)))
                break


def _with_clock(shown: Shown, when: When, read: Reader) -> When:
    """Return the moment of a day whose time of day is in the next element."""
    following = shown.node.getnext() if when.precision == "day" else None
    clock = "" if following is None else spaced(following)
    if not CLOCK.search(clock) or len(clock) > CLOCK_TEXT:
        return when
    timed = read(f"{shown.text} {clock}")
    return timed if timed and timed.precision != "day" else when


def _above(around: Surroundings, read: Reader, today: date) -> Near | None:
    """Return the nearest date above the headline."""
    seen = list(_dated(around.above, read))
    return next((shown for shown in reversed(seen) if not _is_of_visit(shown.when, today)), None)


def _lonely(around: Surroundings, read: Reader, today: date) -> Near | None:
    """Return the one day that the whole page calls its publication, or the only one it shows at all."""
    return _one_day([shown for shown in _dated(around.page, read) if not _is_of_visit(shown.when, today)])


def _named(tree: HtmlElement, read: Reader, today: date) -> Near | None:
    """Return the one day of all elements that are called a date, wherever they stand: beside the article, or below."""
    found: list[Near] = []
    for node in filter(_is_called_date, islice(tree.iter(), ELEMENTS)):
        shown = Shown(line(node.get("datetime") or spaced(node)), node, own=False)
        if len(shown.text) < SHORT and (when := read(shown.text)) and not _is_of_visit(when, today):
            found.append(Near(when, own=False, changed=shown.changed, published=shown.published))
    return _one_day(found)


def _one_day(seen: list[Near]) -> Near | None:
    """Return the only day among the dates that are called publications, else among all."""
    for some in ([shown for shown in seen if shown.published], seen):
        if len({shown.when.at.date() for shown in some}) == 1:
            return some[0]
    return None


def _is_called_date(node: HtmlElement) -> bool:
    """Return whether an element is called a date, and does not belong to another article: lists and links do.

    A link to the page itself says so.
    """
    called = node.tag == "time" or NAMED.search(node.get("class", ""))
    return bool(called) and all(box.get("aria-current") == "page" for box in node.iterancestors("a", "li"))


def _is_of_visit(when: When, today: date) -> bool:
    """Return whether it is the day of the fetch, which sites print for their visitors."""
    return when.at.date() >= today - timedelta(days=1)


def _lifted(shown: Shown) -> Iterator[Shown]:
    """Yield a text, and the short boxes around it: «23», «نوفمبر» and «2026» may be three elements."""
    yield shown
    node = shown.node
    for _ in range(LIFTS):
        text = spaced(node)
        if len(text) > SHORT:
            return
        yield replace(shown, text=text, node=node)
        if (parent := node.getparent()) is None:
            return
        node = parent
