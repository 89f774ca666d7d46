"""The standfirst: the paragraph between headline and text that many sites set in a box of its own.

It is the article's first paragraph, and what the page declares as its description. A heading is a subtitle instead.
"""

from typing import Any, Final

from lxml import etree
from lxml.html import HtmlElement

from ingest.extract.body.container import Found
from ingest.extract.body.prose import ENDING, PROSE
from ingest.extract.white import squeezed

DECLARED: Final[Any] = etree.XPath("/html/head/meta[@name='description' or @property='og:description']/@content")
ALIKE: Final = 50
"""Characters in which paragraph and description begin alike; descriptions are cut off."""
SENTENCE: Final = 250
"""Characters from which a heading is a paragraph."""


def standfirst(found: Found, lines: list[str], tree: HtmlElement) -> str:
    """Return the standfirst that precedes the article's lines and is not among them, or ''."""
    if not lines:
        return ""
    candidates = _before(found, lines[0])
    if not candidates:
        return ""
    begun = {line[:ALIKE] for line in lines}
    declared = {squeezed(text)[:ALIKE] for text in DECLARED(tree.getroottree())} - begun
    return next((text for text in candidates if text[:ALIKE] in declared), "")


def _before(found: Found, first: str) -> list[str]:
    texts: list[str] = []
    for block in found.layout.blocks:
        if block.text == first:
            return texts
        size = len(block.text)
        said = size >= ALIKE and block.links * 2 <= size and ENDING.search(block.text)
        if said and (block.kind in PROSE or size >= SENTENCE):
            texts.append(block.text)
    return []
