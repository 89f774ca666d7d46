"""What two texts have to do with each other, decided from the two and their times alone.

Never from a third one: so the order in which articles arrive changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from ingest.stories.formula import LEAD, counted, is_bulletin, numbers, other_one
from ingest.stories.shingles import shingled, words

ALIKE: Final = 0.5
"""Jaccard index from which two texts are one story."""
COPIED: Final = 0.9
"""Jaccard index from which one is a copy of the other, and not a version of it."""
CONTAINED: Final = 0.8
"""Share of the shorter text that stands in the longer one, from which it is the same story."""
LEAST: Final = 12
"""Shingles of a text that can be in a story with others: those of 16 words. Less is a caption."""
APART: Final = timedelta(days=30)
"""Texts further apart are two stories: a reprint is news again, and what is compared does not grow with the archive."""
SAME_BULLETIN: Final = 0.8
"""Jaccard index from which bulletins of two papers are one, whenever they came: one paper's are of two days."""
A_DAY: Final = timedelta(hours=18)
"""Bulletins further apart are of different days, however alike they are."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared of an article."""

    shingles: frozenset[int]
    counted: Mapping[str, int]
    """Which one of several it is about: `formula.counted` of its title and lead."""
    numbers: frozenset[str] | None
    """Those of a bulletin; None if it is none."""
    at: datetime
    """When it was published."""
    site: str = ""
    """Who published it."""
    opening: frozenset[int] = frozenset()
    """The shingles of its first words."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How alike two texts are, and whether they are one story."""

    kind: Literal["copy", "version", "part", "none"]
    """`part`: the shorter stands in the longer one."""
    jaccard: float
    """Shingles they share, of all that either has."""
    contained: float
    """Shingles they share, of those of the shorter text."""
    reason: str = ""
    """Why they are no story, though alike."""


def text_of(title: str, body: str, at: datetime, site: str = "") -> Text:
    """Return what is compared of an article."""
    headline, said = words(title), words(body)
    lead = said[:LEAD]
    told = numbers(said) if is_bulletin(headline, lead) else None
    return Text(shingled(said), counted(lead) | counted(headline), told, at, site, shingled(lead))


def relation(one: Text, other: Text) -> Relation:
    """Return what two texts have to do with each other; the order of the two does not matter."""
    if abs(one.at - other.at) > APART:
        return Relation("none", 0.0, 0.0)
    shared = len(one.shingles & other.shingles)
    shorter, longer = sorted((len(one.shingles), len(other.shingles)))
    if not shared:
        return Relation("none", 0.0, 0.0)
    jaccard, contained = shared / (shorter + longer - shared), shared / shorter
    kind = _kind(jaccard, contained) if shorter >= LEAST else "none"
    if kind != "none" and (reason := _formula(one, other, jaccard)):
        return Relation("none", jaccard, contained, reason)
    return Relation(kind, jaccard, contained)


def _kind(jaccard: float, contained: float) -> Literal["copy", "version", "part", "none"]:
    if jaccard >= COPIED:
        return "copy"
    if jaccard >= ALIKE:
        return "version"
    return "part" if contained >= CONTAINED else "none"


def _formula(one: Text, other: Text, jaccard: float) -> str:
    """Return why two texts that are alike tell of different events; '' if they do not."""
    if one.site and one.site == other.site and not (one.opening & other.shingles or other.opening & one.shingles):
        return "what their site repeats"
    if word := other_one(one.counted, other.counted):
        return f"they count: {word}"
    if one.numbers is None or other.numbers is None:
        return ""
    if one.numbers - other.numbers and other.numbers - one.numbers:
        return "bulletins with different numbers"
    nearly_the_same = jaccard >= SAME_BULLETIN and not (one.site and one.site == other.site)
    if not nearly_the_same and abs(one.at - other.at) > A_DAY:
        return "bulletins of different days"
    return ""
