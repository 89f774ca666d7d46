"""A feed that carries the whole article: the entry gets its page made of the feed's HTML, and needs no fetch."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Final

from ingest.discover.parts import plain_text
from ingest.model import Entry, Page, Source
from ingest.urls import same_site

WHOLE: Final = 280
"""Minimum length of a feed's content to be taken for the article; a shorter one is a teaser."""


def inline(source: Source, entry: Entry, listing: Page, content: str) -> Entry:
    """Return the entry with a page made of the feed's HTML, or unchanged if that is a teaser or links to another site.

    The page says of itself what the feed says of the entry, so that extraction reads it as any other.
    """
    if not _is_own(source, entry, listing) or len(plain_text(content)) < WHOLE:
        return entry
    head = "".join(_head(entry))
    body = f"<article><h1>{escape(entry.title)}</h1>\n{content}\n</article>"
    html = f'<!doctype html>\n<html lang="{escape(entry.language)}"><head>{head}</head>\n<body>{body}</body></html>\n'
    headers = (("Content-Type", "text/html; charset=utf-8"), ("X-Warraq-Feed", source.url))
    return replace(entry, page=Page(entry.url, 200, headers, html.encode("utf-8", "replace"), listing.fetched_at))


def _is_own(source: Source, entry: Entry, listing: Page) -> bool:
    """Return whether an entry belongs to the feed's own site: what others say about an article is not its text."""
    homes = filter(None, (listing.url, source.url, source.home))
    return bool(entry.url) and any(same_site(entry.url, home) for home in homes)


def _head(entry: Entry) -> Iterator[str]:
    yield f'<meta charset="utf-8"><title>{escape(entry.title)}</title>'
    yield f'<meta property="og:title" {_content(entry.title)}>'
    moments = {"article:published_time": entry.published_at, "article:modified_time": entry.updated_at}
    yield from (f'<meta property="{name}" {_content(at.isoformat())}>' for name, at in moments.items() if at)
    yield from (f'<meta name="author" {_content(author)}>' for author in entry.authors)
    yield from (f'<meta property="article:tag" {_content(tag)}>' for tag in entry.tags)
    if entry.image:
        yield f'<meta property="og:image" {_content(entry.image)}>'


def _content(value: str) -> str:
    return f'content="{escape(value)}"'
