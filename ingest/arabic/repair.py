"""Repair what publishing software broke, so that stored text is what a reader should see. Folding is not done here.

Nothing that a reader would miss changes: diacritics, hamza, ta marbuta, alef maqsura, digits and "راااائع" stay.
A step looks at the text and names the rules it needs; the rules rewrite it, with or without offsets.
"""

import re
import unicodedata
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final

from ingest.arabic.entities import entities
from ingest.arabic.lookalikes import is_foreign, lookalikes
from ingest.arabic.mojibake import MOJIBAKE_CLASS, mojibake, remains
from ingest.arabic.rules import Rule, Step, literal, named, replacements
from ingest.arabic.tables import (
    CONTROLS_CLASS,
    INVISIBLE_CLASS,
    JOINERS_CLASS,
    LETTERS_CLASS,
    LINE_BREAKS_CLASS,
    LOOKALIKES,
    MARKS_CLASS,
    PRESENTATION_FORMS,
    SPACES_CLASS,
    TATWEEL,
    expanded,
)

PASSES: Final = 8
"""Most rounds of STEPS on one text: enough for what occurs, and a bound for text made to need more."""

_WORD_CLASS: Final = LETTERS_CLASS + MARKS_CLASS
_SUSPECT: Final = (
    f"[{''.join(PRESENTATION_FORMS)}{''.join(LOOKALIKES)}{INVISIBLE_CLASS}{JOINERS_CLASS}{CONTROLS_CLASS}"
    f"{LINE_BREAKS_CLASS}{SPACES_CLASS}{MOJIBAKE_CLASS}&]"
)
_SUSPECTS: Final = re.compile(f"{_SUSPECT}{_SUSPECT}*")  # not "+": a pattern that starts with a class scans faster
_USELESS_SPACE: Final = re.compile(r" (?=[ \n،؛؟]|\.(?![\w.]))")
_USELESS_LINE: Final = re.compile(r"\n(?: |\n\n)")
_INNER_TATWEEL: Final = re.compile(f"{TATWEEL}(?<=[{_WORD_CLASS}]{TATWEEL}){TATWEEL}*(?=[{_WORD_CLASS}])")
_TATWEELS: Final = re.compile(f"{TATWEEL}{TATWEEL}+")
_UNTIDY: Final = (_USELESS_SPACE, _USELESS_LINE, _TATWEELS, _INNER_TATWEEL)


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
        if not suspects and _tidy(text):
            break
        before = text
        for step in STEPS:
            for rule in step(text, suspects):
                text = applied(rule, text)
            if step is mojibake and text != before:
                break  # other characters now: look again, before anything changes one
        if text == before:
            return before
    return text


def _tidy(text: str) -> bool:
    """Tell whether what needs more than one character to be wrong is right."""
    return (
        not any(pattern.search(text) for pattern in _UNTIDY)
        and text == text.strip(" \n")
        and unicodedata.is_normalized("NFC", text)
    )


_LETTERS: Final = replacements(PRESENTATION_FORMS)
_PHRASES: Final = "\ufdfa\ufdfb\ufdfd"  # ﷺ ﷻ ﷽
_FREE_PHRASES: Final = Rule(
    re.compile(f"(?<=[{_WORD_CLASS}])(?=[{_PHRASES}])|(?<=[{_PHRASES}])(?=[{_WORD_CLASS}])"), " "
)


def presentation_forms(_: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Put letters for the shapes of letters that old fonts and PDF files use; before NFC, which orders their marks."""
    letters = named(_LETTERS, suspects)
    return letters if suspects.isdisjoint(_PHRASES) else (_FREE_PHRASES, *letters)


_STABLE_CLASS: Final = "\x00-\u02ff\u0620-\u064a\u0660-\u066f\u0671-\u06d3\u06d5،؛؟"
"""Composition changes none of these but by what follows."""
_COMPOSITION: Final = Rule(
    re.compile(f"[{_STABLE_CLASS}]?[^{_STABLE_CLASS}]+"),
    lambda cluster: unicodedata.normalize("NFC", cluster[0]),
    whole=lambda text: unicodedata.normalize("NFC", text),
)


def composition(text: str, _: AbstractSet[str]) -> tuple[Rule, ...]:
    """Compose letters and order their marks: Unicode Normalization Form C (UAX #15)."""
    return () if unicodedata.is_normalized("NFC", text) else (_COMPOSITION,)


_TATWEEL_RULES: Final = (Rule(_INNER_TATWEEL, ""), Rule(_TATWEELS, TATWEEL))


def tatweel(text: str, _: AbstractSet[str]) -> tuple[Rule, ...]:
    """Drop the stretching stroke inside words.

    At an edge it says something and stays, once: "الـBBC", "لـ«داعش»", "1447هـ".
    """
    return _TATWEEL_RULES if TATWEEL in text else ()


# Emoji sequences and the scripts of South Asia need their joiners (The Unicode Standard, 23.2).
_JOINED_CLASS: Final = "\u0900-\u1fff\u2190-\u2bff\ufe0f\U0001f000-\U0001fbff"
_UNSEEN: Final = replacements(dict.fromkeys(expanded(INVISIBLE_CLASS + CONTROLS_CLASS), ""))


def _joiners_outside(joined_class: str) -> Rule:
    return Rule(re.compile(f"(?<![{joined_class}])[{JOINERS_CLASS}]|[{JOINERS_CLASS}](?![{joined_class}])"), "")


_JOINERS_IN_ARABIC: Final = _joiners_outside(_JOINED_CLASS)
_JOINERS_ELSEWHERE: Final = _joiners_outside(_JOINED_CLASS + _WORD_CLASS)


def invisible(text: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Drop bidi controls, zero-width characters and control characters, which no reader sees and every search misses.

    ZWNJ and ZWJ stay in emoji and, within words, in Persian text, whose spelling needs them.
    """
    unseen = named(_UNSEEN, suspects)
    if suspects.isdisjoint(JOINERS_CLASS):
        return unseen
    return *unseen, (_JOINERS_ELSEWHERE if is_foreign(text) else _JOINERS_IN_ARABIC)


_WHITE_SPACE: Final = replacements(
    dict.fromkeys(expanded(LINE_BREAKS_CLASS), "\n") | dict.fromkeys(expanded(SPACES_CLASS), " ")
)
_WINDOWS_LINES: Final = literal("\r\n", "\n")
_SPACING: Final = (
    Rule(_USELESS_SPACE, ""),
    literal("\n ", "\n"),
    Rule(re.compile("\n\n\n+"), "\n\n"),
    Rule(re.compile(r"\A[ \n]+|[ \n]+\Z"), "", whole=lambda text: text.strip(" \n")),
)


def spacing(_: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Leave one plain space between words, none before an Arabic stop or at a line's edge, at most one empty line."""
    lines = (_WINDOWS_LINES,) if "\r" in suspects else ()
    return *lines, *named(_WHITE_SPACE, suspects), *_SPACING


STEPS: Final[tuple[Step, ...]] = (
    mojibake,
    remains,
    entities,
    presentation_forms,
    composition,
    tatweel,
    invisible,
    lookalikes,
    spacing,
)
"""In this order: charset before anything else, spacing last, for what the others leave."""
