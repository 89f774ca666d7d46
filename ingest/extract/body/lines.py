"""The article's lines: its blocks in order, without what leads elsewhere."""

from collections.abc import Iterator
from typing import Final

from ingest.dates import parse_date
from ingest.extract.body.blocks import Block, Layout
from ingest.extract.body.clutter import is_clutter, opens_clutter, reads_as_date
from ingest.extract.body.container import Found
from ingest.extract.body.credit_line import is_credit_line
from ingest.extract.body.marks import HEADINGS, words
from ingest.extract.body.prose import ENDING

LABEL: Final = 40
"""A shorter line (characters) outside any paragraph is a label."""
OPENING: Final = 60
"""A shorter line (characters) without a full stop above the first paragraph is a byline, a place or a date."""
BYLINE_WORDS: Final = 5
"""Maximum words of a byline; more are a sentence without its full stop."""
QUOTES: Final = " \"'«»“”„‘’"
LEAD: Final = 60
"""Characters of a paragraph that may be mostly links: a lead, linked to its subjects."""
BESIDE: Final = 15
"""Minimum characters of it outside its links."""
LINKED_ITEM: Final = 0.9
"""Share of links from which an item of a list leads elsewhere."""
CELLS: Final = words("td th")
FIRM: Final = words("li blockquote td th pre dd dt")
KEPT: Final = FIRM | {"p"}
UNWANTED: Final = frozenset({"h1", "figcaption", "caption"})
ABOVE: Final = 0.3
"""Maximum prose above the headline, as a share of that below, that is not the article's."""
TAIL: Final = 0.5
"""After this share of the prose, a heading such as «أخبار ذات صلة» ends the article."""


def lines_of(found: Found, headline: str = "") -> list[str]:
    """Return the lines of the article; headings only where text follows, nothing after «أخبار ذات صلة».

    The headline, and what is between it and the text, are not among them.
    """
    layout = found.layout
    total = sum(value for _, value in _blocks(found, headline) if value > 0)
    lines: list[str] = []
    headings: list[Block] = []
    end = read = 0
    led_away = False
    previous: Block | None = None
    for block, prose in _blocks(found, headline):
        opens = opens_clutter(block.text)
        if opens and read > TAIL * total:
            break
        if opens or block.kind in HEADINGS:
            led_away = opens or is_clutter(block.text)
            if not led_away and (lines or block.text != headline):
                _put(headings, block)
        elif led_away and block.kind == "li" and not prose:
            continue
        elif _belongs(block, prose, headline if not lines else None, quoted=_is_quoted(layout, block)) or (
            previous is not None and _is_subheading(layout, block, previous)
        ):
            led_away = led_away and not prose
            if headings or not lines or not _is_next_cell(layout, block, previous):
                lines += [*(heading.text for heading in headings), block.text]
            else:
                lines[-1] += f" {block.text}"
            headings.clear()
            previous = block
            read += prose
            if prose or block.kind in FIRM or ENDING.search(block.text):
                end = len(lines)
    return _without_pull_quotes(lines[:end], layout)


def _without_pull_quotes(lines: list[str], layout: Layout) -> list[str]:
    """Return the lines without quotations that are a piece of another line: it is shown twice to be seen."""
    quotes = {block.text for block in layout.blocks if len(block.text) > LABEL and _is_quoted(layout, block)}
    text = "\n".join(lines) if quotes else ""
    return [said for said in lines if said not in quotes or text.count(said.strip(QUOTES)) == 1]


def _blocks(found: Found, headline: str) -> Iterator[tuple[Block, int]]:
    """Yield the blocks of the article's box that may be its lines, each with its prose."""
    box = found.layout.boxes[found.top]
    for index in range(_start(found, headline), box.last):
        block, prose = found.layout.blocks[index], found.prose[index]
        if not found.dropped[block.box] and prose >= 0 and block.kind not in UNWANTED:
            yield block, prose


def _start(found: Found, headline: str) -> int:
    """Return where the article's box begins, or its headline there if little is above: a notice, a ticker."""
    box, blocks = found.layout.boxes[found.top], found.layout.blocks
    named = (at for at in range(box.first, box.last) if blocks[at].kind == "h1" and blocks[at].text == headline)
    start = next(named, box.first) if headline else box.first
    above, below = (sum(map(abs, part)) for part in (found.prose[box.first : start], found.prose[start : box.last]))
    return start if above <= ABOVE * below else box.first


def _is_next_cell(layout: Layout, block: Block, previous: Block | None) -> bool:
    """Return whether a short text is in the same row of a table as the text before it: «عيار 24», «5200»."""
    if previous is None or previous.box == block.box or not block.kind == previous.kind == "td":
        return False
    row = layout.boxes[block.box].parent
    short = len(block.text) <= LABEL and len(previous.text) <= LABEL
    return short and layout.boxes[row].tag == "tr" and layout.boxes[previous.box].parent == row


def _is_subheading(layout: Layout, block: Block, previous: Block) -> bool:
    """Return whether a short line is in a box like that of the paragraph before it: <div> for each paragraph."""
    box, before = layout.boxes[block.box], layout.boxes[previous.box]
    alike = (box.parent, box.tag, box.name) == (before.parent, before.tag, before.name)
    said = " " in block.text and not any(map(str.isdigit, block.text)) and not is_clutter(block.text)
    return alike and said and block.box != previous.box and not block.kind and not block.links


def _put(headings: list[Block], block: Block) -> None:
    """Add a heading; a short one before it, of its own level or below, had no text."""
    while headings and headings[-1].kind >= block.kind and not _says_something(headings[-1]):
        headings.pop()
    headings.append(block)


def _says_something(heading: Block) -> bool:
    return len(heading.text) > LABEL and heading.links * 2 <= len(heading.text)


def _is_quoted(layout: Layout, block: Block) -> bool:
    return layout.boxes[block.box].tag == "blockquote"


def _belongs(block: Block, prose: int, headline: str | None, *, quoted: bool) -> bool:
    """Return whether a block is a line of the article; `headline` is given until the first line was found."""
    text, size = block.text, len(block.text)
    if _is_code(text) or is_clutter(text):
        return False
    if block.links * 2 > size and not quoted and not _is_linked_text(block):
        return False
    if headline is not None and (text == headline or _is_label(block, prose) or is_credit_line(text)):
        return False
    return prose > 0 or size > LABEL or block.kind in KEPT


def _is_label(block: Block, prose: int) -> bool:
    """Return whether a line above the first paragraph is a byline, a place or a date."""
    if reads_as_date(block.text) and parse_date(block.text):
        return True
    if prose or len(block.text) >= OPENING or ENDING.search(block.text):
        return False
    return block.kind in ("", "td") or (block.kind == "p" and sum(map(_is_word, block.text.split())) <= BYLINE_WORDS)


def _is_word(token: str) -> bool:
    return any(map(str.isalnum, token))


def _is_linked_text(block: Block) -> bool:
    size = len(block.text)
    if block.kind in CELLS or (block.kind == "li" and block.links < LINKED_ITEM * size):
        return True
    return block.kind == "p" and size >= LEAD and size - block.links >= BESIDE and bool(ENDING.search(block.text))


def _is_code(text: str) -> bool:
    """Return whether a line is an address, or data that a script left in the page."""
    if " " not in text:
        return (len(text) > LABEL and text.isascii()) or text.startswith("http")  # Japanese has no spaces
    return text[0] in "{[" and text[-1] in "}]"
