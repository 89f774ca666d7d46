"""The server's `stemmer: arabic` (light10; Larkey, Ballesteros, Connell 2007) in Python: the stem without a rule."""

from typing import Final

PREFIXES: Final = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
SUFFIXES: Final = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
KEPT: Final = 2
"""Letters that stay; one more where و is taken off."""


def light(word: str) -> str:
    """Return the stem that Lucene's ArabicStemmer makes of a normalized word."""
    return suffixless(prefixless(word))


def prefixless(word: str) -> str:
    """Take off the first prefix that fits."""
    for prefix in PREFIXES:
        least = KEPT + len(prefix) + (len(prefix) == 1)
        if word.startswith(prefix) and len(word) >= least:
            return word[len(prefix) :]
    return word


def suffixless(word: str) -> str:
    """Take off every suffix that fits, in one pass."""
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + KEPT:
            word = word[: -len(suffix)]
    return word
