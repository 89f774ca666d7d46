"""What every kind of listing is made of: text, links, dates."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Final, TypeVar

import ada_url
from bs4 import BeautifulSoup
from bs4.filter import SoupStrainer

from ingest.charset import Decoded, declared_charsets, decode
from ingest.dates import parse_date
from ingest.dates.words import HALVES, ZONES
from ingest.discover.gunzip import gunzip, is_gzip
from ingest.model import Entry, Page, Source
from ingest.urls import strip_marks

MOST: Final = 2000
"""Entries of one listing; feedparser needs 0.3 ms each, and a longer feed is a mistake, an archive or an attack."""
UNPACKED: Final = 50 * 2**20
"""Bytes of a sitemap, by the protocol (sitemaps.org); of a .gz, when unpacked."""
WRAPPED: Final = 3
"""How often a file may have been packed: some servers pack what is packed already."""
SNIPPET: Final = 4000
"""Characters of HTML of which a title or a summary is made."""
LONGEST_TEXT: Final = 500_000
"""Characters of a listed article's text that are read."""
LONGEST_FIELD: Final = 10_000
"""Characters of every other value: no author's name is longer, and not every library's patterns are linear."""
LONGEST_LINK: Final = 8192
READERS: Final = re.compile(r"^feed:(?=//|https?:)", re.IGNORECASE)
"""The scheme under which feed readers are asked to subscribe."""
BARE_HOST: Final = re.compile(r"^www\d?\.[\w-]+\.", re.IGNORECASE)
"""How a hurried address begins; no folder is called so."""
HIDDEN: Final = ("script", "style")
BLOCKS: Final = ("p", "div", "br", "li", "tr", "td", "h2", "h3", "figcaption")
_ATTRIBUTES = r"""(?:\s+[\w:-]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?)*+\s*+/?"""
_BLOCK = rf"</?(?:p|div|br|li|tr|td|h[1-6]|figcaption){_ATTRIBUTES}>"
_INLINE = rf"</?(?:a|b|i|u|em|strong|span|img|font|small){_ATTRIBUTES}>"
PLAIN: Final = re.compile(rf"(?:[^<]++|{_BLOCK}|{_INLINE})*+", re.IGNORECASE)
"""HTML rewritten for parsers that read tags one by one, with the same meaning."""
BLOCK_TAG, INLINE_TAG = re.compile(_BLOCK, re.IGNORECASE), re.compile(_INLINE, re.IGNORECASE)
DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
LATE_DECLARATION: Final = re.compile(r"<\?xml\s", re.IGNORECASE)
COUNTED: Final = re.compile(r"\s*([0-9]{10})(?:[0-9]{3})?(?:\.[0-9]{1,9})?\s*")
ZONED: Final = re.compile(r"\d:\d\d(?::\d\d)?\s+([A-Za-z]{1,5})(?:\s+\d{4})?\s*", re.ASCII)
"""A time with a zone's name at the end, or before the year."""
CONTROL: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
SURROGATES: Final = re.compile("[\ud800-\udfff]")

ENDINGS: Final = frozenset((*ZONES, *HALVES))

T = TypeVar("T")
R = TypeVar("R")


def text_of(page: Page) -> tuple[str, tuple[str, ...]]:
    """Return the text of a listing, unpacked if it is a .gz, and sentences about what was lost on the way.

    Raises Permanent: `too_large`, `gzip`.
    """
    decoded, lost = decoded_of(page)
    return decoded.text, lost


def decoded_of(page: Page) -> tuple[Decoded, tuple[str, ...]]:
    """Return as `text_of` does, with the charset."""
    if not is_gzip(page.body):
        return decode(page.body, declared_charsets(page.header("content-type"), page.body)), ()
    body, complete = page.body, True
    for _ in range(WRAPPED):
        if is_gzip(body):
            body, whole = gunzip(body, UNPACKED)
            complete = complete and whole
    return decode(body, declared_charsets("", body)), () if complete else ("the gzip file is cut off",)


