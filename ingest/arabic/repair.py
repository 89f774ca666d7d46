"""Repair what publishing software broke, so that stored text is what a reader should see. Folding is not done here.

Nothing that a reader would miss changes: diacritics, hamza, ta marbuta, alef maqsura, digits and "راااائع" stay.
A step looks at the text and names the rules it needs; the rules rewrite it, with or without offsets. Most texts are
clean: each step says by which characters a text is known that needs it, and a text without any is not touched.
"""

import re
from collections.abc import Callable
from typing import Final

from ingest.arabic.entities import entities
from ingest.arabic.lookalikes import lookalikes
from ingest.arabic.mojibake import mojibake, remains
from ingest.arabic.rules import Rule, Step
from ingest.arabic.shapes import composition, presentation_forms, tatweel
from ingest.arabic.spaces import invisible, spacing
from ingest.arabic.visual import visual_order

PASSES: Final = 8
"""Maximum rounds of STEPS on one text: enough in practice, and a bound for hostile text."""

STEPS: Final[tuple[Step, ...]] = (
    mojibake,
    remains,
    entities,
    visual_order,
    presentation_forms,
    composition,
    tatweel,
    invisible,
    lookalikes,
    spacing,
)
"""In this order: charset before anything else, spacing last, for what the others leave."""

_SUSPECT: Final = f"[{''.join(step.signs for step in STEPS)}]"
_SUSPECTS: Final = re.compile(f"{_SUSPECT}{_SUSPECT}*")  # not "+": a pattern that starts with a class scans faster
_NEEDED: Final = tuple(step.needed for step in STEPS if step.needed)


def repair(text: str) -> str:
    """Return the text as a reader should see it; a clean text comes back as the same object.

    Idempotent: the steps run until they change nothing, because one may uncover work for another.
    """
    return _repaired(text, Rule.apply)


def repair_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return the repaired text, and for each of its characters the index in `text` where it came from.

    The list ends with the length of `text`: characters i to j came from text[offsets[i]:offsets[j]]. It never falls;
    what became several characters gives each of them its own start.
    """
    offsets = list(range(len(text) + 1))

    def traced(rule: Rule, text: str) -> str:
        nonlocal offsets
        text, offsets = rule.trace(text, offsets)
        return text

    return _repaired(text, traced), offsets


def _repaired(text: str, applied: Callable[[Rule, str], str]) -> str:
    for _ in range(PASSES):
        suspects = frozenset("".join(_SUSPECTS.findall(text)))
        if not suspects and not any(needed(text) for needed in _NEEDED):
            break
        before = text
        for step in STEPS:
            for rule in step.rules(text, suspects):
                text = applied(rule, text)
            if step is mojibake and text != before:
                break  # the suspects have changed: find them again first
        if text == before:
            return before
    return text
