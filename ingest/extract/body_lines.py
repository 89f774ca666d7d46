"""The article's lines: its blocks in order, without what leads elsewhere."""

import re
from typing import Final

from ingest.extract.body_container import ENDING, Found
from ingest.extract.body_blocks import Block

SHORT: Final = 40
"""Characters; a shorter line that stands loose in a box is a label."""
OPENING: Final = 60
"""Characters; a shorter line without a full stop above the first paragraph is a byline, a place or a date."""
LINKED_LEAD: Final = 60
"""Characters of a paragraph that may be mostly links: a lead under links to its subjects."""
BESIDE: Final = 15
"""Characters beside its links that make it one."""
FIRM: Final = frozenset("li blockquote td th pre dd dt".split())
KEPT: Final = FIRM | {"p"}
HEADINGS: Final = frozenset("h2 h3 h4 h5 h6".split())
UNWANTED: Final = frozenset({"h1", "figcaption", "caption"})
CLUTTER=re.compile(r"\binbox\b|\bfollow (?:us|me)\b|^read (?:more|also|next)\b|^related\b|^advertisement|^updated|^like this|^listen to",re.I)

def lines_of(found: Found) -> list[str]:
    """Return the lines of the article, headings only where text follows."""
    layout, box = found.layout, found.layout.boxes[found.top]
    lines: list[str] = []
    headings: list[tuple[str, str]] = []
    end = 0
    for index in range(box.first, box.last):
        block = layout.blocks[index]
        prose = found.prose[index]
        if found.dropped[block.box] or prose < 0 or block.kind in UNWANTED:
            continue
        if block.kind in HEADINGS:
            while headings and headings[-1][0] >= block.kind:
                headings.pop()
            headings.append((block.kind, block.text))
        elif _belongs(block, prose, opening=not lines, quoted=layout.boxes[block.box].tag == "blockquote"):
            lines += [text for _, text in headings]
            headings.clear()
            lines.append(block.text)
            if prose or block.kind in FIRM or ENDING.search(block.text):
                end = len(lines)
    return lines[:end]


def _belongs(block: Block, prose: int, *, opening: bool, quoted: bool) -> bool:
    text, size = block.text, len(block.text)
    if size<300 and CLUTTER.search(text): return False
    if block.links * 2 > size and not quoted and not _is_linked_lead(block):
        return False
    if _is_code(text):
        return False
    if opening and not prose and size < OPENING and block.kind in ("p", "", "td") and not ENDING.search(text):
        return False
    return prose > 0 or size > SHORT or block.kind in KEPT


def _is_linked_lead(block: Block) -> bool:
    size = len(block.text)
    return block.kind == "p" and size >= LINKED_LEAD and size - block.links >= BESIDE and bool(ENDING.search(block.text))


def _is_code(text: str) -> bool:
    """Tell whether a line is an address, or data that a script left in the page."""
    if " " not in text:
        return len(text) > SHORT or text.startswith("http")
    return text[0] in "{[" and text[-1] in "}]"
