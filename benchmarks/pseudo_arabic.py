"""Pages in Latin script put into Arabic letters, word for word: what an extractor knows of English does not help it."""

import re
from typing import Final


def _words(text: str) -> list[str]:
    return text.split()


LETTERS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابجدهوزحطيكلمنسعفصقرشتثخذض")
"""The order of the abjad: one letter for one, so that equal words stay equal."""
WORDS: Final = dict(
    zip(
        _words("the a an of to and in on for with by is was that it he she but not or as from at has said"),
        _words("هذا ما أحد من إلى ثم في على لأجل مع عبر يكون كان الذي هو ذلك هي لكن ليس أو كما عن لدى لديه قال"),
        strict=True,
    )
)
MARKUP: Final = re.compile(
    r"(<script\b.*?</script\s*>|<style\b.*?</style\s*>|<!--.*?-->|<[^>]*>)", re.DOTALL | re.IGNORECASE
)
WORD: Final = re.compile(r"&[#\w]+;|[A-Za-z]+|,")
HTML: Final = re.compile(r"<html\b[^>]*>", re.IGNORECASE)


def in_arabic(page: bytes, gold: str) -> tuple[bytes, str]:
    """Return a page and its gold body with their words in Arabic letters; tags, classes and scripts stay."""
    parts = MARKUP.split(page.decode("utf-8", "replace"))
    parts[::2] = map(words_in_arabic, parts[::2])
    return HTML.sub('<html lang="ar" dir="rtl">', "".join(parts), count=1).encode(), words_in_arabic(gold)


def words_in_arabic(text: str) -> str:
    """Return a text with its Latin words in Arabic letters."""
    return WORD.sub(_one, text)


def _one(match: re.Match[str]) -> str:
    word = match[0].lower()
    if word == ",":
        return "،"
    return match[0] if word[0] == "&" else WORDS.get(word) or word.translate(LETTERS)
