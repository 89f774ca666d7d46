"""The language of a page: what it declares, unless its letters and commonest words contradict it."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from ingest.extract.body.marks import words

ARABIC_SCRIPT: Final = frozenset({"ar", "fa", "ur", "ckb", "ku", "ps", "sd", "ug"})
SAMPLE: Final = 20_000
READ: Final = 2_000
"""Characters that are read to tell the script's languages apart."""
LETTERS: Final = re.compile(r"[^\W\d_]+")
ARABIC: Final = re.compile("[\u0621-\u064a\u066e-\u06d3\u06d5]+")
OWN_LETTERS: Final = {
    "ckb": "ەڕڵێۆڤ",
    "ps": "ټډړږښڼېۍځڅ",
    "ur": "ٹڈڑںےھہ",
    "fa": "پچژگکی",
}
"""Letters of a language that the ones below it in the list do not write, and Arabic none of them."""
FOREIGN: Final = re.compile(f"[{''.join(OWN_LETTERS.values())}]")
WORDS: Final = {
    "fa": words("که از این است در را برای با می شد های آن"),
    "ur": words("کے کی میں سے کا ہے نے اور کو پر"),
    "ps": words("د په چې کې او له دی سره"),
    "ckb": words("لە و بە بۆ کە ئەو ئەم"),
    "ar": words("في من على إلى أن التي الذي عن هذا هذه مع"),
}
WRITTEN: Final = 0.02
"""Minimum share of a language's own letters in its text; names and quotations have fewer."""
SPOKEN: Final = 0.04
"""Minimum share of its most common words."""


def is_wanted(language: str, wanted: Iterable[str]) -> bool:
    """Return whether a page's language is one of those wanted, if any are; an unknown one is not in Arabic script."""
    codes = frozenset(wanted)
    return not codes or language in codes or (not language and not codes <= ARABIC_SCRIPT)


def language_of(declared: str, body: str) -> str:
    """Return the page's language as ISO 639, '' if what it declares cannot be right and the text is inconclusive."""
    language = re.split("[-_]", declared.strip().lower())[0]
    share = arabic_share(body)
    if not body.strip():
        return language
    if 2 * share > 1:
        return _of_arabic_script(language, body[:READ])
    return "" if language in ARABIC_SCRIPT and share < WRITTEN and LETTERS.search(body) else language


def _of_arabic_script(declared: str, text: str) -> str:
    """Return the language of a text in Arabic script; Arabic unless there are signs of another."""
    fallback = declared if declared in ARABIC_SCRIPT else "ar"
    if fallback == "ar" and not FOREIGN.search(text):
        return "ar"
    spoken = LETTERS.findall(text)
    said = Counter(spoken)
    arabic = _share(said, WORDS["ar"])
    if arabic >= SPOKEN and arabic > _share(said, WORDS.get(declared, WORDS["fa"])):
        return "ar"
    letters = Counter("".join(spoken))
    for language, own in OWN_LETTERS.items():
        if _share(letters, own) >= WRITTEN and _share(said, WORDS[language]) >= SPOKEN:
            return language
    return fallback


def _share(found: Counter[str], wanted: Iterable[str]) -> float:
    return sum(found[one] for one in wanted) / max(1, found.total())


@lru_cache(maxsize=1)  # asked of a body twice, unless its repair changes it
def arabic_share(text: str) -> float:
    """Return the share of Arabic letters among the letters of a text, looking at its first SAMPLE characters."""
    if not ARABIC.search(text, 0, SAMPLE):
        return 0.0
    letters = "".join(LETTERS.findall(text[:SAMPLE]))
    return len("".join(ARABIC.findall(letters))) / len(letters) if letters else 0.0
