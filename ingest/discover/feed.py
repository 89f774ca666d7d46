"""RSS and Atom by feedparser: what is readable of a feed, and what was not."""

import io
import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Final

import ada_url
import feedparser
from bs4 import BeautifulSoup

from ingest.charset import declared_charsets, decode
from ingest.dates import AHEAD, EARLIEST, parse_date
from ingest.discover.base import Listing
from ingest.errors import Permanent
from ingest.model import Entry, Page, Source

MOST: Final = 2000
"""Entries of one feed; feedparser needs 0.1 ms each, and a longer feed is a mistake or an attack."""
SUMMARY: Final = 1000
"""Characters of a summary: some feeds put the whole article there, and the ledger keeps every entry."""
ROOT: Final = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
SNIFFED: Final = 2048
"""Characters in which a feed's root stands: behind a declaration, a stylesheet and a comment."""
ITEM_END: Final = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
DOCTYPE: Final = re.compile("<!DOCTYPE", re.IGNORECASE)
ENTITY: Final = re.compile("<!ENTITY", re.IGNORECASE)
CONTROL: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
CLOCK: Final = re.compile(r"\d:\d\d")


def looks_like_feed(text: str) -> bool:
    """Tell whether a feed's root element stands where it should."""
    return bool(ROOT.search(text[:SNIFFED]))


def discover(source: Source, page: Page) -> Listing:
    """Return the entries of a feed. Raises Permanent: `not_a_feed`, `xml_dtd`."""
    text = decode(page.body, declared_charsets(page.header("content-type"), page.body)).text
    if (doctype := DOCTYPE.search(text)) and ENTITY.search(text, doctype.end()):
        raise Permanent("xml_dtd", f"{page.url} declares entities: such a feed is not read, they can be a bomb")
    text, left_off = _first_entries(text)
    parsed = _parse(text, page.url)
    if not parsed.get("version") and not parsed.entries:
        raise Permanent("not_a_feed", f"{page.url} is {page.header('content-type') or 'of no type'}: {text[:80]!r}")
    entries = tuple(
        _entry(item, source, page, rss=parsed.get("version", "").startswith("rss")) for item in parsed.entries
    )
    problems = (*_malformed(parsed), *left_off, *_unlinked(entries))
    return Listing(tuple(entry for entry in entries if entry.url), problems)


def _first_entries(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text without what follows entry number MOST, up to the last one's end, and a sentence about it."""
    ends = [match.end() for match in ITEM_END.finditer(text)]
    if len(ends) <= MOST:
        return text, ()
    return text[: ends[MOST - 1]] + text[ends[-1] :], (f"{len(ends)} entries: only the first {MOST} were read",)


def _parse(text: str, url: str) -> feedparser.FeedParserDict:
    """Return feedparser's result; it is told UTF-8, since we decided on the charset already."""
    return feedparser.parse(
        io.BytesIO(
            DECLARATION.sub("", text).encode("utf-8", "replace")
        ),  # a stream: a string could be opened as a file
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _entry(item: feedparser.FeedParserDict, source: Source, page: Page, *, rss: bool) -> Entry:
    """Return an item as an Entry. RSS knows one date, and feedparser calls it `updated` when it is a dc:date."""
    return Entry(
        url=_link(item.get("link", ""), page.url),
        title=plain_text(item.get("title", "")),
        summary=plain_text(item.get("summary", ""))[:SUMMARY],
        published_at=_date(item, "published", source, page) or (_date(item, "updated", source, page) if rss else None),
        updated_at=_date(item, "updated", source, page),
    )


def _link(link: str, base: str) -> str:
    """Return an http(s) link made absolute, or ''."""
    try:
        url = ada_url.URL(link.strip(), base=base) if link.strip() else None
    except ValueError:
        return ""
    return str(url.href) if url and url.protocol in ("http:", "https:") else ""


def _date(item: feedparser.FeedParserDict, name: str, source: Source, page: Page) -> datetime | None:
    """Return an entry's date: as we read it (AST is Arabia's, no day is invented), else as feedparser does.

    It takes a date without a zone for UTC, and fills a month's with a day: it is asked only about full ones.
    """
    if name not in item:
        return None
    if when := parse_date(item[name], source.timezone, page.fetched_at):
        return when.at
    parsed = item.get(f"{name}_parsed")
    if not parsed or not CLOCK.search(item[name]):
        return None
    at = datetime.fromtimestamp(timegm(parsed), UTC)
    return at if EARLIEST <= at <= page.fetched_at + AHEAD else None


def plain_text(html: str) -> str:
    """Return what a reader sees of an HTML snippet, in one line."""
    if "<" not in html:
        text = unescape(html)
    else:
        soup = BeautifulSoup(DECLARATION.sub("", html), "lxml")
        for hidden in soup(["script", "style"]):
            hidden.decompose()
        for block in soup(["p", "div", "br", "li", "tr", "td", "h2", "h3", "figcaption"]):
            block.append(" ")
        text = soup.get_text()
    return " ".join(text.translate(CONTROL).split())


def _malformed(parsed: feedparser.FeedParserDict) -> Iterator[str]:
    if parsed.bozo:
        yield f"malformed, read as far as possible: {parsed.bozo_exception}"


def _unlinked(entries: tuple[Entry, ...]) -> Iterator[str]:
    for number, entry in enumerate(entries, 1):
        if not entry.url:
            yield f"entry {number} ({entry.title[:60]!r}) has no http(s) link"
