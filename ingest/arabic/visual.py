"""Lines stored in visual order, from left to right, as copied from PDF files."""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from typing import Final

from ingest.arabic.rules import Rule, step
from ingest.arabic.tables import PRESENTATION_FORMS

PROOFS: Final = 2
"""Minimum words that end with an initial form and begin with a final one."""
_FORMS_CLASS: Final = "\ufb50-\ufdcf\ufdf0-\ufdf9\ufe70-\ufefc"
LINE: Final = re.compile(f"^[^\n{_FORMS_CLASS}]*[{_FORMS_CLASS}][^\n]*", re.MULTILINE)
"""A line with such forms. Anchored, and forward alone: of a line without them each character would begin a search."""
WORD: Final = re.compile(f"[{_FORMS_CLASS}][{_FORMS_CLASS}\u064b-\u0652]+")
KEPT: Final = re.compile(r"[0-9A-Za-z\u0660-\u0669](?:[0-9A-Za-z\u0660-\u0669 .,:/@_%+-]*[0-9A-Za-z\u0660-\u0669])?")
"""Figures and Latin, which are read from left to right in either order."""
CLUSTER: Final = re.compile(r".[\u064b-\u0652\u0670\ufe70-\ufe7f]*", re.DOTALL)
MIRRORED: Final = str.maketrans("()[]{}«»<>", ")(][}{»«><")


@step(signs="".join(PRESENTATION_FORMS))
def visual_order(text: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Reverse lines that are stored in visual order, if the shapes of their letters prove it.

    In reading order a word begins with an initial form and ends with a final one.
    """
    if suspects.isdisjoint(PRESENTATION_FORMS) or not any(map(_is_visual, LINE.findall(text))):
        return ()
    return (Rule(LINE, lambda line: _turned(line[0]) if _is_visual(line[0]) else line[0]),)


def _is_visual(line: str) -> bool:
    visual = logical = 0
    for word in WORD.findall(line):
        first, last = _shape(word[0]), _shape(word[-1])
        visual += first == "<final>" or last == "<initial>"
        logical += first == "<initial>" or last == "<final>"
    return visual >= PROOFS and not logical


def _shape(letter: str) -> str:
    return unicodedata.decomposition(letter).partition(" ")[0]


def _turned(line: str) -> str:
    pieces: list[str] = []
    done = 0
    for kept in KEPT.finditer(line):
        pieces += [*_clusters(line[done : kept.start()]), kept[0]]
        done = kept.end()
    pieces += _clusters(line[done:])
    return "".join(reversed(pieces))


def _clusters(text: str) -> list[str]:
    return [cluster.translate(MIRRORED) for cluster in CLUSTER.findall(text)]
