"""Where the article is: which boxes are beside it, which box holds it."""

from dataclasses import dataclass
from typing import Final

from ingest.extract.body.blocks import Box, Layout
from ingest.extract.body.clutter import opens_comments
from ingest.extract.body.marks import HEADINGS, STORY, STORY_MAIN
from ingest.extract.body.prose import prose_of, strike_captions, strike_repetitions
from ingest.extract.body.stories import own_story

HEADLINE_VETO: Final = 0.1
"""Share of the prose from which a box that holds the headline too is the article's."""
OPENING_BLOCKS: Final = 3
"""Blocks at a box's beginning among which its heading is."""
PIECE: Final = 400
"""Characters of prose in a box that is no teaser."""
REACH: Final = (1.0, 1.0, 0.5, 0.25)
"""What a block's prose counts for its own box and the boxes around it."""
CLIMB: Final = 0.2
"""What a larger box must add, as a share of the smaller one's prose."""
CLIMB_PAST_HEADLINE: Final = 0.5
"""The same of a box around one that holds the headline already."""
CLIMB_IN_STORY: Final = 0.1
PURITY: Final = 0.75
"""Share of prose in the text that a larger box adds."""
PURITY_IN_STORY: Final = 0.4
PURITY_IN_MAIN: Final = 0.4
FADED: Final = 0.5
"""How much dropped text counts against purity: menus are next to lists of other articles."""


@dataclass(slots=True)
class Found:
    """A page's layout, judged."""

    layout: Layout
    dropped: list[bool]
    """For each box: whether it is beside the article."""
    prose: list[int]
    """For each block: characters of prose; 0 = none, -1 = a caption or a repetition."""
    said: list[int]
    """The same, with what is dropped, captions and repetitions."""
    top: int
    """The box that holds the article."""
    own: bool = False
    """That box was taken for its headline's sake: the page shows other stories too."""

    commented: bool = False
    """A heading of comments ends the article."""

    @property
    def marked(self) -> bool:
        """Whether that box, or one around it, is marked as an article's, or the article's end is."""
        return self.commented or _marked(self.layout, self.top)[0] < len(self.layout.boxes)


def find_article(layout: Layout, headline: str = "") -> Found:
    """Return which box holds the article, and what is beside it. `headline` is the declared one, if known."""
    prose = prose_of(layout)
    commented = _leave_comments(layout, prose)
    headlines = layout.sums([block.kind == "h1" for block in layout.blocks])
    dropped = _drops(layout, prose, headlines)
    alive = [0 if dropped[block.box] else value for block, value in zip(layout.blocks, prose, strict=True)]
    strike_captions(layout, alive)
    strike_repetitions(layout, alive)
    headline = headline or next((block.text for block in layout.blocks if block.kind == "h1"), "")
    own = own_story(layout, alive, headline)
    if own:
        box = layout.boxes[own]
        alive = [value if box.first <= at < box.last else min(value, 0) for at, value in enumerate(alive)]
    top = _container(layout, [max(0, value) for value in alive], dropped, headlines)
    return Found(layout, dropped, alive, prose, max(top, own), own=bool(own), commented=commented)


def _leave_comments(layout: Layout, prose: list[int]) -> bool:
    """Count nothing under a heading of comments, which may be longer than the article; return if there was one."""
    found = False
    for at, block in enumerate(layout.blocks):
        if block.kind in HEADINGS and opens_comments(block.text) and sum(prose[:at]) >= PIECE:
            last = layout.boxes[block.box].last
            prose[at:last] = [0] * (last - at)
            found = True
    return found


def _drops(layout: Layout, prose: list[int], headlines: list[int]) -> list[bool]:
    total = layout.sums(prose)
    alike = _alike(layout, total)
    dropped = [False]
    for index, box in enumerate(layout.boxes[1:], 1):
        limit = min(box.suspicion, HEADLINE_VETO) if headlines[index] else box.suspicion
        size = max(total[index], alike.get((box.tag, box.name), 0)) if box.name else total[index]
        dropped.append(dropped[box.parent] or (box.suspicion > 0 and size <= limit * total[0]))
    return dropped


