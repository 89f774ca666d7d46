"""The search key of a text: the counterpart of the analyzer `ar_exact` (workers/store/analysis.py).

RULES are the analyzer's character filters and token filters; `tokens` adds its tokenizer. A test on the stack holds
the two equal for Arabic, Latin, Greek and Cyrillic script, digits, emoji and Chinese; Thai and its neighbours may
differ.
"""

import re
from collections.abc import Callable
from typing import Final

from ingest.arabic.tables import (
    EMOJI_CLASS,
    FOLDED,
    FULL_LETTERS_CLASS,
    IDEOGRAPHS_CLASS,
    JOINING_MARKS,
    KATAKANA_CLASS,
    NO_DIGITS_CLASS,
    TATWEEL,
)

MAX_TOKEN_LENGTH: Final = 255
"""Lucene StandardTokenizer cuts longer tokens."""

LATIN_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ELONGATED: Final = "اوي"
"""Letters that are drawn out for emphasis; no word has the same one three times in a row."""
LONGEST_ELONGATION: Final = 12

_FOLDED: Final = re.compile(f"[{re.escape(''.join(FOLDED))}]")
_LATIN_AFTER_TATWEEL: Final = re.compile(f"{TATWEEL}(?=[A-Za-z0-9٠-٩])")
_JOINED_WORDS: Final = re.compile(f"[{re.escape(JOINING_MARKS)}](?:([{FULL_LETTERS_CLASS}])|(?<=\\.)([A-Za-z]))")
"""Written to begin with a class: two patterns side by side take twice as long to search for."""
_ELONGATED: Final = re.compile(rf"(?<![{re.escape(JOINING_MARKS)}])([{ELONGATED}])\1{{2,{LONGEST_ELONGATION - 1}}}")
"""The first letter after a joining mark is left to `joined_words`, as in a filter that makes one pass."""
_RUNS: Final = tuple(letter * 3 for letter in ELONGATED)
"""Most texts have none of them."""
_THOUSANDS: Final = re.compile(",([0-9]{3})")
_OTHER_DIGIT: Final = re.compile(r"\d(?<![0-9])")

_OTHERS_CLASS: Final = rf"\W_{NO_DIGITS_CLASS}{IDEOGRAPHS_CLASS}{KATAKANA_CLASS}"
_DIGIT_STOPS: Final = ".,;'\u060c\u2018\u2019"
_TOKEN: Final = re.compile(
    rf"[^{_OTHERS_CLASS}]+"
    rf"(?:(?:(?<=\D)[{re.escape(JOINING_MARKS)}](?=\D)|(?<=\d)[{_DIGIT_STOPS}](?=\d))[^{_OTHERS_CLASS}]+)*"
    rf"|[{IDEOGRAPHS_CLASS}]|[{KATAKANA_CLASS}]+"
    rf"|[\U0001f1e6-\U0001f1ff]{{2}}|[{EMOJI_CLASS}][\U0001f3fb-\U0001f3ff]*"
)
"""Word segmentation by UAX #29, as in Lucene's StandardTokenizer, for text that the rules have already changed."""


def fold(text: str) -> str:
    """Return the search key: two texts with the same key are the same to an exact search."""
    return " ".join(tokens(text))


def tokens(text: str) -> list[str]:
    """Return the words as `ar_exact` indexes them."""
    for rule in RULES:
        text = rule(text)
    return [
        word[start : start + MAX_TOKEN_LENGTH]
        for word in _TOKEN.findall(text)
        for start in range(0, len(word), MAX_TOKEN_LENGTH)
    ]


def free_latin(text: str) -> str:
    """Separate Latin letters and digits from a preceding article: "الـBBC" is found as BBC."""
    return _LATIN_AFTER_TATWEEL.sub(" ", text)


def short_letters(text: str) -> str:
    """Write drawn-out letters once: "رااائع" is رائع."""
    return _ELONGATED.sub(r"\1", text) if any(run in text for run in _RUNS) else text


def joined_words(text: str) -> str:
    """Split words joined by a missing space: the standard tokenizer keeps "قال:نعم" and "cnn.com" whole."""
    return _JOINED_WORDS.sub(lambda joined: " " + (joined[1] or joined[2]), text)


def thousands(text: str) -> str:
    """Drop the separator of thousands: "1,000" is 1000."""
    return _THOUSANDS.sub(r"\1", text)


def letters(text: str) -> str:
    """Drop marks and invisible characters, and replace variants by the plain letter (tables.FOLDED)."""
    return _FOLDED.sub(lambda char: FOLDED[char[0]], text)


def lowercase(text: str) -> str:
    """Lowercase each character for itself (Lucene LowerCaseFilter): no final sigma."""
    return text.replace("Σ", "σ").lower()


def digits(text: str) -> str:
    """Replace all other digits by ASCII ones (Lucene DecimalDigitFilter): ٢٠٢٦ is 2026."""
    return _OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), text)


def arabic_normalization(text: str) -> str:
    """Fold hamza on alef, alef maqsura and ta marbuta (Lucene ArabicNormalizer)."""
    text = text.replace("أ", "ا").replace("إ", "ا").replace("آ", "ا")
    return text.replace("ى", "ي").replace("ة", "ه")


RULES: Final[tuple[Callable[[str], str], ...]] = (
    free_latin,
    short_letters,
    joined_words,
    thousands,
    letters,
    lowercase,
    digits,
    arabic_normalization,
)
"""The first five form one character filter: each sees the original text, not the others' output."""
