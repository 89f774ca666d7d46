"""The text of a page as blocks in boxes."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Block:
    """A run of text between two borders of elements, or two <br>."""

    text: str
    links: int
    """Characters of it inside links."""
    kind: str
    """The nearest element of KINDS, or '' for text that stands loose in a box."""
    box: int
    run: int
    """Blocks that only <br> parts share a run."""


@dataclass(slots=True)
class Box:
    """An element that holds blocks or other boxes."""

    tag: str
    parent: int
    """Index of the box around it; the outermost is its own."""
    first: int
    """Index of its first block."""
    suspicion: float
    """The share of a page's prose up to which it is dropped; 0 = never."""
    name: str
    """Its class: boxes of one name, side by side, are of one kind."""
    story: int
    """Whether it is marked as an article's: see body_marks."""
    last: int = 0
    unread: int = 0
    """Characters of a menu, which is not read: half of a page's elements are in such boxes."""
    """Index behind its last block."""
    image: bool = False
    """It holds an image itself."""


@dataclass(slots=True)
class Layout:
    """All boxes and blocks of a page, in document order."""

    boxes: list[Box] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    alts: set[str] = field(default_factory=set)
    """Alternative texts of images."""

    def sums(self, values: list[int], own: list[int] | None = None) -> list[int]:
        """Return for each box the sum of its blocks' values, boxes inside it included."""
        sums = own or [0] * len(self.boxes)
        for block, value in zip(self.blocks, values, strict=True):
            sums[block.box] += value
        for index in range(len(sums) - 1, 0, -1):
            sums[self.boxes[index].parent] += sums[index]
        return sums