def _alike(layout: Layout, total: list[int]) -> dict[tuple[str, str], int]:
    """Return the prose in all suspicious boxes of one name: advertisements may interrupt an article."""
    sizes: dict[tuple[str, str], int] = {}
    for index, box in enumerate(layout.boxes):
        if box.suspicion and total[index] >= PIECE:
            sizes[box.tag, box.name] = sizes.get((box.tag, box.name), 0) + total[index]
    return sizes


def _container(layout: Layout, prose: list[int], dropped: list[bool], headlines: list[int]) -> int:
    """Return the box with the densest prose, or the one around it that adds enough, and not much else."""
    top = _densest(layout, prose)
    total = layout.sums(prose)
    weights = [FADED if gone else 1.0 for gone in dropped]
    every = layout.sums(
        [int(len(block.text) * weights[block.box]) for block in layout.blocks],
        [int(FADED * box.unread) for box in layout.boxes],
    )
    story, main = _marked(layout, top)
    pieces = _pieces(layout, total, headlines)
    box = top
    while box:
        inner, box = box, layout.boxes[box].parent
        if box < story and headlines[box] > headlines[inner] > 0:
            break  # beyond it stands another article
        purity = PURITY_IN_STORY if box >= story else PURITY_IN_MAIN if box >= main else PURITY
        added = total[box] - total[top]
        climb = CLIMB_IN_STORY if box >= story else CLIMB_PAST_HEADLINE if headlines[inner] else CLIMB
        enough = climb * total[top]
        alike = pieces.get((box, layout.boxes[inner].tag, layout.boxes[inner].name), 0) - total[inner]
        if added >= enough and (added >= purity * (every[box] - every[top]) or alike >= CLIMB * total[top]):
            top = box
    return top


def _pieces(layout: Layout, total: list[int], headlines: list[int]) -> dict[tuple[int, str, str], int]:
    """Return the prose in boxes of one tag and name side by side, by the box around them: an article in pieces.

    A box under a linked heading is another article's teaser, an <article> or a box with a headline another article.
    """
    sums: dict[tuple[int, str, str], int] = {}
    whole = {(box.parent, box.tag, box.name) for index, box in enumerate(layout.boxes) if headlines[index]}
    for index, box in enumerate(layout.boxes):
        if total[index] and box.name and box.tag != "article" and not _is_teaser(layout, box):
            key = (box.parent, box.tag, box.name)
            sums[key] = sums.get(key, 0) + (0 if key in whole else total[index])
    return sums


def _is_teaser(layout: Layout, box: Box) -> bool:
    opening = layout.blocks[box.first : box.first + OPENING_BLOCKS]
    return any(block.kind[:1] == "h" and 2 * block.links > len(block.text) for block in opening)


def _densest(layout: Layout, prose: list[int]) -> int:
    scores = [0.0] * len(layout.boxes)
    for block, value in zip(layout.blocks, prose, strict=True):
        if value:
            box = block.box
            for share in REACH:
                scores[box] += value * share
                if not box:
                    break
                box = layout.boxes[box].parent
    best = max(range(len(scores)), key=scores.__getitem__)
    for box in range(best + 1, len(scores)):
        if scores[box] == scores[best] and layout.boxes[box].parent == best:
            best = box
    return best


def _marked(layout: Layout, box: int) -> tuple[int, int]:
    """Return the nearest box around one that is marked as an article's, and the page's main box."""
    story = main = len(layout.boxes)
    while box:
        mark = layout.boxes[box].story
        if mark == STORY and story == len(layout.boxes):
            story = box
        elif mark == STORY_MAIN:
            main = box
        box = layout.boxes[box].parent
    return story, main
