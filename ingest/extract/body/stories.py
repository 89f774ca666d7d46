"""Several stories on a page: the box that is the declared headline's own."""

from typing import Final

from ingest.extract.body.blocks import Layout
from ingest.extract.body.marks import STORY

TITLES: Final = frozenset({"h1", "h2", "h3", "h4"})
TEXT: Final = 25
"""Minimum characters of an article besides its headline."""
TEASER: Final = 400
"""Maximum characters of prose under a linked heading; more is an article."""
TEASERS: Final = 0.9
"""Share of the prose outside the headline's box that must be other stories'."""


def own_story(layout: Layout, prose: list[int], headline: str) -> int:
    """Return the box of the story under a headline if the page has other stories too, else 0.

    Those are boxes marked alike with headings of their own, or short texts under linked headings.
    """
    sizes = [value if value >= 0 else len(block.text) for block, value in zip(layout.blocks, prose, strict=True)]
    place = _place(layout, headline)
    box = _story_around(layout, place)
    if not box or not _has_text(layout, box, place):
        return 0
    first, last = layout.boxes[box].first, layout.boxes[box].last
    outside = sum(size for at, size in enumerate(sizes) if not first <= at < last)
    return box if outside and _of_others(layout, sizes, box) >= TEASERS * outside else 0


def _place(layout: Layout, headline: str) -> int:
    """Return the block that is the headline, -1 where none is."""
    named = (at for at, block in enumerate(layout.blocks) if block.kind in TITLES and block.text == headline)
    return next(named, -1)


def _story_around(layout: Layout, place: int) -> int:
    box = layout.blocks[place].box if place >= 0 else 0
    while box and not (layout.boxes[box].story == STORY and layout.boxes[box].tag == "article"):
        box = layout.boxes[box].parent
    return box


def _has_text(layout: Layout, box: int, place: int) -> bool:
    last = layout.boxes[box].last
    return any(len(b.text) - b.links >= TEXT and b.kind not in TITLES for b in layout.blocks[place + 1 : last])


def _of_others(layout: Layout, sizes: list[int], own: int) -> int:
    """Return the characters of prose in other stories' boxes, outside the headline's own."""
    mine = layout.boxes[own]
    found = done = 0
    for index, box in enumerate(layout.boxes):
        if box.first < done or index == 0 or box.first <= mine.first < box.last or mine.first <= box.first < mine.last:
            continue
        size = sum(sizes[box.first : box.last])
        if size and _is_story(layout, index, size):
            found, done = found + size, box.last
    return found


def _is_story(layout: Layout, index: int, size: int) -> bool:
    """Return whether a box begins with a heading of its own, and is marked as an article's or is a teaser."""
    box = layout.boxes[index]
    opening = layout.blocks[box.first : box.first + 3]
    heading = next((block for block in opening if block.kind in TITLES), None)
    if heading is None:
        return False
    return box.tag == "article" or (2 * heading.links > len(heading.text) and size <= TEASER)
