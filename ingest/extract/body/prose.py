"""Which blocks are prose, and which of them are captions or stood on the page before."""

import re
from collections.abc import Sequence
from typing import Final

from ingest.extract.body.blocks import Block, Layout

PROSE: Final = {"p": 40, "blockquote": 40, "pre": 40, "": 80, "li": 100, "dd": 100, "td": 100}
"""Minimum characters of prose, by kind of block; other kinds are never prose."""
RUN: Final = 150
"""Minimum characters of lines separated by <br> that together are prose."""
RUN_LINE: Final = 20
RUN_KINDS: Final = frozenset({"", "p", "td", "blockquote"})
PARAGRAPH_KINDS: Final = frozenset({"p", "li", "dd"})
ENDING: Final = re.compile(r"[.!?…:؟۔。！？\"”»'’)]$")
CUT: Final = re.compile(r"(?:…|\.\.)$")
"""The end of a teaser: no article's paragraph is cut off."""
CAPTION: Final = 400
"""Maximum characters of a caption, and of all texts beside one image."""
CAPTION_TEXTS: Final = 2
"""A caption and its credit."""
CAPTION_SHARE: Final = 0.3
"""A text beside an image that is a larger share of the page is the article."""
PARAGRAPH: Final = 150
"""A longer paragraph of whole sentences beside an image is no caption: lists of things show a picture of each."""


def prose_of(layout: Layout) -> list[int]:
    """Return for each block its characters of prose, without its links."""
    runs: dict[int, int] = {}
    for block in layout.blocks:
        runs[block.run] = runs.get(block.run, 0) + len(block.text) - 2 * block.links
    return [len(b.text) - b.links if _is_prose(b, runs[b.run]) else 0 for b in layout.blocks]


def _is_prose(block: Block, run: int) -> bool:
    size = len(block.text)
    if block.links * 2 > size:
        return False
    if size >= PROSE.get(block.kind, size + 1):
        return True
    return run >= RUN and size > RUN_LINE and block.kind in RUN_KINDS


def strike_captions(layout: Layout, prose: list[int]) -> None:
    """Mark the few words in a box with an image, and those that repeat its alternative text."""
    limit = min(CAPTION, CAPTION_SHARE * sum(prose))
    for box in layout.boxes:
        if not box.image or box.last - box.first > CAPTION_TEXTS:
            continue
        texts = layout.blocks[box.first : box.last]
        if sum(len(block.text) for block in texts) < limit and (_is_card(texts) or not any(map(_is_paragraph, texts))):
            prose[box.first : box.last] = [-1] * len(texts)
    for index, block in enumerate(layout.blocks if layout.alts else ()):
        if block.text in layout.alts and block.kind[:1] != "h":
            prose[index] = -1


def _is_card(texts: Sequence[Block]) -> bool:
    """Return whether a text is beside the linked title of another article."""
    return any(2 * block.links > len(block.text) for block in texts)


def _is_paragraph(block: Block) -> bool:
    whole = ENDING.search(block.text) and not CUT.search(block.text)
    return len(block.text) > PARAGRAPH and block.kind in PARAGRAPH_KINDS and bool(whole)


def strike_repetitions(layout: Layout, prose: list[int]) -> None:
    """Mark prose that occurred before: pages for small screens, and print versions, repeat the article."""
    said: set[str] = set()
    for index, block in enumerate(layout.blocks):
        if prose[index] > 0:
            prose[index] = -1 if block.text in said else prose[index]
            said.add(block.text)
