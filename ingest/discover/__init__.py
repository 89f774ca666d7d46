"""Source and Page -> Listing. A new kind of source is one module and one line in KINDS."""

from collections.abc import Callable, Mapping
from typing import Final

from ingest.discover import feed, index_page, json_feed, single, site, sitemap
from ingest.discover.parts import text_of
from ingest.errors import Permanent
from ingest.model import Page, Source
from ingest.polling.listing import Listing
from ingest.textfile import is_text

__all__ = ["KINDS", "discover", "kind_of"]


def discover(source: Source, page: Page) -> Listing:
    """Return what the page of a source lists.

    Raises Permanent: `unknown_kind`, and what the kind's own module raises (`not_a_feed`, `xml_dtd` ...).
    """
    if source.kind not in KINDS:
        raise Permanent("unknown_kind", f"{source.kind!r} of source {source.id}: one of {', '.join(KINDS)}")
    return KINDS[source.kind](source, page)


def kind_of(page: Page) -> str:
    """Return what a page looks like: `feed`, `sitemap`, `text`, or '' for a web page."""
    text, _ = text_of(page)
    if json_feed.looks_like_json_feed(text) or feed.looks_like_feed(text):
        return "feed"
    return "sitemap" if sitemap.looks_like_sitemap(text) else "text" if is_text(page) else ""


def _auto(source: Source, page: Page) -> Listing:
    """Take the page for what it looks like: a listing, a text file, else an article."""
    return KINDS[kind_of(page) or "article"](source, page)


def _feed(source: Source, page: Page) -> Listing:
    """Read XML or JSON, whatever the page holds."""
    text, _ = text_of(page)
    return json_feed.discover(source, page) if json_feed.looks_like_json_feed(text) else feed.discover(source, page)


KINDS: Final[Mapping[str, Callable[[Source, Page], Listing]]] = {
    "feed": _feed,
    "sitemap": sitemap.discover,
    "index": index_page.discover,
    "article": single.discover,
    "text": single.discover,
    "auto": _auto,
    "site": site.discover,
    "robots": site.robots,
}
"""`auto` reads its address as what it is; `site` finds what lists the site's news, and becomes that."""
