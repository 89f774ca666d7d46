"""Source and Page -> Listing. A new kind of source is one module and one line in KINDS."""

from collections.abc import Callable, Mapping
from typing import Final

from ingest.charset import declared_charsets, decode
from ingest.discover import feed, single
from ingest.discover.base import Listing
from ingest.errors import Permanent
from ingest.model import Page, Source
from ingest.textfile import is_text

__all__ = ["KINDS", "Listing", "discover"]


def discover(source: Source, page: Page) -> Listing:
    """Return what the page of a source lists.

    Raises Permanent: `unknown_kind`, and what the kind's own module raises (`not_a_feed`, `xml_dtd`).
    """
    if source.kind not in KINDS:
        raise Permanent("unknown_kind", f"{source.kind!r} of source {source.id}: one of {', '.join(KINDS)}")
    return KINDS[source.kind](source, page)


def _auto(source: Source, page: Page) -> Listing:
    """Take the page for what it looks like: a feed, a text file, else an article."""
    text = decode(page.body, declared_charsets(page.header("content-type"), page.body)).text
    kind = "feed" if feed.looks_like_feed(text) else "text" if is_text(page) else "article"
    return KINDS[kind](source, page)


KINDS: Final[Mapping[str, Callable[[Source, Page], Listing]]] = {
    "feed": feed.discover,
    "article": single.discover,
    "text": single.discover,
    "auto": _auto,
}
