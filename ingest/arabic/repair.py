"""Repair what publishing software broke, so that stored text is what a reader should see. Folding is not done here.

Nothing that a reader would miss changes: diacritics, hamza, ta marbuta, alef maqsura, digits and "راااائع" stay.
A step looks at the text and names the rules it needs; the rules rewrite it, with or without offsets.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from ingest.arabic.entities import entities
from ingest.arabic.lookalikes import is_foreign, lookalikes
from ingest.arabic.mojibake import MOJIBAKE_CLASS, mojibake
from ingest.arabic.rules import Rule, Step, literal
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
)

PASSES: Final = 8
"""Most rounds of STEPS on one text: enough for what occurs, and a bound for text made to need more."""

_WORD_CLASS: Final = LETTERS_CLASS + MARKS_CLASS
_FORMS_CLASS: Final = "".join(PRESENTATION_FORMS)
_INNER_TATWEEL: Final = re.compile(f"{TATWEEL}(?<=[{_WORD_CLASS}]{TATWEEL}){TATWEEL}*(?=[{_WORD_CLASS}])")
_TATWEELS: Final = re.compile(f"{TATWEEL}{TATWEEL}+")
_SPACE_BEFORE_STOP: Final = re.compile(r" (?:(?=[،؛؟])|(?=\.(?![\w.])))")
_SUSPECT: Final = re.compile(
    f"[{_FORMS_CLASS}{''.join(LOOKALIKES)}{INVISIBLE_CLASS}{JOINERS_CLASS}{CONTROLS_CLASS}{LINE_BREAKS_CLASS}"
    f"{SPACES_CLASS}{MOJIBAKE_CLASS}&]"
)
_UNTIDY: Final = (re.compile(r" (?:[ \n،؛؟]|\.(?![\w.]))"), re.compile(r"\n(?: |\n\n)"), _TATWEELS, _INNER_TATWEEL)


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
        if not _suspicious(text):
            break
        before = text
        for step in STEPS:
            for rule in step(text):
                text = applied(rule, text)
        if text == before:
            return before
    return text


def _suspicious(text: str) -> bool:
    """Tell whether any step may have work: the fast path, since most text is clean."""
    return (
        _SUSPECT.search(text) is not None
        or any(pattern.search(text) for pattern in _UNTIDY)
        or text != text.strip(" \n")
        or not unicodedata.is_normalized("NFC", text)
    )


_FORM: Final = re.compile(f"[{_FORMS_CLASS}]")
_FORMS: Final = re.compile(f"[{_FORMS_CLASS}][{_FORMS_CLASS}]*")  # not "+": this scans faster
_TO_LETTERS: Final = str.maketrans(PRESENTATION_FORMS)
_PHRASES: Final = "\ufdfa\ufdfb\ufdfd"  # ﷺ ﷻ ﷽
_FORM_RULES: Final = (
    Rule(re.compile(f"(?<=[{_WORD_CLASS}])(?=[{_PHRASES}])|(?<=[{_PHRASES}])(?=[{_WORD_CLASS}])"), " "),
    Rule(
        _FORM,
        lambda form: PRESENTATION_FORMS[form[0]],
        whole=lambda text: _FORMS.sub(lambda forms: forms[0].translate(_TO_LETTERS), text),
    ),
)


def presentation_forms(text: str) -> tuple[Rule, ...]:
    """Put letters for the shapes of letters that old fonts and PDF files use; before NFC, which orders their marks."""
    return _FORM_RULES if _FORM.search(text) else ()


_STABLE_CLASS: Final = f"\x00-\u02ff\u0620-\u064a\u0660-\u066f\u0671-\u06d3\u06d5،؛؟"
"""Composition changes none of these but by what follows."""
_COMPOSITION: Final = Rule(
    re.compile(f"[{_STABLE_CLASS}]?[^{_STABLE_CLASS}]+"),
    lambda cluster: unicodedata.normalize("NFC", cluster[0]),
    whole=lambda text: unicodedata.normalize("NFC", text),
)


def composition(text: str) -> tuple[Rule, ...]:
    """Compose letters and order their marks: Unicode Normalization Form C (UAX #15)."""
    return () if unicodedata.is_normalized("NFC", text) else (_COMPOSITION,)


_TATWEEL_RULES: Final = (Rule(_INNER_TATWEEL, ""), Rule(_TATWEELS, TATWEEL))


def tatweel(text: str) -> tuple[Rule, ...]:
    """Drop the stretching stroke inside words.

    At an edge it says something and stays, once: "الـBBC", "لـ«داعش»", "1447هـ".
    """
    return _TATWEEL_RULES if TATWEEL in text else ()


# Emoji sequences and the scripts of South Asia need their joiners (The Unicode Standard, 23.2).
_JOINED_CLASS: Final = "\u0900-\u1fff\u2190-\u2bff\ufe0f\U0001f000-\U0001fbff"
_UNSEEN: Final = Rule(re.compile(f"[{INVISIBLE_CLASS}{CONTROLS_CLASS}]"), "")
_JOINER: Final = re.compile(f"[{JOINERS_CLASS}]")


def _joiners_outside(joined_class: str) -> Rule:
    return Rule(re.compile(f"(?<![{joined_class}])[{JOINERS_CLASS}]|[{JOINERS_CLASS}](?![{joined_class}])"), "")


_JOINERS_IN_ARABIC: Final = _joiners_outside(_JOINED_CLASS)
_JOINERS_ELSEWHERE: Final = _joiners_outside(_JOINED_CLASS + _WORD_CLASS)


def invisible(text: str) -> tuple[Rule, ...]:
    """Drop bidi controls, zero-width characters and control characters, which no reader sees and every search misses.

    ZWNJ and ZWJ stay in emoji and, within words, in Persian text, whose spelling needs them.
    """
    if not _JOINER.search(text):
        return (_UNSEEN,)
    return _UNSEEN, (_JOINERS_ELSEWHERE if is_foreign(text) else _JOINERS_IN_ARABIC)


_SPACING_RULES: Final = (
    literal("\r\n", "\n"),
    Rule(re.compile(f"[{LINE_BREAKS_CLASS}]"), "\n"),
    Rule(re.compile(f"[{SPACES_CLASS}]"), " "),
    Rule(re.compile("  +"), " "),
    Rule(_SPACE_BEFORE_STOP, ""),
    literal(" \n", "\n"),
    literal("\n ", "\n"),
    Rule(re.compile("\n\n\n+"), "\n\n"),
    Rule(re.compile(r"\A[ \n]+|[ \n]+\Z"), "", whole=lambda text: text.strip(" \n")),
)


def spacing(_: str) -> tuple[Rule, ...]:
    """Leave one plain space between words, none before an Arabic stop or at a line's edge, at most one empty line."""
    return _SPACING_RULES


STEPS: Final[tuple[Step, ...]] = (
    mojibake,
    entities,
    presentation_forms,
    composition,
    tatweel,
    invisible,
    lookalikes,
    spacing,
)
"""In this order: charset before anything else, spacing last, for what the others leave."""
