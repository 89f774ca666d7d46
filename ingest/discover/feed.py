"""RSS 0.9x-2.0, RDF and Atom by feedparser: the readable entries, and what was wrong with the others."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from feedparser.util import FeedParserDict

from ingest.discover.feed_hints import hints
from ingest.discover.feed_text import base_of, first_entries, parse, within_tags
from ingest.discover.inline import inline
from ingest.discover.markup import PAGE, opening, refuse_entities
from ingest.discover.parts import absolute, each, linked, moment, one_line, plain_text, text_of
from ingest.errors import Permanent
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Further, Listing
from ingest.urls import strip_marks

SUMMARY: Final = 1000
"""Characters of a summary: some feeds put the whole article there, and the ledger keeps every entry."""
ROOT: Final = re.compile(r"<(?:\w+:)?(rss|feed|rdf|channel)[\s/>]", re.IGNORECASE)
SHORT_YEAR: Final = re.compile(r"^(\s*(?:[A-Za-z]+,)?\s*\d?\d[ -][A-Za-z]{3,9}[ -])(?=\d\d\s+\d?\d:\d\d)")
"""RFC 822, the first one, has years of two digits."""
HTML_TYPES: Final = frozenset({"", "text/html", "application/xhtml+xml"})
NAME: Final = 200
"""Maximum characters of a name that are read."""
MAILBOX: Final = re.compile(r"^[^\s@]+@[^\s@]+(?:\s*\((.+)\))?$|^(.+?)\s*[<(][^\s@]+@[^\s@]+[>)]$")
"""`a@b.example (Name)`, as RSS 2.0 has it; `Name <a@b.example>`; `Name (a@b.example)`, feedparser's for Atom."""
WORDS: Final = 30
WEB: Final = re.compile("https?://|/(?!/)", re.IGNORECASE)
"""How an address begins, as opposed to other keys; of a path, its feed's site is meant."""


def looks_like_feed(text: str) -> bool:
    """Return whether a feed's root element stands where it should."""
    start = opening(text)
    return bool((root := ROOT.search(start)) and not PAGE.search(start, 0, root.start()))


def discover(source: Source, page: Page) -> Listing:
    """Return the entries of a feed. Raises Permanent: `not_a_feed`, `xml_dtd`, and what `text_of` raises."""
    text, lost = text_of(page)
    refuse_entities(text, page.url)
    head, text, left_off = first_entries(text)
    text, cut = within_tags(text)
    parsed = parse(text, base_of(head, page.url))
    if not parsed.get("version") and not parsed.entries:
        raise Permanent("not_a_feed", f"{page.url} is {page.header('content-type') or 'of no type'}: {text[:80]!r}")
    reader = _Reader(source, page, parsed, trusts_inheritance="dc:language" not in text)
    entries, unread = each(parsed.entries, reader.entry, lambda item: item.get("title"))
    entries, unlinked = linked(entries)
    problems = (*lost, *_malformed(parsed), *left_off, *cut, *unread, *unlinked)
    older = tuple(Further(url, older=True) for url in reader.links("next"))
    own, hub = (next(reader.links(rel), "") for rel in ("self", "hub"))
    return Listing(tuple(entries), problems, older, **hints(parsed.feed, head), self_url=own, hub_url=hub)


