"""One walk over a page's tree: its text as blocks in boxes, nothing judged and nothing dropped yet."""

from typing import Final

from lxml.html import HtmlElement

from ingest.extract.body.blocks import Block, Box, Layout
from ingest.extract.body.marks import STORY_NONE, named, story, suspicion, words
from ingest.extract.white import squeezed

SKIP: Final = words("script style svg embed video audio canvas map input option head title link meta progress")
"""Elements without a reader's text."""
INLINE: Final = words(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q rp rt ruby s samp small span "
    "strike strong sub sup time tt u var wbr"
)
NAMED: Final = words("p span a time small cite em i h2 h3 h4 h5 h6")
"""Elements that flow with the text around them, unless their class says that they are something else."""
CARRIERS: Final = words("p h1 h2 h3 h4 h5 h6 pre")
"""Elements that give their text a kind and leave it to the box around them."""
KINDS: Final = CARRIERS | words("li blockquote dt dd td th caption figcaption summary")
LINES: Final = words("p br")
MENU_TEXT: Final = 100
"""Maximum characters of a text in a menu."""
ALT: Final = 15
"""A longer text (characters) that repeats an image's alternative text is its caption."""


def read_layout(tree: HtmlElement) -> Layout:
    """Return the blocks and boxes of a page. The tree stays as it is."""
    root = tree.find("body")
    walk = _Walk(tree)
    walk.enter(tree if root is None else root, 0, "", linked=False, suspect=0.0)
    return walk.layout


class _Walk:
    """The state of one walk: the block that is being read, and what was read before."""

    def __init__(self, tree: HtmlElement) -> None:
        self.layout = Layout()
        self._tree = tree
        self._streamed: dict[str, HtmlElement] | None = None
        self._text: list[str] = []
        self._links = 0
        self._run = 0

    def enter(self, element: HtmlElement, parent: int, kind: str, *, linked: bool, suspect: float) -> None:
        """Read an element as a box of its own."""
        boxes, blocks = self.layout.boxes, self.layout.blocks
        index = len(boxes)
        mark = story(element) if suspect == 0 else STORY_NONE
        box = Box(element.tag, parent, len(blocks), suspect, element.get("class") or "", mark)
        boxes.append(box)
        self._inside(element, index, kind, linked)
        self._close(index, kind)
        box.last = len(blocks)

    def _inside(self, element: HtmlElement, box: int, kind: str, linked: bool) -> None:  # noqa: FBT001  # hot
        if text := element.text:
            self._add(text, linked)
        for child in element:
            tag = child.tag
            if tag in INLINE:
                if tag in NAMED and (suspect := named(child.get("class"))):
                    self._close(box, kind)
                    self._aside(child, box, suspect, linked)
                else:
                    self._inside(child, box, kind, linked or tag == "a")
            elif tag in CARRIERS:
                self._close(box, kind)
                if suspect := named(child.get("class")):
                    self._aside(child, box, suspect, linked)
                else:
                    self._inside(child, box, tag, linked)
                    self._close(box, tag)
            elif tag not in SKIP:
                self._block(child, box, kind, linked)
            if text := child.tail:
                self._add(text, linked)

    def _aside(self, child: HtmlElement, box: int, suspect: float, linked: bool) -> None:  # noqa: FBT001  # hot
        tag = child.tag
        self.enter(child, box, tag if tag in KINDS else "", linked=linked or tag == "a", suspect=suspect)

    def _block(self, child: HtmlElement, box: int, kind: str, linked: bool) -> None:  # noqa: FBT001  # hot
        tag = child.tag
        if tag == "img":
            self._image(child, box)
            return
        self._close(box, kind)
        if tag == "br":
            self._run -= 1
        elif tag == "template" and (late := self._late(child)) is not None:
            self.enter(late, box, "", linked=linked, suspect=0.0)
        elif len(child) or child.text:
            suspect = suspicion(child)
            if suspect and (size := _menu(child)) is not None:
                self.layout.boxes[box].unread += size
            else:
                inner = tag if tag in KINDS else kind if kind == "blockquote" else ""
                self.enter(child, box, inner, linked=linked, suspect=suspect)

    def _image(self, image: HtmlElement, box: int) -> None:
        self.layout.boxes[box].image = True
        alt = squeezed(image.get("alt") or "")
        if len(alt) > ALT:
            self.layout.alts.add(alt)

    def _late(self, template: HtmlElement) -> HtmlElement | None:
        """Return what a page that is streamed sends later for a place: <template id="B:1">, <div hidden id="S:1">."""
        if self._streamed is None:
            late = self._tree.xpath("//div[@hidden][starts-with(@id, 'S:')]")
            self._streamed = {element.get("id")[2:]: element for element in late}
        return self._streamed.pop((template.get("id") or "")[2:], None)

    def _add(self, text: str, linked: bool) -> None:  # noqa: FBT001  # hot
        if not text.isspace():
            self._text.append(text)
            if linked:
                self._links += len(text.strip())
        elif self._text:
            self._text.append(" ")

    def _close(self, box: int, kind: str) -> None:
        self._run += 1
        if self._text:
            text = squeezed("".join(self._text))
            self.layout.blocks.append(Block(text, min(self._links, len(text)), kind, box, self._run))
            self._text.clear()
            self._links = 0


def _menu(element: HtmlElement) -> int | None:
    """Return the characters of an element that has neither paragraphs nor lines nor a long text, else None."""
    size = len(element.text or "")
    if size > MENU_TEXT or next(element.iterdescendants(*LINES), None) is not None:
        return None
    for node in element.iterdescendants():
        for text in (node.text, node.tail):
            if text:
                if len(text) > MENU_TEXT:
                    return None
                size += len(text)
    return size
