"""From a home page to what lists its news: declared feeds, robots.txt, the usual places, failing those the page itself.

Nothing is fetched here: the candidates are `Further` listings, best first by their rank; a poll reads one after the
other until one of them lists something.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import ada_url
from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

from ingest.discover.index_page import MOST_TAGS
from ingest.discover.markup import first_tags
from ingest.discover.parts import absolute, decoded_of, one_line, queries_in, soup, text_of
from ingest.discover.refresh import base_of, goal_of
from ingest.model import Page, Source
from ingest.polling.listing import Further, Listing
from ingest.urls import same_site

DECLARED, ROBOTS, NEWS, GUESSED, NAMED, MAPS, ITSELF = range(7)
"""Ranks. A guess costs the site a request that it did not ask for: what it names itself comes first."""
LONGEST: Final = 2 * 2**20
FEED_TYPE: Final = re.compile(r"(?:rss|atom|rdf)\+xml|feed\+json", re.IGNORECASE)
LOOSE_TYPE: Final = re.compile(r"^\s*(?:(?:application|text)/(?:xml|json|rss|atom)\s*(?:;.*)?)?$", re.IGNORECASE)
"""Generic types that feeds are served with: JSON Feed 1.0's own, and those of badly configured servers."""
OTHER_DATA: Final = re.compile(r"oembed|/wp-json/|[?&]rest_route=|opensearch|sitemap|/amp/?$", re.IGNORECASE)
"""Other things that pages link under such a type."""
FEED_LINK: Final = re.compile(r"(?:^|[/.])(?:rss|feeds?|atom)(?:\d?\.\w{2,4}|/|$|\?)", re.IGNORECASE)
COMMENTS: Final = re.compile(r"comments?\b|تعليق", re.IGNORECASE)
FEED_PATHS: Final = ("/feed/", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/feeds/posts/default")
"""WordPress; many hand-made systems; Hugo, Ghost and kin; Blogger."""
MAP_PATHS: Final = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml", "/sitemap_index.xml")
MOST_LINKS: Final = 3
MOST_MAPS: Final = 10
SITEMAP: Final = re.compile(
    r"(?:^|\r)[ \t\xa0\ufeff]*+sitemap[ \t]*+:[ \t]*+(\S{1,2048})", re.IGNORECASE | re.MULTILINE
)
STALE: Final = timedelta(days=60)
"""Age of the newest entry from which on a feed is taken for abandoned: a tenth of them are (worldmonitor#4920)."""


def discover(_source: Source, page: Page) -> Listing:
    """Return a home page's candidates, no entries. Raises Permanent, as `text_of` does."""
    decoded, problems = decoded_of(page)
    text, cut = first_tags(decoded.text[:LONGEST], MOST_TAGS)
    problems += cut
    tree = soup(text, SoupStrainer(["link", "a", "base", "meta"]))
    queries_in(decoded.charset, tree)
    base, found = base_of(tree, page.url), dict[str, Further]()
    for one in (*_sent(tree, page), *_declared(tree, base), *_linked(tree, base, page.url), *_usual(page.url)):
        found.setdefault(one.url, one)
    itself = Further(page.url, "index", "nothing else lists its news", rank=ITSELF)
    return Listing((), problems, (*found.values(), itself))


def robots(_source: Source, page: Page) -> Listing:
    """Return the sitemaps that a robots.txt names (sitemaps.org, "Submitting your Sitemap"), those of news first."""
    text, problems = text_of(page)
    urls = dict.fromkeys(absolute(place, page.url) for place in SITEMAP.findall(text))
    named = (Further(url, "sitemap", "robots.txt names it", rank=_rank(url)) for url in urls if url)
    return Listing((), problems, tuple(sorted(named, key=lambda one: one.rank))[:MOST_MAPS])


def fault(listing: Listing, now: datetime) -> str:
    """Return why a candidate will not do, as a clause, or ''."""
    if not listing.entries and not listing.further:
        return "it lists nothing"
    dates = [at for entry in listing.entries if (at := entry.updated_at or entry.published_at)]
    if dates and len(dates) == len(listing.entries) and now - max(dates) > STALE:
        return f"its newest entry is of {max(dates):%Y-%m-%d}"
    return ""


def _sent(tree: BeautifulSoup, page: Page) -> Iterator[Further]:
    """Yield where the page sends its reader: the search goes on there first."""
    if goal := goal_of(tree, page):
        yield Further(goal, "site", "the page sends there", rank=DECLARED)


def _declared(tree: BeautifulSoup, base: str) -> Iterator[Further]:
    """Yield the feeds that the page's head names (RSS Advisory Board, "RSS Autodiscovery"); not those of comments."""
    for link in sorted(filter(_is_declared, tree("link", href=True)), key=_is_loose):
        title, href = (str(link.get(name) or "") for name in ("title", "href"))
        if not COMMENTS.search(f"{title} {href}") and (url := absolute(href, base)):
            name = one_line(title)[:80]
            yield Further(url, "feed", f"the page names it as its feed{f' «{name}»' if name else ''}", rank=DECLARED)


def _is_declared(link: Tag) -> bool:
    kind, href = str(link.get("type") or ""), str(link["href"])
    rel = {str(word).lower() for word in link.get("rel") or ()}
    if "feed" in rel or ("alternate" in rel and FEED_TYPE.search(kind)):
        return True
    named = kind.strip() or FEED_LINK.search(href)
    return "alternate" in rel and bool(named and LOOSE_TYPE.match(kind)) and not OTHER_DATA.search(f"{kind} {href}")


def _is_loose(link: Tag) -> bool:
    return not FEED_TYPE.search(str(link.get("type") or ""))


def _linked(tree: BeautifulSoup, base: str, home: str) -> Iterator[Further]:
    """Yield the first links of the page whose address looks like a feed's."""
    urls = (absolute(str(link["href"]), base) for link in tree("a", href=FEED_LINK))
    mine = dict.fromkeys(url for url in urls if url and same_site(url, home) and not COMMENTS.search(url))
    yield from (Further(url, "feed", "the page links to it", rank=DECLARED) for url in list(mine)[:MOST_LINKS])


def _usual(home: str) -> Iterator[Further]:
    """Yield robots.txt and the places where feeds and sitemaps usually are; a section's own feed first."""
    root = str(ada_url.URL("/", base=home).href)
    yield Further(f"{root}robots.txt", "robots", rank=ROBOTS)
    if (here := home.partition("?")[0].rstrip("/")) != root.rstrip("/"):
        yield Further(f"{here}/feed/", "feed", "it is where a section's feed usually is", rank=GUESSED)
    for path in FEED_PATHS:
        yield Further(str(ada_url.URL(path, base=root).href), "feed", "it is where feeds usually are", rank=GUESSED)
    for path in MAP_PATHS:
        yield Further(str(ada_url.URL(path, base=root).href), "sitemap", "it is where sitemaps usually are", rank=MAPS)


def _rank(url: str) -> int:
    return NEWS if "news" in url.lower() else NAMED
