"""The body of a page: where its article is, and which of the lines there are the article's."""

from dataclasses import dataclass

from lxml.html import HtmlElement

from ingest.extract.body.container import Found, find_article
from ingest.extract.body.lines import lines_of
from ingest.extract.body.standfirst import standfirst
from ingest.extract.body.walk import read_layout
from ingest.extract.repeated import unseen


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of an article, and two numbers about its box."""

    lines: tuple[str, ...]
    links: float
    """Share of the characters in the article's box that are links, before they are cleaned out; 0 to 1."""
    share: float
    """Share of the page's prose that is in that box; 0 to 1."""
    section: float
    """Characters of the article as a share of the prose under its headline, dropped or not; over 1 if most is lists."""
    marked: bool
    """Whether the page marks that box, or one around it, as an article's."""
    own: bool = False
    """Whether it was chosen by its headline, among other stories."""

    @property
    def text(self) -> str:
        """The lines, one paragraph each."""
        return "\n".join(self.lines)


def read_body(tree: HtmlElement, seen: frozenset[int] = frozenset(), headline: str = "") -> Body:
    """Return the paragraphs of a page's article, none where there is no prose. The tree stays as it is.

    `seen` are the hashes (`line_hashes`) of lines that the host's other articles have too: they are left out.
    """
    found = find_article(read_layout(tree), headline)
    lines = lines_of(found, headline)
    if lead := standfirst(found, lines, tree):
        lines.insert(0, lead)
    section = sum(map(len, lines)) / max(1, _under_headline(found, headline))
    return Body(unseen(lines, seen), _linked(found), _share(found), section, found.marked, found.own)


def _linked(found: Found) -> float:
    box, layout = found.layout.boxes[found.top], found.layout
    blocks = [block for block in layout.blocks[box.first : box.last] if not found.dropped[block.box]]
    size = sum(len(block.text) for block in blocks)
    return sum(block.links for block in blocks) / size if size else 0.0


def _share(found: Found) -> float:
    box = found.layout.boxes[found.top]
    inside, every = (
        sum(max(0, value) for value in values) for values in (found.prose[box.first : box.last], found.prose)
    )
    return inside / every if every else 0.0


def _under_headline(found: Found, headline: str) -> int:
    """Return the characters of prose under the headline, in the smallest box that holds it and the article."""
    layout, top = found.layout, found.top
    places = [at for at, block in enumerate(layout.blocks) if block.kind[:1] == "h"]
    named = (at for at in places if layout.blocks[at].text == headline)
    place = next(named, next((at for at in places if layout.blocks[at].kind == "h1"), -1))
    while place >= 0 and top and not layout.boxes[top].first <= place < layout.boxes[top].last:
        top = layout.boxes[top].parent
    box = layout.boxes[top]
    return sum(found.said[max(place, box.first) : box.last])
