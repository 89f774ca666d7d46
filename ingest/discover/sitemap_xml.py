"""A sitemap's XML, element by element: sound or, where it is not, each of them read for itself."""

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final

from lxml import etree

from ingest.discover.markup import escape_ampersands, preface, sound_references, without_comments
from ingest.discover.parts import DECLARATION, LONGEST_FIELD

Element = tuple[str, dict[str, str]]
"""`url` or `sitemap`, and its texts by local name."""
READ: Final = 50_000
"""Entries that are looked at, by the protocol; the newest MOST of them are taken."""
ROOT: Final = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)[\s/>]", re.IGNORECASE)
TAGS_READ: Final = ("{*}url", "{*}sitemap", "{*}URL", "{*}SITEMAP")
START: Final = re.compile(r"<(?:\w+:)?(url|sitemap)(?:\s[^<>]{0,2000})?>", re.IGNORECASE)
MEDIA: Final = frozenset({"image", "video"})
MEDIA_NAMESPACE, FILM_NAMESPACE = "/sitemap-image", "/sitemap-video"


def elements(text: str, problems: list[str]) -> Iterator[Element]:
    """Yield its elements one by one; the whole tree is never in memory.

    A malformed file is read as far as possible. Of several images the first one counts.
    """
    text, bare = escape_ampersands(sound_references(DECLARATION.sub("", text[preface(text) :])))
    if bare:
        problems.append(f"{bare} ampersands are not escaped")
    data = io.BytesIO(text.encode("utf-8", "replace"))
    parser = etree.iterparse(
        data,
        events=("end",),
        tag=TAGS_READ,
        recover=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    number = 0
    try:
        for _, element in parser:
            yield _name(str(element.tag)), _fields(element)
            number += 1
            element.clear(keep_tail=False)
            while (before := element.getprevious()) is not None and before.tag == element.tag:
                before.getparent().remove(before)
            if number >= READ:
                problems.append(f"only the first {READ} entries were read")
                return
    except etree.XMLSyntaxError as error:
        problems.append(f"malformed, read as far as possible: {error}")
        return
    problems += [f"malformed, read as far as possible: {error.message}" for error in list(parser.error_log)[:1]]


def is_short(text: str, read: int, *, malformed: bool) -> bool:
    """Return whether a reader has lost elements at a fault, or knows none because their names are in mixed case."""
    if not malformed and read:
        return False
    return sum(1 for _ in islice(START.finditer(without_comments(text)), READ)) > read


def one_by_one(text: str) -> Iterator[Element]:
    """Yield its elements, each read for itself, so that what is wrong with one costs no other."""
    text, _ = escape_ampersands(sound_references(without_comments(text)))
    text = text[: text.rfind(">") + 1]  # half an address is another one
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_pis=True)
    starts = [(one[1].lower(), one.start(), one.end()) for one in islice(START.finditer(text), READ)]
    for (name, _, begins), (_, ends, _) in pairwise((*starts, ("", len(text), 0))):
        root = etree.fromstring(f"<x>{text[begins:ends]}</x>".encode("utf-8", "replace"), parser)
        yield name, _fields(root) if root is not None else {}


def _fields(element: etree._Element) -> dict[str, str]:
    fields: dict[str, str] = {}
    for child in element.iterdescendants():
        if isinstance(child.tag, str) and child.text:
            fields.setdefault(_name(child.tag), child.text[:LONGEST_FIELD].strip())
    return fields


@lru_cache(256)
def _name(tag: str) -> str:
    """Return an element's name without namespace or prefix, declared or not; with one of a picture or a video.

    Those have a loc, a title and a date of their own.
    """
    place, _, name = tag.rpartition("}")
    prefix, _, local = name.rpartition(":")
    if prefix in MEDIA or MEDIA_NAMESPACE in place or FILM_NAMESPACE in place:
        return f"{prefix if prefix in MEDIA else place.rpartition('-')[2][:5]}:{local}"
    return local.lower()
