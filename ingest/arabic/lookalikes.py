"""Persian and Urdu letters in Arabic words, and whether a text is Arabic at all."""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from ingest.arabic.rules import Rule, step
from ingest.arabic.tables import FOREIGN_CLASS, JOINERS_CLASS, LETTERS_CLASS, LOOKALIKES, MARKS_CLASS

FOREIGN_WORDS: Final = frozenset(
    (
        *("است", "این", "که", "از", "با", "را", "در", "تا", "می", "نمی", "های", "برای", "شود", "شده", "خود", "یک"),
        *("نیست", "دارد", "کند", "کرده", "بسیار", "اگر", "باید", "شما"),
        *("ہے", "ہیں", "کے", "سے", "نے", "کو", "کا", "یہ", "وہ", "اور", "میں", "تھا", "بھی", "کیا"),
        *("لە", "بە", "کە", "ئەم"),
    )
)
"""Persian, Urdu and Kurdish words that Arabic does not have."""
FOREIGN_PARTS: Final = ("می\u200c", "\u200cها", "\u200cای")
"""Prefix and plural of Persian, with their ZWNJ."""
ARABIC_WORDS: Final = frozenset(
    ("في", "فی", "عن", "إلى", "إلی", "هذا", "هذه", "ذلك", "ذلک", "ان", "التي", "الذي", "قد")
)
ARTICLES: Final = (" ال", " وال", " بال", " لل")
ARABIC_LETTERS: Final = "أإةى"
"""Rare in the other languages."""
TELLING: Final = 6
"""This many words without any sign of Arabic are no coincidence (an estimate)."""
DENSE: Final = 20
"""Maximum characters per such sign in what is certainly Arabic; news has one in ten."""

_WORD_CLASS: Final = LETTERS_CLASS + MARKS_CLASS
_WORD: Final = re.compile(f"[{_WORD_CLASS}{JOINERS_CLASS}]+")
_FOREIGN: Final = re.compile(f"[{FOREIGN_CLASS}]")
_ALEF_MAQSURA: Final = re.compile(
    f"\u06cc(?<=عل\u06cc|[اإ]ل\u06cc|حت\u06cc|لد\u06cc|مت\u06cc|سو\u06cc)"
    f"(?:(?<![{_WORD_CLASS}].{{3}})|(?<=[وف].{{3}})(?<![{_WORD_CLASS}].{{4}}))(?![{_WORD_CLASS}])"
)
"""The end of على إلى حتى لدى متى سوى, where a Farsi yeh, which looks dotless, stands for alef maqsura."""


def is_foreign(text: str) -> bool:
    """Return whether a text in Arabic script is Persian, Urdu or Kurdish rather than Arabic.

    A name such as "گوگل" alone does not make an Arabic text foreign; a few words without any sign count as Arabic.
    """
    foreign = len(_FOREIGN.findall(text)) + sum(map(text.count, FOREIGN_PARTS))
    arabic = sum(map(text.count, ARABIC_LETTERS)) + sum(map(f" {text}".count, ARTICLES))
    if arabic > foreign + len(text) / DENSE:
        return False
    words = _WORD.findall(text)
    foreign += sum(map(FOREIGN_WORDS.__contains__, words))
    arabic += sum(map(ARABIC_WORDS.__contains__, words))
    return foreign > arabic if foreign or arabic else len(words) >= TELLING


@step(signs="".join(LOOKALIKES))
def lookalikes(text: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Replace the look-alikes of Persian and Urdu keyboards by the Arabic letter: "کتاب" is "كتاب".

    Foreign text keeps its letters, as do foreign lines and words ("پاکستان") in Arabic text.
    """
    if suspects.isdisjoint(LOOKALIKES) or is_foreign(text):
        return ()
    return (_IN_LINES,) if _FOREIGN.search(text) else (_EVERYWHERE,)


def _arabic(text: str) -> str:
    text = _ALEF_MAQSURA.sub("ى", text)
    for double, letter in LOOKALIKES.items():
        text = text.replace(double, letter)
    return text


def _arabic_line(line: re.Match[str]) -> str:
    if is_foreign(line[0]):
        return line[0]
    return _WORD.sub(lambda word: word[0] if _FOREIGN.search(word[0]) else _arabic(word[0]), line[0])


_IN_LINES: Final = Rule(re.compile("[^\n]+"), _arabic_line)
_EVERYWHERE: Final = Rule(_WORD, lambda word: _arabic(word[0]), whole=_arabic)
