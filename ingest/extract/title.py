"""The headline as readers see it, without the site's name, and the line under it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from lxml.html import HtmlElement

from ingest.extract.author_words import DESK
from ingest.extract.head import Attributed, Head, first_attributed, line, overlap, words
from ingest.extract.repeated import is_seen
from ingest.extract.shown import Around

SEPARATOR: Final = re.compile(r"\s+[|\-–—•»«:·/]{1,2}\s+|\s*[|»]\s*")
LONGER: Final = 1.6
"""A heading this many times longer than every title the page declares holds more than the headline."""
LONGEST: Final = 500
"""Characters of a title that is looked into."""
SITE: Final = 0.6
"""Share of words that makes a title's part the site's name."""
SUBTITLE: Final = 400
"""Maximum characters; more is the article."""
HEADLINE_WORDS: Final = 4
HEADLINE: Final = 200
"""Maximum characters of a headline."""
PLACES: Final = 400
"""Elements that are looked at for one."""
TITLED: Final = re.compile(r"(?<!sub)(?<!sub[-_])(?:title|headline)", re.IGNORECASE)
UNDER: Final = re.compile(
    r"sub-?_?(?:title|headline|heading)|standfirst|(?:^|[\s_-])deck(?:$|[\s_-])|alternativeheadline", re.IGNORECASE
)


def title(head: Head, site: str) -> Attributed[str]:
    """Return the headline: the rule's, the heading that declared titles name, JSON-LD, OpenGraph, <title>, an h1."""
    if ruled := head.by_rule("title"):
        return ruled[0]
    declared = head.declared_titles
    heading = _heading(head.headline, declared)
    if (
        heading
        and any(overlap(heading, text) for text in declared)
        and len(heading) <= LONGER * max(map(len, declared))
        and not _is_site(heading, site)
        and not is_seen(heading, head.seen)
    ):
        return Attributed(_without_site(heading, site, []), "h1")
    tag = head.tree.find("head/title")
    places = chain(
        (Attributed(text, "json-ld") for text in head.linked.strings("headline")),
        head.meta_values("og:title"),
        head.meta_values("twitter:title"),
        [Attributed(heading, "h1")] if heading and not _is_site(heading, site) else [],
        [Attributed(tag.text_content(), "title")] if tag is not None else [],
    )
    found = first_attributed(places)
    is_site = (found.origin == "title" and DESK.search(found.value)) or is_seen(found.value, head.seen)
    if heading and _is_site(found.value, site) and not _is_site(heading, site) and not is_seen(heading, head.seen):
        return Attributed(heading, "shown")
    if is_site and (better := _not_of_site(head)).value:
        return better
    return Attributed(_without_site(found.value, site, [heading]), found.origin)


def _heading(headline: HtmlElement | None, declared: Sequence[str]) -> str:
    """Return a heading's text, without the section that stands in it if a declared title has not got it either."""
    if headline is None:
        return ""
    whole = line(headline.text_content())
    labels = [line(node.text_content()) for node in headline.iterdescendants("span", "a", "div", "small", "em")]
    bare = {line(whole.removeprefix(label)) for label in labels if label} | {
        line(whole.removesuffix(label)) for label in labels if label
    }
    return next((text for text in declared if text in bare), whole)


def _not_of_site(head: Head) -> Attributed[str]:
    """Return the headline of a page whose title is the site's name: the listing's, or what stands out."""
    if head.listed and not DESK.search(head.listed):
        return Attributed(head.listed, "listing")
    large = (node for node in islice(head.tree.iter("h3", "h4", "blockquote", "div"), PLACES) if _is_large(node))
    texts = (text for node in large if not node.xpath("boolean(.//a)") and (text := line(node.text_content())))
    found = (text for text in texts if text.count(" ") + 1 >= HEADLINE_WORDS and len(text) <= HEADLINE)
    return first_attributed(Attributed(text, "shown") for text in found)


def _is_large(node: HtmlElement) -> bool:
    return node.tag != "div" or bool(TITLED.search(f"{node.get('class', '')} {node.get('id', '')}"))


def subtitle(head: Head, near: Around, headline: str) -> Attributed[str]:
    """Return the line under the headline, where a tag or a class names it."""
    places = [Attributed(text, "json-ld") for text in head.linked.strings("alternativeHeadline")]
    places += [Attributed(node.text_content(), "shown") for node, marks in near.nodes[: near.prose] if _is_under(marks)]
    found = first_attributed(places)
    return found if found.value != headline and len(found.value) <= SUBTITLE else Attributed("")


@lru_cache(maxsize=4096)
def _is_under(marks: str) -> bool:
    return bool(UNDER.search(marks))


def site_name(head: Head) -> Attributed[str]:
    """Return the publication's name."""
    publisher = [Attributed(name, "json-ld") for name in head.linked.strings("publisher", "name")]
    return first_attributed([*head.meta_values("og:site_name"), *publisher, *head.meta_values("application-name")])


def _is_site(text: str, site: str) -> bool:
    return bool(site) and words(text) == words(site)


def _without_site(text: str, site: str, known: list[str]) -> str:
    """Return a title without the parts after its headline, where they are the site's name or a known headline ends."""
    for cut in SEPARATOR.finditer(text if len(text) <= LONGEST else ""):
        before, after = text[: cut.start()].strip(), text[cut.end() :].strip()
        if before and (before in known or (site and _names_site(after, site))):
            return before
        if after and site and _is_site(before, site):
            return after
    return text


def _names_site(part: str, site: str) -> bool:
    return part.casefold() == site.casefold() or (overlap(part, site) >= SITE and bool(words(part) & words(site)))
