"""HTML pages that list articles (home pages, sections): links by the source's CSS selector, or by how they look."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

from ingest.discover.link_score import is_article_link
from ingest.discover.markup import first_tags
from ingest.discover.parts import SNIPPET, absolute, decoded_of, moment, one_line, queries_in, soup
from ingest.discover.refresh import base_of
from ingest.errors import Permanent
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Further, Listing
from ingest.urls import same_site

MOST_LINKS: Final = 500
"""Articles of one page; the fullest home pages seen have 300."""
LONGEST: Final = 2 * 2**20
"""Characters that are read: BeautifulSoup needs 5 s for 2 MB of nested tags."""
MOST_TAGS: Final = 25_000
"""Start and end tags that are read; the fullest home pages have 10,000 elements."""
DEEPEST: Final = 20
"""Links inside each other: HTML has none, but some forget to close theirs."""
MOST_READ: Final = 5000
"""Links that are looked at."""
FURNITURE: Final = ("nav", "footer", "script", "style", "template", "noscript")
"""Not `form`: an ASP.NET page is one big form."""
CARD: Final = ("article", "li", "tr")
NEXT: Final = re.compile(r"^\W*(?:(?:الصفحة )?التالية?|next(?: page)?|older(?: posts)?)\W*$", re.IGNORECASE)


def discover(source: Source, page: Page) -> Listing:
    """Return the articles a page links to, in its order.

    Raises Permanent: `bad_selector`, `no_articles` when nothing looks like one, and what `text_of` raises.
    """
    decoded, lost = decoded_of(page)
    text, problems = decoded.text, [*lost]
    if len(text) > LONGEST:
        problems.append(f"{len(text)} characters: only the first {LONGEST} were read")
    text, cut = first_tags(text[:LONGEST], MOST_TAGS)
    problems += cut
    tree = soup(text)
    _refuse_depth(tree, page.url)
    queries_in(decoded.charset, tree)
    base = base_of(tree, page.url)
    older = tuple(Further(url, older=True) for url in _next(tree, base) if url != page.url and same_site(url, page.url))
    links = _selected(tree, source.selector) if source.selector else _by_looks(tree, base, page.url)
    entries = _entries(links, base, source, page)
    if not entries:
        how = f"matches {source.selector!r}" if source.selector else "looks like one of an article"
        raise Permanent("no_articles", f"no link on {page.url} {how}")
    if len(entries) > MOST_LINKS:
        problems.append(f"more than {MOST_LINKS} articles: only the first ones were taken")
    return Listing(tuple(entries[:MOST_LINKS]), tuple(problems), older[:1])


def _selected(tree: BeautifulSoup, selector: str) -> Iterator[Tag]:
    """Yield the links a selector names, or the first link in each element it names."""
    try:
        chosen = tree.select(selector)
    except (SelectorSyntaxError, ValueError, NotImplementedError) as error:
        raise Permanent("bad_selector", f"{selector!r}: {str(error).splitlines()[0]}") from error
    for element in chosen:
        link = element if element.name == "a" else element.find("a", href=True)
        if isinstance(link, Tag) and link.get("href"):
            yield link


def _by_looks(tree: BeautifulSoup, base: str, here: str) -> Iterator[Tag]:
    """Yield the links that look like an article's: outside of menus and footers, on the same site."""
    for furniture in tree(FURNITURE):
        furniture.decompose()
    for link in tree("a", href=True):
        url = absolute(str(link["href"]), base)
        if url and same_site(url, here) and is_article_link(url, _words(link)):
            yield link


def _entries(links: Iterable[Tag], base: str, source: Source, page: Page) -> list[Entry]:
    """Return an entry for each address, with the longest text that links to it as its title."""
    found: dict[str, Entry] = {}
    cards: dict[int, tuple[list[tuple[str, int]], str]] = {}
    for link in islice(links, MOST_READ):
        url = absolute(str(link["href"]), base).partition("#")[0]
        title = _words(link)
        if url and url != page.url and (url not in found or len(title) > len(found[url].title)):
            known = found.get(url)
            when = known.published_at if known else None
            found[url] = Entry(url, title=title, published_at=when or moment(_time(link, cards), source, page))
        if len(found) > MOST_LINKS:
            break
    return list(found.values())


def _words(link: Tag) -> str:
    return one_line(link.get_text(" ")[:SNIPPET]) or one_line(str(link.get("title") or "")[:SNIPPET])


def _refuse_depth(tree: BeautifulSoup, url: str) -> None:
    """Raise Permanent (`listing_too_deep`): links inside links take time with the square of their number."""
    depths = {id(tree): 0}
    for element in tree.find_all():
        depth = depths[id(element)] = depths.get(id(element.parent), 0) + (element.name == "a")
        if depth > DEEPEST:
            raise Permanent("listing_too_deep", f"{url} has more than {DEEPEST} links inside each other")


def _time(link: Tag, cards: dict[int, tuple[list[tuple[str, int]], str]]) -> str:
    """Return the time that the link's card states, where the card is about this one link."""
    card = link.find_parent(CARD)
    if card is None:
        return ""
    if id(card) not in cards:
        cards[id(card)] = _of_card(card)
    links, time = cards[id(card)]
    length = len(_words(link))
    return time if len({href for href, words in links if words >= length}) <= 1 else ""


def _of_card(card: Tag) -> tuple[list[tuple[str, int]], str]:
    """Return a card's first links with the lengths of their words, and its time. A card may hold the whole page."""
    links = [(str(one["href"]), len(_words(one))) for one in card("a", href=True, limit=9)]
    time = card.find("time", datetime=True)
    return links, str(time["datetime"]) if isinstance(time, Tag) else ""


def _next(tree: BeautifulSoup, base: str) -> Iterator[str]:
    """Yield where the page continues: rel=next, else a link that says so."""
    marked = [one for one in tree(["link", "a"], href=True) if "next" in (one.get("rel") or ())]
    said = (one for one in tree("a", href=True) if NEXT.match(_words(one)))
    for link in (*marked, *said):
        if url := absolute(str(link["href"]), base):
            yield url
