"""How letters are encoded and drawn: presentation forms, combining marks, the stretching stroke."""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from typing import Final

from ingest.arabic.rules import Rule, named, replacements, step
from ingest.arabic.tables import LETTERS_CLASS, MARKS_CLASS, PRESENTATION_FORMS, TATWEEL

_WORD_CLASS: Final = LETTERS_CLASS + MARKS_CLASS


_LETTERS: Final = replacements(PRESENTATION_FORMS)
_PHRASES: Final = "\ufdfa\ufdfb\ufdfd"  # ﷺ ﷻ ﷽
_FREE_PHRASES: Final = Rule(
    re.compile(f"(?<=[{_WORD_CLASS}])(?=[{_PHRASES}])|(?<=[{_PHRASES}])(?=[{_WORD_CLASS}])"), " "
)


@step(signs="".join(PRESENTATION_FORMS))
def presentation_forms(_: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Replace presentation forms, from old fonts and PDF files, by letters; before NFC, which orders their marks."""
    letters = named(_LETTERS, suspects)
    return letters if suspects.isdisjoint(_PHRASES) else (_FREE_PHRASES, *letters)


_STABLE_CLASS: Final = "\x00-\u02ff\u0620-\u064a\u0660-\u066f\u0671-\u06d3\u06d5،؛؟"
"""Composition changes these only together with what follows."""
_COMPOSITION: Final = Rule(
    re.compile(f"[{_STABLE_CLASS}]?[^{_STABLE_CLASS}]+"),
    lambda cluster: unicodedata.normalize("NFC", cluster[0]),
    whole=lambda text: unicodedata.normalize("NFC", text),
)


PILE: Final = 64
"""Marks that one letter may have; Unicode's stream-safe text has 30. Ordering them takes quadratic time."""
_STRIDE: Final = PILE // 2
_MAY_BE_MARK: Final = r"[^\w\s\x00-\u02ff\u2000-\u20cf\u2100-\u2bff]"
_SAMPLES: Final = re.compile(_MAY_BE_MARK * 2)
_PILED: Final = re.compile(f"{_MAY_BE_MARK}{{{PILE + 1},}}")


def _within_pile(run: re.Match[str]) -> str:
    """Return a run without the marks that are too many; emoji and the like are none."""
    kept, marks = list[str](), 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if marks <= PILE:
            kept.append(char)
    return "".join(kept)


_PILES: Final = Rule(_PILED, _within_pile)


def _is_piled(text: str) -> bool:
    """Tell whether a text may have such a run: two of every 32nd character would show it, much sooner."""
    return _SAMPLES.search(text[::_STRIDE]) is not None and _PILED.search(text) is not None


def _decomposed(text: str) -> bool:
    return _is_piled(text) or not unicodedata.is_normalized("NFC", text)


@step(needed=_decomposed)
def composition(text: str, _: AbstractSet[str]) -> tuple[Rule, ...]:
    """Compose letters and order their marks: Unicode Normalization Form C (UAX #15); drop those past any reading."""
    return (_PILES, _COMPOSITION) if _decomposed(text) else ()


_INNER_TATWEEL: Final = re.compile(f"{TATWEEL}(?<=[{_WORD_CLASS}]{TATWEEL}){TATWEEL}*(?=[{_WORD_CLASS}])")
_TATWEELS: Final = re.compile(f"{TATWEEL}{TATWEEL}+")
_TATWEEL_RULES: Final = (Rule(_INNER_TATWEEL, ""), Rule(_TATWEELS, TATWEEL))


def _stretched(text: str) -> bool:
    return TATWEEL in text and bool(_INNER_TATWEEL.search(text) or _TATWEELS.search(text))


@step(needed=_stretched)
def tatweel(text: str, _: AbstractSet[str]) -> tuple[Rule, ...]:
    """Drop the stretching stroke inside words.

    At the edge of a word it has a meaning, so one is kept: "الـBBC", "لـ«داعش»", "1447هـ".
    """
    return _TATWEEL_RULES if TATWEEL in text else ()
