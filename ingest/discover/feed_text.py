"""A feed's text by feedparser: what it fails on, or is slow at, is mended or left out first."""

import re
from itertools import pairwise
from typing import Final

from feedparser.util import FeedParserDict

from ingest.discover.feed_parser import feedparsed
from ingest.discover.markup import DOCTYPE, SNIFFED, first_tags, sound_references, without_comments
from ingest.discover.parts import DECLARATION, LONGEST_TEXT, MOST, absolute
from ingest.urls import same_site

ITEM: Final = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
EMPTY: Final = 100_000
"""Characters of a feed without entries that are looked at."""
TAGS: Final = 100_000
"""Start and end tags of MOST entries, with 25 elements each; feedparser needs 30 us for an element (measured)."""
TAGS_OF_ONE: Final = 1000
"""Those of a long article, as XHTML."""
TAGS_AT_LEAST: Final = 5000
ITEM_END: Final = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
ITEM_EDGE: Final = re.compile(rf"{ITEM.pattern}|{ITEM_END.pattern}", re.IGNORECASE)
DOCTYPE_WHOLE: Final = re.compile(r"<!DOCTYPE[^>\[]{0,500}(?:\[[^\]]{0,500}\])?\s*>", re.IGNORECASE)
LONG_TAG: Final = re.compile(r"<[a-zA-Z/][^<>]{8000,}>?")
"""No feed has longer tags; feedparser takes quadratic time in the attributes, over 30 s for 100,000 (measured)."""
LONG_TEXT: Final = re.compile(rf">[^<>]{{{LONGEST_TEXT},}}")
"""expat calls Python for each reference in a text."""
REFERENCE: Final = len("&#x10FFFF;")


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


CHANNEL_LINK: Final = re.compile(
    r"<image\b.*?</image\s*>|<link>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,2048})|<link\b(?=[^<>]{0,2000}\balternate\b)[^<>]{0,2000}"
    r"\bhref\s*=\s*[\"']([^\"']{1,2048})",
    re.IGNORECASE | re.DOTALL,
)
HEAD: Final = 20_000


def within_tags(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a feed with as many tags as are read, and sentences on what is left out.

    An entry has a share, so that one of many tags takes no other's place; all of them have what their number allows, or
    a few could take as long as the longest feed.
    """
    text, shared = _shared(text)
    most = min(TAGS, TAGS_AT_LEAST + TAGS_OF_ONE * sum(1 for _ in ITEM.finditer(text)))
    text, cut = first_tags(text, most)
    return text, (*shared, *cut)


def _shared(text: str) -> tuple[str, tuple[str, ...]]:
    if text.count("<") <= TAGS_AT_LEAST:
        return text, ()
    edges = [0, *(edge.start() for edge in ITEM_EDGE.finditer(text)), len(text)]
    pieces = [first_tags(text[start:end], TAGS_AT_LEAST) for start, end in pairwise(edges)]
    return "".join(piece for piece, _ in pieces), tuple(said for _, cut in pieces for said in cut)[:1]


def base_of(head: str, url: str) -> str:
    """Return the base of a feed's relative links: its own address or, if its channel names another site, that one.

    Feed services serve many sites' feeds unchanged, so relative links belong to the original site.
    """
    links = (found[1] or found[2] for found in CHANNEL_LINK.finditer(head[:HEAD]))
    home = next((address for link in links if link and (address := absolute(link, url))), "")
    return home if home and not same_site(home, url) else url


def parse(text: str, base: str) -> FeedParserDict:
    """Return feedparser's result, item by item where it fails on the whole: then the others are read at least.

    So too where an item swallows others, because one of its tags, comments or CDATA sections is never closed.
    """
    if DOCTYPE.search(text[:SNIFFED]):
        text = DOCTYPE_WHOLE.sub("", text, count=1)  # so that nothing fetches the DTD it names
    text = LONG_TEXT.sub(_cut, LONG_TAG.sub("", sound_references(DECLARATION.sub("", text))))
    try:
        parsed = feedparsed(text, base)
    except Exception as error:  # noqa: BLE001  # its bugs: KeyError, ValueError ... on names and links in odd places
        return _by_item(text, base, error)
    if parsed.bozo and len(parsed.entries) < sum(1 for _ in ITEM.finditer(text)):
        alone = _by_item(without_comments(text), base, parsed.bozo_exception).entries
        parsed["entries"] = max(parsed.entries, alone, key=len)
    return parsed


def _cut(long: re.Match[str]) -> str:
    """Return the start of a text, no reference cut in two."""
    start = long[0][:LONGEST_TEXT]
    return start.rpartition("&")[0] if "&" in start[-REFERENCE:] else start


def _by_item(text: str, base: str, error: Exception) -> FeedParserDict:
    starts = [match.start() for match in ITEM.finditer(text)]
    entries, lost = [], []
    for number, (start, end) in enumerate(pairwise([*starts, len(text)]), 1):
        try:
            entries += feedparsed(f'<rss version="2.0"><channel>{text[start:end]}</channel></rss>', base).entries
        except Exception:  # noqa: BLE001  # as above: this item is the one it fails on
            lost.append(number)
    fault = f"{error!r}{f', in entry {lost[:20]}' if lost else ''}"
    return FeedParserDict(entries=entries, feed={}, version="rss20" if entries else "", bozo=True, bozo_exception=fault)
