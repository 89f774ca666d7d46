"""A feed's text by feedparser: what it fails on, or takes long for, is mended or left out first."""

import io
import re
from contextlib import suppress
from itertools import pairwise
from typing import Final

import feedparser

from ingest.discover.parts import DECLARATION, DOCTYPE, MOST, SNIFFED, sound_references

ITEM: Final = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
EMPTY: Final = 100_000
"""Characters of a feed without entries that are looked at."""
TAGS: Final = 100_000
"""Start and end tags of MOST entries, with 25 elements each; feedparser needs 30 us for an element (measured)."""
ITEM_END: Final = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
DOCTYPE_WHOLE: Final = re.compile(r"<!DOCTYPE[^>\[]{0,500}(?:\[[^\]]{0,500}\])?\s*>", re.IGNORECASE)
LONG_TAG: Final = re.compile(r"<[a-zA-Z/][^<>]{8000,}>?")
"""No feed has such; feedparser needs time with the square of the attributes, 30 s and more for 100,000 (measured)."""


def first_entries(text: str) -> tuple[str, str, tuple[str, ...]]:
    """Return what precedes the entries; the text without what follows entry number MOST; and a sentence about it."""
    starts = [match.start() for match in ITEM.finditer(text)]
    head = text[: starts[0]] if starts else text[:EMPTY]
    if not starts:
        return head, head, ()
    if len(starts) <= MOST:
        return head, text, ()
    last = max((match.end() for match in ITEM_END.finditer(text, starts[MOST])), default=len(text))
    said = f"{len(starts)} entries: only the first {MOST} were read"
    return head, text[: starts[MOST]] + text[last:], (said,)


def parse(text: str, url: str) -> feedparser.FeedParserDict:
    """Return feedparser's result, item by item where it fails on the whole: then the others are read at least."""
    if DOCTYPE.search(text[:SNIFFED]):
        text = DOCTYPE_WHOLE.sub("", text, count=1)  # nobody shall look for the DTD it names
    text = LONG_TAG.sub("", sound_references(DECLARATION.sub("", text)))
    try:
        return _feedparser(text, url)
    except Exception as error:  # noqa: BLE001  # its bugs: KeyError, ValueError ... on names and links in odd places
        return _by_item(text, url, error)


def _feedparser(text: str, url: str) -> feedparser.FeedParserDict:
    """Return feedparser's result; it is told UTF-8, since we decided on the charset already.

    It gets a stream, since a string could be opened as a file.
    """
    return feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _by_item(text: str, url: str, error: Exception) -> feedparser.FeedParserDict:
    starts = [match.start() for match in ITEM.finditer(text)]
    entries = []
    for start, end in pairwise([*starts, len(text)]):
        with suppress(Exception):
            entries += _feedparser(f'<rss version="2.0"><channel>{text[start:end]}</channel></rss>', url).entries
    return feedparser.FeedParserDict(
        entries=entries, feed={}, version="rss20" if entries else "", bozo=1, bozo_exception=repr(error)
    )