class _Reader:
    """Reads the items of one parsed feed."""

    def __init__(self, source: Source, page: Page, parsed: FeedParserDict, *, trusts_inheritance: bool) -> None:
        self._source, self._page, self._feed = source, page, parsed.feed
        self._trusts_inheritance = trusts_inheritance

    def entry(self, item: FeedParserDict) -> Entry:
        """Return an item as an Entry.

        RSS knows one date, and feedparser calls it `updated` when it is a dc:date.
        """
        published = self._date(item, "published") or self._date(item, "created")
        updated = self._date(item, "updated")
        entry = Entry(
            url=self._link(item),
            title=plain_text(item.get("title") or ""),
            summary=plain_text(item.get("summary") or "")[:SUMMARY],
            published_at=published or (updated if item.get("rss") else None),
            updated_at=updated,
            language=self._language(item),
            authors=tuple(_authors(item)),
            tags=tuple(dict.fromkeys(_tags(item)))[:WORDS],
            image=next((url for place in _pictures(item) if (url := absolute(place, self._page.url))), ""),
        )
        return inline(self._source, entry, self._page, _content(item)) if self._source.full_text else entry

    def links(self, rel: str) -> Iterator[str]:
        """Yield the feed's own links of a relation, made absolute."""
        places = (link.get("href", "") for link in self._feed.get("links", ()) if link.get("rel") == rel)
        return (url for place in places if (url := absolute(place, self._page.url)))

    def _language(self, item: FeedParserDict) -> str:
        """Return the item's language; feedparser lets a dc:language leak into the items that follow it."""
        inherited = item.get("title_detail", {}).get("language") if self._trusts_inheritance else ""
        return one_line(item.get("language") or inherited or self._feed.get("language") or "")

    def _link(self, item: FeedParserDict) -> str:
        """Return where the article is: its own address where a feed service counts clicks, else what `_links` has.

        Failing those the guid (RSS 1.0: rdf:about), if it is an address and not marked as none.
        """
        if own := absolute(item.get("feedburner_origlink") or "", self._page.url):
            return own
        if found := next(_links(item, self._language(item)), ""):
            return found
        key = strip_marks(item.get("permalink") or "")
        return absolute(key, self._page.url) if WEB.match(key) else ""

    def _date(self, item: FeedParserDict, name: str) -> datetime | None:
        """Return an entry's date as we read it: AST is Arabia's, and no day is invented."""
        written = item.get(name, "") if name in item else ""  # alone, get() says `published` for a missing `updated`
        return moment(SHORT_YEAR.sub(r"\g<1>20", written, count=1), self._source, self._page)


def _links(item: FeedParserDict, language: str) -> Iterator[str]:
    """Yield an item's links, best first: RSS' own, web pages in the feed's language, other web pages, other files."""
    links = [link for link in item.get("links", ()) if link.get("rel") == "alternate" and link.get("href")]
    pages = [link for link in links if link.get("type", "").partition(";")[0].strip() in HTML_TYPES]
    plain = [link for link in links if link.get("plain")]
    mine = [link for link in pages if language and _primary(link.get("hreflang", "")) == _primary(language)]
    return (str(link["href"]) for link in (*plain, *mine, *pages, *links))


def _primary(language: str) -> str:
    return language.strip().lower().replace("_", "-").partition("-")[0]


def _content(item: FeedParserDict) -> str:
    """Return the HTML that may be the whole article: content:encoded, Atom's content, else the description."""
    parts = (part.get("value") or "" for part in item.get("content", ()))
    return str(max(parts, key=len, default=item.get("summary") or ""))


def _authors(item: FeedParserDict) -> Iterator[str]:
    """Yield the names of who wrote it: Atom's parts, and RSS' texts."""
    for name in (author.get("name") or "" for author in item.get("authors", ())):
        written = plain_text(name[:NAME])
        mailbox = MAILBOX.match(written)
        said = next(filter(None, mailbox.groups()), "") if mailbox else written
        if said and "@" not in said and not WEB.match(said):
            yield said


def _tags(item: FeedParserDict) -> Iterator[str]:
    return (tag for one in item.get("tags", ()) if (tag := plain_text(one.get("label") or one.get("term") or "")))


def _pictures(item: FeedParserDict) -> Iterator[str]:
    """Yield where the item's pictures are: media:content, enclosures, then the thumbnail."""
    for media in (*item.get("media_content", ()), *item.get("enclosures", ())):
        if media.get("medium") == "image" or media.get("type", "").startswith("image/"):
            yield media.get("url") or media.get("href") or ""
    yield from (media.get("url", "") for media in item.get("media_thumbnail", ()))


def _malformed(parsed: FeedParserDict) -> Iterator[str]:
    if parsed.bozo:
        yield f"malformed, read as far as possible: {parsed.bozo_exception}"
