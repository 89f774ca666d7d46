"""Persian and Urdu letters in Arabic words, and the question whether a text is Arabic at all."""

import re
from collections.abc import Set
from typing import Final

from ingest.arabic.rules import Rule
from ingest.arabic.tables import FOREIGN_CLASS, JOINERS_CLASS, LETTERS_CLASS, LOOKALIKES, MARKS_CLASS

FOREIGN_WORDS: Final = ("است", "این", "که", "را", "می", "های", "برای", "شود", "ہے", "کے", "سے", "نے", "لە")
FOREIGN_SIGNS: Final = (*FOREIGN_CLASS, *(f" {word} " for word in FOREIGN_WORDS))
"""Letters and function words of Persian, Urdu and Kurdish that Arabic does not have."""
ARABIC_SIGNS: Final = (*"أإة", " ال", " وال", " في ", " فی ", " عن ", " هذا ", " ان ")
"""Hamza on an alef, ta marbuta, the article, function words: rare in the other languages."""

_WORD_CLASS: Final = LETTERS_CLASS + MARKS_CLASS
_WORD: Final = re.compile(f"[{_WORD_CLASS}{JOINERS_CLASS}]+")
_FOREIGN: Final = re.compile(f"[{FOREIGN_CLASS}]")
_ALEF_MAQSURA: Final = re.compile(
    f"\u06cc(?<=عل\u06cc|[اإ]ل\u06cc|حت\u06cc|لد\u06cc|مت\u06cc|سو\u06cc)"
    f"(?:(?<![{_WORD_CLASS}].{{3}})|(?<=[وف].{{3}})(?<![{_WORD_CLASS}].{{4}}))(?![{_WORD_CLASS}])"
)
"""The end of على إلى حتى لدى متى سوى: there a Farsi yeh, dotless to the eye, stands for alef maqsura."""


def is_foreign(text: str) -> bool:
    """Tell whether a text in Arabic script is Persian, Urdu or Kurdish rather than Arabic.

    A name such as "گوگل" alone does not make an Arabic text foreign; without any sign a text counts as Arabic.
    """
    spaced = f" {text} "
    foreign = sum(map(spaced.count, FOREIGN_SIGNS))
    return foreign > 0 and foreign > sum(map(spaced.count, ARABIC_SIGNS))


def lookalikes(text: str, suspects: Set[str]) -> tuple[Rule, ...]:
    """Put the Arabic letter where a Persian or Urdu keyboard left its double: "کتاب" is "كتاب".

    A foreign text keeps its letters, and so does a foreign word ("پاکستان") in an Arabic text.
    """
    if suspects.isdisjoint(LOOKALIKES) or is_foreign(text):
        return ()
    return (_IN_WORDS,) if _FOREIGN.search(text) else (_EVERYWHERE,)


def _arabic(text: str) -> str:
    text = _ALEF_MAQSURA.sub("ى", text)
    for double, letter in LOOKALIKES.items():
        text = text.replace(double, letter)
    return text


_IN_WORDS: Final = Rule(_WORD, lambda word: word[0] if _FOREIGN.search(word[0]) else _arabic(word[0]))
_EVERYWHERE: Final = Rule(_WORD, lambda word: _arabic(word[0]), whole=_arabic)
