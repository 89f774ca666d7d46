"""A source that is one article: an HTML page, or a text file."""

from ingest.model import Entry, Page, Source
from ingest.polling.listing import Listing


def discover(_source: Source, page: Page) -> Listing:
    """Return the page itself as the one entry; what it says of itself is read later, from the page."""
    return Listing((Entry(url=page.url, page=page),))