def queries_in(charset: str, tree: BeautifulSoup) -> None:
    """Escape the queries of an HTML page's links in the page's charset, as browsers ask for them (WHATWG URL, 5.1).

    The path is UTF-8 on every page.
    """
    if not charset.startswith("utf"):
        for link in tree(["a", "link"], href=True):
            link["href"] = _with_query_in(charset, str(link["href"]))


def _with_query_in(charset: str, link: str) -> str:
    start, mark, rest = link.partition("?")
    if rest.isascii():
        return link
    query, hash_, fragment = rest.partition("#")
    sent = "".join(char if char.isascii() else _escaped(char, charset) for char in query)
    return f"{start}{mark}{sent}{hash_}{fragment}"


def _escaped(char: str, charset: str) -> str:
    try:
        return "".join(f"%{byte:02X}" for byte in char.encode(charset))
    except UnicodeEncodeError:
        return f"%26%23{ord(char)}%3B"


def plain_text(html: str) -> str:
    """Return what a reader sees of an HTML snippet, in one line."""
    html = html[:SNIPPET]
    if PLAIN.fullmatch(html):  # most are: a tree takes ten times as long
        text = unescape(INLINE_TAG.sub("", BLOCK_TAG.sub(" ", html)))
    else:
        page = soup(html)
        for element in page([*HIDDEN, *BLOCKS]):
            if element.name in HIDDEN:
                element.clear()
            else:
                element.append(" ")
        text = page.get_text()
    return one_line(text)


def soup(html: str, only: SoupStrainer | None = None) -> BeautifulSoup:
    """Return the tree of a page or a snippet, or of those of its elements that are wanted.

    Without an XML declaration, and without text that is no markup: BeautifulSoup warns of both.
    """
    return BeautifulSoup(LATE_DECLARATION.sub("<?", html) if "<" in html else "", "lxml", parse_only=only)


def one_line(text: str) -> str:
    """Return text without control characters and lone surrogates, its white space as single spaces."""
    return " ".join(SURROGATES.sub("\ufffd", text.translate(CONTROL)).split())


def absolute(link: str, base: str) -> str:
    """Return an http(s) link made absolute, or ''."""
    bare = strip_marks(link[: LONGEST_LINK + 1])
    if not bare or len(link) > LONGEST_LINK:
        return ""
    if bare[0] in "fFwW":
        bare = BARE_HOST.sub(r"//\g<0>", READERS.sub("", bare, count=1), count=1)
    try:
        url = ada_url.URL(bare, base=base)
    except ValueError:
        return ""
    return str(url.href) if url.protocol in ("http:", "https:") else ""


def moment(text: str, source: Source, page: Page) -> datetime | None:
    """Return the moment that a listing's date says, or None. Some count seconds, or their thousandths, since 1970.

    A zone that nobody knows may be any: that is no date.
    """
    if counted := COUNTED.fullmatch(text):
        text = f"{datetime.fromtimestamp(int(counted[1]), UTC):%Y-%m-%dT%H:%M:%SZ}"
    if (zoned := ZONED.search(text)) and zoned.end() == len(text) and zoned[1].lower() not in ENDINGS:
        return None
    when = parse_date(text, source.timezone, page.fetched_at) if text else None
    return when.at if when else None


def each(items: Iterable[T], read: Callable[[T], R], name: Callable[[T], object]) -> tuple[list[R], list[str]]:
    """Return what is read of those items that can be read, and a sentence about each other one.

    One broken item, whatever a library makes of it, must not cost the others.
    """
    found, problems = [], []
    for number, item in enumerate(items, 1):
        try:
            found.append(read(item))
        except Exception as error:  # noqa: BLE001  # nobody knows what a library fails on next; it is named, not hidden
            problems.append(f"entry {number} ({str(name(item))[:60]!r}) could not be read: {error!r}"[:300])
    return found, problems


def linked(entries: Sequence[Entry]) -> tuple[list[Entry], list[str]]:
    """Return the entries that have a link, and a sentence about each that has none."""
    bare = [(number, entry.title) for number, entry in enumerate(entries, 1) if not entry.url]
    problems = [f"entry {number} ({title[:60]!r}) has no http(s) link" for number, title in bare]
    return [entry for entry in entries if entry.url], problems
