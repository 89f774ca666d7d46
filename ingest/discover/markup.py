"""XML as sites write it, made fit for a reader: its root found, entities refused, ampersands and references mended."""

import re
from typing import Final

from ingest.errors import Permanent

SNIFFED: Final = 2048
"""Characters, without comments and instructions, in which a document's root is."""
ASIDES: Final = 50
ASIDE: Final = re.compile(r"<!--|<\?")
ENDS: Final = {"<!--": "-->", "<?": "?>"}
JUNK: Final = 50_000
"""Characters in which a declaration is looked for, which may follow a server's warnings."""
PAGE: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title|script)[\s>]", re.IGNORECASE)
"""What never precedes the root of a listing: a web page may mention one further down."""
LISTING: Final = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex|rss|feed|rdf|channel)[\s/>]", re.IGNORECASE)
SPACE: Final = re.compile(r"[\s\ufeff]*")
DOCTYPE: Final = re.compile("<!DOCTYPE", re.IGNORECASE)
SUBSET: Final = re.compile(r"""<!DOCTYPE(?:[^"'\[<>]|"[^"]*+"|'[^']*+')*+\[""", re.IGNORECASE)
"""A document type with declarations of its own."""
ENTITY: Final = re.compile("<!ENTITY", re.IGNORECASE)
BARE: Final = re.compile("&(?!(?:#[0-9]+|#x[0-9a-f]+|amp|lt|gt|quot|apos);)", re.IGNORECASE)
CDATA: Final = ("<![CDATA[", "]]>")
TAG: Final = re.compile(r"<!\[CDATA\[|<[a-zA-Z/]")
REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
LAST: Final = 0x10FFFF


def opening(text: str) -> str:
    """Return the first SNIFFED characters of markup that are in no comment and no instruction, however long those are.

    A server's warnings before the declaration do not count either.
    """
    found, start = "", preface(text)
    for _ in range(ASIDES):
        start = SPACE.match(text, start).end()  # type: ignore[union-attr]  # it always matches
        aside = ASIDE.search(text, start, start + SNIFFED)
        if not aside or len(found) > SNIFFED:
            break
        found += text[start : aside.start()]
        if (end := text.find(ENDS[aside[0]], aside.end())) < 0:
            return found[:SNIFFED]
        start = end + len(ENDS[aside[0]])
    return (found + text[start : start + SNIFFED])[:SNIFFED]


def preface(text: str) -> int:
    """Return where XML begins, if something stands before its declaration that is no document; else 0."""
    start = max(text.find("<?xml", 0, JUNK), 0)
    return 0 if PAGE.search(text, 0, start) or LISTING.search(text, 0, start) else start


def refuse_entities(text: str, url: str) -> None:
    """Raise Permanent (`xml_dtd`) for XML that declares entities: they can be a bomb, or read files."""
    if (subset := SUBSET.search(text)) and ENTITY.search(text, subset.end()):
        raise Permanent("xml_dtd", f"{url} declares entities: such a document is not read, they can be a bomb")


def escape_ampersands(text: str) -> tuple[str, int]:
    """Return XML with its bare ampersands escaped, outside of CDATA, and how many they were.

    libxml2 in recovery mode silently turns `?a=1&b=2` into `?a=1=2`.
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


def without_comments(text: str) -> str:
    """Return markup without its comments; one that is never closed is none."""
    first, *rest = text.split("<!--")
    parts = (piece.partition("-->") for piece in rest)
    return "".join((first, *(after if end else inside for inside, end, after in parts)))


def sound_references(text: str) -> str:
    """Return text with U+FFFD for each character reference to no character: XML readers fail on those."""
    return REFERENCE.sub(_sound, text) if "&#" in text else text


def _sound(reference: re.Match[str]) -> str:
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    number = int(digits, base) if len(digits.lstrip("0")) <= len(str(LAST)) else LAST + 1
    return reference[0] if number <= LAST and not 0xD800 <= number <= 0xDFFF else "&#xFFFD;"  # noqa: PLR2004  # Unicode
