"""The article's lines: its blocks in order, without what leads elsewhere."""

from typing import Final

from ingest.dates import parse_date
from ingest.extract.body.blocks import Block
from ingest.extract.body.clutter import is_clutter, opens_clutter, reads_as_date
from ingest.extract.body.container import ENDING, Found
from ingest.extract.body.marks import words

LABEL: Final = 40
"""Characters; a shorter line that stands loose in a box is a label."""
OPENING: Final = 60
"""Characters; a shorter line without a full stop above the first paragraph is a byline, a place or a date."""
BYLINE_WORDS: Final = 5
"""Of a paragraph that is a byline; more are a sentence without its full stop."""
LEAD: Final = 60
"""Characters of a paragraph that may be mostly links: a lead, linked to its subjects."""
BESIDE: Final = 15
"""Characters beside its links that make it one."""
FIRM: Final = words("li blockquote td th pre dd dt")
KEPT: Final = FIRM | {"p"}
HEADINGS: Final = words("h2 h3 h4 h5 h6")
UNWANTED: Final = frozenset({"h1", "figcaption", "caption"})
TAIL: Final = 0.5
"""Share of the prose behind which a heading such as «أخبار ذات صلة» ends the article."""


def lines_of(found: Found) -> list[str]:
    """Return the lines of the article; headings only where text follows, nothing after «أخبار ذات صلة»."""
    layout, box = found.layout, found.layout.boxes[found.top]
    total = sum(value for value in found.prose[box.first : box.last] if value > 0)
    lines: list[str] = []
    headings: list[tuple[str, str]] = []
    end = read = 0
    for index in range(box.first, box.last):
        block, prose = layout.blocks[index], found.prose[index]
        if found.dropped[block.box] or prose < 0 or block.kind in UNWANTED:
            continue
        if opens_clutter(block.text):
            if read > TAIL * total:
                break
        elif block.kind in HEADINGS:
            while headings and headings[-1][0] >= block.kind:
                headings.pop()
            headings.append((block.kind, block.text))
        elif _belongs(block, prose, opening=not lines, quoted=layout.boxes[block.box].tag == "blockquote"):
            lines += [text for _, text in headings]
            headings.clear()
            lines.append(block.text)
            read += prose
            if prose or block.kind in FIRM or ENDING.search(block.text):
                end = len(lines)
    return lines[:end]


def _belongs(block: Block, prose: int, *, opening: bool, quoted: bool) -> bool:
    text, size = block.text, len(block.text)
    if _is_code(text) or is_clutter(text):
        return False
    if block.links * 2 > size and not quoted and not _is_linked_lead(block):
        return False
    if opening and _is_label(block, prose):
        return False
    return prose > 0 or size > LABEL or block.kind in KEPT


def _is_label(block: Block, prose: int) -> bool:
    """Tell whether a line above the first paragraph is a byline, a place or a date."""
    if reads_as_date(block.text) and parse_date(block.text):
        return True
    if prose or len(block.text) >= OPENING or ENDING.search(block.text):
        return False
    return block.kind in ("", "td") or (block.kind == "p" and len(block.text.split()) <= BYLINE_WORDS)


def _is_linked_lead(block: Block) -> bool:
    size = len(block.text)
    return block.kind == "p" and size >= LEAD and size - block.links >= BESIDE and bool(ENDING.search(block.text))


def _is_code(text: str) -> bool:
    """Tell whether a line is an address, or data that a script left in the page."""
    if " " not in text:
        return len(text) > LABEL or text.startswith("http")
    return text[0] in "{[" and text[-1] in "}]"
