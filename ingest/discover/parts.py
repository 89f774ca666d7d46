"""What every kind of listing is made of: text, links, dates."""

import re
from datetime import datetime
from html import unescape
from typing import Final

import ada_url
from bs4 import BeautifulSoup
from bs4.filter import SoupStrainer

from ingest.charset import declared_charsets, decode
from ingest.dates import parse_date
from ingest.discover.gunzip import gunzip, is_gzip
from ingest.errors import Permanent
from ingest.model import Page, Source

MOST: Final = 2000
"""Entries of one listing; feedparser needs 0.3 ms each, and a longer feed is a mistake, an archive or an attack."""
SNIFFED: Final = 2048
"""Characters in which a document's root stands: behind a declaration, a stylesheet and a comment."""
UNPACKED: Final = 50 * 2**20
"""Bytes of a sitemap, by the protocol (sitemaps.org); of a .gz, when unpacked."""
SNIPPET: Final = 4000
"""Characters of HTML of which a title or a summary is made."""
HIDDEN: Final = ("script", "style")
BLOCKS: Final = ("p", "div", "br", "li", "tr", "td", "h2", "h3", "figcaption")
DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
DOCTYPE: Final = re.compile("<!DOCTYPE", re.IGNORECASE)
ENTITY: Final = re.compile("<!ENTITY", re.IGNORECASE)
BARE: Final = re.compile("&(?!(?:#[0-9]+|#x[0-9a-f]+|amp|lt|gt|quot|apos);)", re.IGNORECASE)
CDATA: Final = ("<![CDATA[", "]]>")
TAG: Final = re.compile(r"<!\[CDATA\[|<[a-zA-Z/]")
REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
LAST: Final = 0x10FFFF
CONTROL: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
SURROGATES: Final = re.compile("[\ud800-\udfff]")


def text_of(page: Page) -> tuple[str, tuple[str, ...]]:
    """Return the text of a listing, unpacked if it is a .gz, and sentences about what was lost on the way.

    Raises Permanent: `too_large`, `gzip`.
    """
    if not is_gzip(page.body):
        return decode(page.body, declared_charsets(page.header("content-type"), page.body)).text, ()
    body, whole = gunzip(page.body, UNPACKED)
    return decode(body, declared_charsets("", body)).text, () if whole else ("the gzip file is cut off",)


def refuse_entities(text: str, url: str) -> None:
    """Raise Permanent (`xml_dtd`) for XML that declares entities: they can be a bomb, or read files."""
    if (doctype := DOCTYPE.search(text)) and ENTITY.search(text, doctype.end()):
        raise Permanent("xml_dtd", f"{url} declares entities: such a document is not read, they can be a bomb")


def escape_ampersands(text: str) -> tuple[str, int]:
    """Return XML with its bare ampersands escaped, outside of CDATA, and how many they were.

    libxml2, told to recover, silently makes `?a=1=2` of `?a=1&b=2`.
    """
    first, *rest = text.split(CDATA[0])
    pieces = [("", "", first), *(piece.partition(CDATA[1]) for piece in rest)]
    done = [(data + end, *BARE.subn("&amp;", after)) for data, end, after in pieces]
    return CDATA[0].join(data + after for data, after, _ in done), sum(count for _, _, count in done)


def first_tags(text: str, most: int) -> tuple[str, tuple[str, ...]]:
    """Return XML up to its tag number `most`, and a sentence if that is not all: each costs a reader time or memory.

    Start and end tags count, and CDATA as one, whatever it holds.
    """
    if text.count("<") <= most:
        return text, ()
    start = end = 0
    for _ in range(most + 1):
        tag = TAG.search(text, end)
        if not tag:
            return text, ()
        start, end = tag.start(), tag.end() if tag[0] != CDATA[0] else text.find(CDATA[1], tag.end())
        if end < 0:
            return text, ()  # CDATA that is never closed: readers take the rest for text
    return text[:start], (f"more than {most} tags: what follows was not read",)


def sound_references(text: str) -> str:
    """Return text with U+FFFD for each character reference to no character: XML readers fail on those."""
    return REFERENCE.sub(_sound, text) if "&#" in text else text


def _sound(reference: re.Match[str]) -> str:
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    number = int(digits, base) if len(digits.lstrip("0")) <= len(str(LAST)) else LAST + 1
    return reference[0] if number <= LAST and not 0xD800 <= number <= 0xDFFF else "&#xFFFD;"  # noqa: PLR2004  # Unicode


def plain_text(html: str) -> str:
    """Return what a reader sees of an HTML snippet, in one line."""
    html = html[:SNIPPET]
    if "<" not in html:
        text = unescape(html)
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
    return BeautifulSoup(DECLARATION.sub("", html) if "<" in html else "", "lxml", parse_only=only)


def one_line(text: str) -> str:
    """Return text without control characters and lone surrogates, its white space as single spaces."""
    return " ".join(SURROGATES.sub("\ufffd", text.translate(CONTROL)).split())


def absolute(link: str, base: str) -> str:
    """Return an http(s) link made absolute, or ''."""
    try:
        url = ada_url.URL(link.strip(), base=base) if link.strip() else None
    except ValueError:
        return ""
    return str(url.href) if url and url.protocol in ("http:", "https:") else ""


def moment(text: str, source: Source, page: Page) -> datetime | None:
    """Return the moment that a listing's date says, or None."""
    when = parse_date(text, source.timezone, page.fetched_at) if text else None
    return when.at if when else None
