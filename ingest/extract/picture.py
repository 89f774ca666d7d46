"""The main picture: its address, the caption under it, and whom it is credited to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import ada_url
from lxml.html import HtmlElement

from ingest.errors import Permanent
from ingest.extract.head import Attributed, Head, first, first_attributed, line
from ingest.extract.jsonld import strings
from ingest.urls import canonical

IMAGE: Final = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "image")
EMPTY: Final = re.compile(r"logo|placeholder|default[-_.]|blank\.|no-?image|avatar|favicon", re.IGNORECASE)
"""In addresses of pictures that do not belong to the article."""
CAPTION: Final = 500
CREDIT: Final = re.compile(
    r"(?:تصوير|الصورة|المصدر|مصدر الصورة|صورة|عدسة|photo(?:graph)?(?: by| credit)?|image(?: source| credit)?|credit"
    r"|source)"
    r"\s*[:：/]\s*(?P<named>[^|.()]{2,60})"
    r"|[(\[](?P<bracketed>[^()\[\]]{2,40})[)\]]\W*$|(?P<stock>(?:getty images|غيتي|shutterstock|istock)[^|]{0,40})",
    re.IGNORECASE,
)
CAPTIONS: Final = 6
"""First captions of a page that are looked at; the article's own come before its neighbours'."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The main picture of an article."""

    url: str = ""
    caption: str = ""
    credit: str = ""


def picture(head: Head, base: str) -> tuple[Picture, str]:
    """Return the main picture and its origin on the page; a logo only where there is nothing else."""
    best = _best(
        Attributed(url, attributed.origin) for attributed in _places(head) if (url := absolute(attributed.value, base))
    )
    caption = first_attributed(attributed for attributed in _captions(head) if len(attributed.value) <= CAPTION).value
    credited = (text for node in head.linked.nodes("image") for text in strings(node.get("creditText")))
    return Picture(best.value, caption, first(credited) or _credit(caption)), best.origin


def _best(places: Iterator[Attributed[str]]) -> Attributed[str]:
    logo = Attributed("")
    for attributed in places:
        if not EMPTY.search(attributed.value):
            return attributed
        logo = logo if logo.value else attributed
    return logo


def _places(head: Head) -> Iterator[Attributed[str]]:
    yield from (Attributed(url, "json-ld") for url in head.linked.strings("image", "url", "contentUrl", "@id"))
    yield from head.meta_values(*IMAGE)


def _captions(head: Head) -> Iterator[Attributed[str]]:
    for node in islice(head.tree.iter("figcaption"), CAPTIONS):
        yield Attributed(_text(node), "shown")
    for node in head.linked.nodes("image"):
        yield from (Attributed(text, "json-ld") for text in strings(node.get("caption")))


def _text(node: HtmlElement) -> str:
    return line(node.text_content()[: 2 * CAPTION])


def _credit(caption: str) -> str:
    match = CREDIT.search(caption)
    return line(next((group for group in match.groups() if group), "")) if match else ""


def absolute(place: str, base: str) -> str:
    """Return the canonical form of an address on a page, '' if it is not of the web."""
    try:
        url = canonical(ada_url.URL(place.strip(), base=base).href)
    except (ValueError, Permanent):
        return ""
    return url if url.startswith("http") else ""
