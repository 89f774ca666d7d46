"""RSS 0.9x-2.0, RDF and Atom by feedparser: what is readable of a feed, and what was not."""

import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import feedparser

from ingest.dates import AHEAD, EARLIEST
from ingest.discover.feed_hints import hints
from ingest.discover.feed_text import TAGS, first_entries, parse
from ingest.discover.inline import held
from ingest.discover.parts import SNIFFED, absolute, first_tags, moment, one_line, plain_text, refuse_entities, text_of
from ingest.errors import Permanent
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Further, Listing

SUMMARY: Final = 1000
"""Characters of a summary: some feeds put the whole article there, and the ledger keeps every entry."""
ROOT: Final = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
CLOCK: Final = re.compile(r"\d:\d\d")
NAME: Final = 200
"""Characters of a name that are looked at."""
MAILBOX: Final = re.compile(r"^[^\s@]+@[^\s@]+(?:\s*\((.+)\))?$|^(.+?)\s*[<(][^\s@]+@[^\s@]+[>)]$")
"""`a@b.example (Name)`, as RSS 2.0 has it; `Name <a@b.example>`; `Name (a@b.example)`, feedparser's for Atom."""
WORDS: Final = 30


def looks_like_feed(text: str) -> bool:
    """Tell whether a feed's root element stands where it should."""
    return bool(ROOT.search(text[:SNIFFED]))


def discover(source: Source, page: Page) -> Listing:
    """Return the entries of a feed. Raises Permanent: `not_a_feed`, `xml_dtd`, and what `text_of` raises."""
    text, lost = text_of(page)
    refuse_entities(text, page.url)
    head, text, left_off = first_entries(text)
    text, cut = first_tags(text, TAGS)
    parsed = parse(text, page.url)
    if not parsed.get("version") and not parsed.entries:
        raise Permanent("not_a_feed", f"{page.url} is {page.header('content-type') or 'of no type'}: {text[:80]!r}")
    reader = _Reader(source, page, parsed, trusts_inheritance="dc:language" not in text)
    entries = tuple(map(reader.entry, parsed.entries))
    problems = (*lost, *_malformed(parsed), *left_off, *cut, *_unlinked(entries))
    older = tuple(Further(url, older=True) for url in reader.links("next"))
    linked = tuple(entry for entry in entries if entry.url)
    own, hub = (next(reader.links(rel), "") for rel in ("self", "hub"))
    return Listing(linked, problems, older, **hints(parsed.feed, head), self_url=own, hub_url=hub)


class _Reader:
    """Reads the items of one parsed feed."""

    def __init__(
        self, source: Source, page: Page, parsed: feedparser.FeedParserDict, *, trusts_inheritance: bool
    ) -> None:
        self._source, self._page, self._feed = source, page, parsed.feed
        self._rss = parsed.get("version", "").startswith("rss")
        self._trusts_inheritance = trusts_inheritance

    def entry(self, item: feedparser.FeedParserDict) -> Entry:
        """Return an item as an Entry.

        RSS knows one date, and feedparser calls it `updated` when it is a dc:date.
        """
        published, updated = self._date(item, "published"), self._date(item, "updated")
        entry = Entry(
            url=absolute(item.get("link", ""), self._page.url),
            title=plain_text(item.get("title") or ""),
            summary=plain_text(item.get("summary") or "")[:SUMMARY],
            published_at=published or (updated if self._rss else None),
            updated_at=updated,
            language=self._language(item),
            authors=tuple(_authors(item)),
            tags=tuple(dict.fromkeys(_tags(item)))[:WORDS],
            image=next((url for place in _pictures(item) if (url := absolute(place, self._page.url))), ""),
        )
        return held(self._source, entry, self._page, _content(item)) if self._source.full_text else entry

    def links(self, rel: str) -> Iterator[str]:
        """Yield the feed's own links of a relation, made absolute."""
        places = (link.get("href", "") for link in self._feed.get("links", ()) if link.get("rel") == rel)
        return (url for place in places if (url := absolute(place, self._page.url)))

    def _language(self, item: feedparser.FeedParserDict) -> str:
        """Return the item's language; feedparser lets a dc:language colour the items that follow it."""
        inherited = item.get("title_detail", {}).get("language") if self._trusts_inheritance else ""
        return one_line(item.get("language") or inherited or self._feed.get("language") or "")

    def _date(self, item: feedparser.FeedParserDict, name: str) -> datetime | None:
        """Return an entry's date: as we read it (AST is Arabia's, no day is invented), else as feedparser does.

        It takes a date without a zone for UTC, and fills a month's with a day: it is asked only about full ones.
        """
        if name not in item:
            return None
        if when := moment(item[name], self._source, self._page):
            return when
        parsed = item.get(f"{name}_parsed")
        if not parsed or not CLOCK.search(item[name]):
            return None
        at = datetime.fromtimestamp(timegm(parsed), UTC)
        return at if EARLIEST <= at <= self._page.fetched_at + AHEAD else None


def _content(item: feedparser.FeedParserDict) -> str:
    """Return the HTML that may be the whole article: content:encoded, Atom's content, else the description."""
    parts = (part.get("value") or "" for part in item.get("content", ()))
    return str(max(parts, key=len, default=item.get("summary") or ""))


def _authors(item: feedparser.FeedParserDict) -> Iterator[str]:
    """Yield the names of who wrote it. feedparser takes a long domain's end for a name: the text is read anew."""
    names = [author.get("name", "") for author in item.get("authors", ())]
    for name in [item.get("author", "")] if len(names) == 1 and MAILBOX.match(item.get("author", "")[:NAME]) else names:
        written = one_line(name[:NAME])
        mailbox = MAILBOX.match(written)
        said = next(filter(None, mailbox.groups()), "") if mailbox else written
        if said and "@" not in said:
            yield said


def _tags(item: feedparser.FeedParserDict) -> Iterator[str]:
    return (tag for one in item.get("tags", ()) if (tag := plain_text(one.get("label") or one.get("term") or "")))


def _pictures(item: feedparser.FeedParserDict) -> Iterator[str]:
    """Yield where the item's pictures are: media:content, enclosures, then the thumbnail."""
    for media in (*item.get("media_content", ()), *item.get("enclosures", ())):
        if media.get("medium") == "image" or media.get("type", "").startswith("image/"):
            yield media.get("url") or media.get("href") or ""
    yield from (media.get("url", "") for media in item.get("media_thumbnail", ()))


def _malformed(parsed: feedparser.FeedParserDict) -> Iterator[str]:
    if parsed.bozo:
        yield f"malformed, read as far as possible: {parsed.bozo_exception}"


def _unlinked(entries: tuple[Entry, ...]) -> Iterator[str]:
    for number, entry in enumerate(entries, 1):
        if not entry.url:
            yield f"entry {number} ({entry.title[:60]!r}) has no http(s) link"
