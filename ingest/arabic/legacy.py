"""Undo one byte for one letter: Arabic in cp1256, ISO-8859-6 or MacArabic that was read as something else.

- as latin-1 or cp1252: "ÇáÓáÇã" is السلام. Proof: three accented letters in a row, in a word of high bytes only.
- ISO-8859-6 as cp1256: "انçوê". Proof: letters of French inside Arabic words.
A line is broken or is not; each is judged for itself, by how Arabic its readings look.
"""

import re
from typing import Final

from ingest.arabic.charsets import (
    ACCENTED_CLASS,
    ARABIC_MAC_AND_ISO,
    BYTE_OF_ARABIC,
    BYTE_OF_LATIN,
    CP1256,
    class_of,
)
from ingest.arabic.rules import Rule

COMMON_LETTERS: Final = "اليمونترعبدةأ"
"""Three letters of four in Arabic news."""
PLAUSIBLE: Final = 0.4
"""Share of common letters, articles twice, in a reading that is taken."""
SHORT_PLAUSIBLE: Final = 0.8
"""The same where no four accented letters stand together: three do in other languages ("þýð-")."""

_LATIN_CLASS: Final = class_of(BYTE_OF_LATIN, 0x80, 0xFF)
_WORD: Final = f"(?<![A-Za-z{_LATIN_CLASS}])[{_LATIN_CLASS}]++(?![A-Za-z])"
"""High bytes only: "Köln" between broken words is not one."""
_LATIN_SPAN: Final = re.compile(f"{_WORD}(?:[\x00-\x09\x0b-\x7f]*+{_WORD})*")
_HIGH: Final = re.compile(f"[{_LATIN_CLASS}]")
_PROOF: Final = re.compile(f"[{ACCENTED_CLASS}]{{4}}")
_SHORT_PROOF: Final = re.compile(f"[{ACCENTED_CLASS}]{{3}}")
_FRENCH: Final = "àâçèéêëîïôùûü"
_MIXED_CLASS: Final = class_of(BYTE_OF_ARABIC, 0x80, 0xFF)
_MIXED_SPAN: Final = re.compile(f"[{_MIXED_CLASS}](?:[\x00-\x09\x0b-\x7f]*+[{_MIXED_CLASS}]+)*")
_MIXED_PROOF: Final = re.compile(f"[ء-ي][{_FRENCH}]|[{_FRENCH}][ء-ي]")

_READINGS: Final = tuple(
    {ord(char): letters[byte] for char, byte in BYTE_OF_LATIN.items() if byte in letters}
    for letters in (CP1256, ARABIC_MAC_AND_ISO)
)
_ISO_READING: Final = {
    ord(char): ARABIC_MAC_AND_ISO[byte] for char, byte in BYTE_OF_ARABIC.items() if byte in ARABIC_MAC_AND_ISO
}
_ACCENTED: Final = re.compile(f"[{ACCENTED_CLASS}]")


def _from_latin(span: re.Match[str]) -> str:
    broken = span[0]
    if not _SHORT_PROOF.search(broken):
        return broken
    score, reading = max(((_score(text), text) for text in map(broken.translate, _READINGS)), key=lambda one: one[0])
    least = PLAUSIBLE if _PROOF.search(broken) else SHORT_PLAUSIBLE
    return reading if score >= least * len(_HIGH.findall(broken)) else broken


def _from_arabic(span: re.Match[str]) -> str:
    broken = span[0]
    if len(_MIXED_PROOF.findall(broken)) < 2:  # noqa: PLR2004 - one may be a typing error
        return broken
    reading = broken.translate(_ISO_READING)
    return reading if _score(reading) > _score(broken) else broken


def _score(text: str) -> int:
    """Count the common letters and articles, less what did not become Arabic."""
    return sum(map(text.count, COMMON_LETTERS)) + 2 * text.count("ال") - 2 * len(_ACCENTED.findall(text))


LEGACY_RULES: Final = (Rule(_LATIN_SPAN, _from_latin), Rule(_MIXED_SPAN, _from_arabic))
