"""Which words say the same: spellings, inflections and typing errors of one another; and which never do.

All single words are folded (`ingest/arabic/fold.py`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from ingest.arabic.fold import fold

PARTICLES: Final = frozenset({"في", "من", "علي", "الي", "عن", "مع", "ان", "بان", "وان", "قد", "وقد", "او", "ثم", "كما"})
"""Any of them may stand for another one; «قبل» and «بعد» may not."""
NEGATION: Final = re.compile(
    "[وف]?(?:لا|لم|لن|لما|ليس|ليست|ليسوا|لست|لسنا|غير|دون|بدون|بلا|عدم|بعدم|نفي|نفت|نفوا|ينفي|تنفي|نافيا|نافيه)"
)
NUMBER: Final = re.compile(
    "(?:[وفبلك]?(?:ال)?|لل)(?:واحده?|اثنان|اثنتان|اثنتين|ثلاث(?!اء)\\w*|اربع(?!اء)\\w*|خمس\\w*|سته?|ستون|ستين|سبع\\w*|ثمان\\w*"
    "|تسع\\w*|عشر\\w*|مئ[هات]\\w*|مايه|مايت\\w*|الفا?|الفان|الفين|الاف|مليون\\w*|مليار\\w*|ملايين|نصف|ثلث|ثلثي|ربع)"
)
WESTERN: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
"""Before a text is folded: the separator of thousands is known between these digits only."""
DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)*")
PREFIX: Final = re.compile("^(?:[وف]?(?:بال|كال|ال|لل|[بلكس])|[وف])?[يتنا]?(?=.{3})")
SUFFIX: Final = re.compile("(?<=...)(?:ها|هما?|هن|نا|كم|يه|يا|ي|ه|ا|وا|ت)$")
"""None that tells one from two or many: «شخصان» are not «شخص»."""
CASE: Final = re.compile("(?<=...)(?:ان|ون)$")
"""The nominative of «ين»."""
SHORTEST: Final = 4
"""Letters of a word in which one other letter is a typing error: «وبلع»; «حسن» and «حسين» are two names."""
JOINED: Final = 0.7
"""Similarity (difflib) from which words are the same ones, joined or parted: «وبلغ», «وقد بلغ»."""
FEW: Final = 3
"""Words of which that is asked."""


def facts(words: Iterable[str]) -> Counter[str]:
    """Return the words of which a single one changes what is said: numbers, in digits or not, and negations."""
    return Counter(word for word in words if any(map(str.isdigit, word)) or _is_fact(word))


def numbers(text: str) -> list[str]:
    """Return the numbers of a text that are written in digits, in their order."""
    return DIGITS.findall(fold(text.translate(WESTERN)))


def are_alike(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether words that replaced others say the same."""
    if len(old) == len(new):
        return all(map(_is_alike, old, new))
    return max(len(old), len(new)) <= FEW and SequenceMatcher(None, "".join(old), "".join(new)).ratio() >= JOINED


def _is_fact(word: str) -> bool:
    return bool(NEGATION.fullmatch(word) or NUMBER.fullmatch(word))


def _is_alike(old: str, new: str) -> bool:
    return {old, new} <= PARTICLES or _stem(old) == _stem(new) or _is_typing_error(old, new)


def _stem(word: str) -> str:
    return SUFFIX.sub("", CASE.sub("ين", PREFIX.sub("", word, count=1)), count=1)


def _is_typing_error(old: str, new: str) -> bool:
    """Return whether one letter inside is another one, is missing, or has changed places with its neighbour."""
    if min(len(old), len(new)) < SHORTEST or old[0] != new[0]:
        return False
    same = next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    one, other = old[same:], new[same:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (one == other[::-1] and len(one) == 2)  # noqa: PLR2004  # a pair
