"""What an article is about, as the page files it: section and tags."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Final

from lxml import etree

from ingest.extract.head import Attributed, Head, first_attributed, line

SECTION: Final = ("article:section", "og:article:section", "section", "parsely-section", "cxenseparse:recs:category")
LIST: Final = re.compile(r"[,،;؛|\n]")
CRUMBS: Final = re.compile(r"breadcrumb|crumbs", re.IGNORECASE)
HOME: Final = frozenset({"home", "الرئيسية", "الرئيسيه", "الصفحة الرئيسية", "accueil"})
LONGEST: Final = 50
"""Characters of a section's name; more is a headline."""
MAYBE_TAGS: Final[Any] = etree.XPath("//a[contains(@rel, 'tag')]")
"""A page has hundreds of links, few of them with such a word."""
CLIMB: Final = 6
CRUMB_ELEMENTS: Final = 12
"""Of a box above the headline that are looked at."""


def section(head: Head) -> Attributed[str]:
    """Return the section: as declared, else the last breadcrumb that is not the home page."""
    places = chain(
        (Attributed(text, "json-ld") for text in head.linked.strings("articleSection")),
        head.meta_values(*SECTION),
        (Attributed(name, "breadcrumb") for name in reversed(head.linked.trail[:-1])),
        (Attributed(name, "breadcrumb") for name in reversed(_crumbs(head))),
    )
    return first_attributed(
        attributed
        for attributed in places
        if len(attributed.value) <= LONGEST
        and "://" not in attributed.value
        and attributed.value.strip().lower() not in HOME
    )


def _crumbs(head: Head) -> list[str]:
    """Return the links of the breadcrumbs, which are above the headline, few boxes away."""
    if head.headline is None:
        return []
    for box in islice(chain((head.headline,), head.headline.iterancestors()), CLIMB):
        for sibling in islice(box.itersiblings(preceding=True), CLIMB):
            for node in islice(sibling.iter(), CRUMB_ELEMENTS):
                if CRUMBS.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
                    return [line(link.text_content()) for link in node.iter("a")]
    return []


def tags(head: Head) -> Attributed[tuple[str, ...]]:
    """Return the tags of the first place that has any; the keywords tag last, since many sites never change it."""
    empty: Attributed[list[str]] = Attributed([])
    found = next((place for place in _tag_places(head) if any(place.value)), empty)
    parts = (part for text in found.value for raw in LIST.split(text) if (part := line(raw)))
    return Attributed(tuple(dict.fromkeys(part.lstrip("#").replace("_", " ") for part in parts)), found.origin)


def _tag_places(head: Head) -> Iterator[Attributed[list[str]]]:
    yield Attributed(head.linked.strings("keywords", "name"), "json-ld")
    yield Attributed(head.named("article:tag"), "meta:article:tag")
    links = (node for node in MAYBE_TAGS(head.tree) if "tag" in node.get("rel").split())
    yield Attributed([line(node.text_content() if len(node) else node.text or "") for node in links], "shown")
    yield Attributed(head.named("news_keywords", "keywords"), "meta:keywords")
