"""Source and Page -> Listing. A new kind of source is one module and one line in KINDS."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from ingest.discover import feed, index_page, json_feed, single, site, sitemap
from ingest.discover.parts import text_of
from ingest.discover.refresh import refreshed
from ingest.errors import Permanent, WarraqError
from ingest.model import Page, Source
from ingest.polling.clock import parts_without_clock, without_clock
from ingest.polling.listing import Further, Listing
from ingest.textfile import is_text

__all__ = ["CHOICES", "KINDS", "discover", "kind_of"]

Reader = Callable[[Source, Page], Listing]
UNREADABLE: Final = "unreadable"


def discover(source: Source, page: Page) -> Listing:
    """Return what the page of a source lists.

    Raises Permanent: `unknown_kind`, and what the kind's own module raises (`not_a_feed`, `xml_dtd` ...); whatever
    else a library makes of a page is `unreadable`.
    """
    if source.kind not in KINDS:
        raise Permanent("unknown_kind", f"{source.kind!r} of source {source.id}: one of {', '.join(KINDS)}")
    try:
        listing = KINDS[source.kind](source, page)
    except (WarraqError, MemoryError):
        raise
    except Exception as error:  # a bug of ours or of a library: the source reports it, and is polled again
        raise Permanent(UNREADABLE, f"{page.url[:200]}: {error!r}"[:500]) from error
    entries, problems = without_clock(listing.entries, page.fetched_at)
    further = parts_without_clock(listing.further, page.fetched_at)
    return replace(listing, entries=entries, further=further, problems=(*listing.problems, *problems))


def kind_of(page: Page) -> str:
    """Return what a page looks like: `feed`, `sitemap`, `text`, or '' for a web page."""
    text, _ = text_of(page)
    if json_feed.looks_like_json_feed(text) or feed.looks_like_feed(text):
        return "feed"
    return "sitemap" if sitemap.looks_like_sitemap(text) else "text" if is_text(page) else ""


def _auto(source: Source, page: Page) -> Listing:
    """Read the page as what it looks like: a listing, a text file, otherwise an article."""
    return KINDS[kind_of(page) or "article"](source, page)


def _feed(source: Source, page: Page) -> Listing:
    """Read XML or JSON, whatever the page holds."""
    text, _ = text_of(page)
    return json_feed.discover(source, page) if json_feed.looks_like_json_feed(text) else feed.discover(source, page)


def _named(kind: str, reader: Reader) -> Reader:
    """Return a reader that accepts pages of another kind of listing too, and follows a page's refresh.

    A sitemap may be a feed (sitemaps.org, "Other Sitemap formats"), and a feed's address may have become a sitemap's.
    """

    def read(source: Source, page: Page) -> Listing:
        looks = kind_of(page)
        if looks in LISTINGS and looks != kind:
            return LISTINGS[looks](source, page)
        try:
            return reader(source, page)
        except Permanent:
            if goal := refreshed(page):
                return Listing((), (), (Further(goal, kind, "the page sends there"),))
            raise

    return read


LISTINGS: Final[Mapping[str, Reader]] = {"feed": _feed, "sitemap": sitemap.discover}
KINDS: Final[Mapping[str, Reader]] = {
    "feed": _named("feed", _feed),
    "sitemap": _named("sitemap", sitemap.discover),
    "index": _named("index", index_page.discover),
    "article": single.discover,
    "text": single.discover,
    "auto": _auto,
    "site": site.discover,
    "robots": site.robots,
}
"""`auto` reads an address as what it looks like; `site` searches for the site's listing and becomes that."""
CHOICES: Final[Mapping[str, str]] = {
    "site": "whatever lists its news is found",
    "feed": "RSS, Atom or JSON Feed",
    "sitemap": "a sitemap, or an index of sitemaps",
    "index": "a web page of links to articles",
    "article": "one article",
}
"""The kinds that people choose from, the default first; the others are the pipeline's own."""
