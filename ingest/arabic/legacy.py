"""Undo mojibake of one byte per letter: Arabic in cp1256, ISO-8859-6 or MacArabic, read as something else.

- as latin-1 or cp1252: "ÇáÓáÇã" is السلام. Proof: three accented letters in a row, in a word of high bytes only.
- ISO-8859-6 as cp1256: "انçوê". Proof: letters of French inside Arabic words.
Each line is judged separately, by how Arabic its readings look.
"""

import re
from collections.abc import Mapping
from typing import Final

from ingest.arabic.charsets import (
    ACCENTED,
    BYTE_OF_ARABIC,
    BYTE_OF_LATIN,
    CP1256,
    MAC_ARABIC,
    UTF8_LETTERS,
    class_of,
)
from ingest.arabic.rules import Rule

COMMON_LETTERS: Final = "اليمونترعبدةأ"
"""Three quarters of all letters in Arabic news."""
PLAUSIBLE: Final = ((4, 0.25), (3, 0.5))
"""With this many accented letters in a row, a reading needs this share of common letters (articles count twice)."""
PLAUSIBLE_IN_ARABIC: Final = ((3, 0.0), (2, 1.0))
"""The same, with Arabic letters nearby."""
NEAR: Final = 500
"""Characters on either side that count as nearby; bounded, so that many broken lines cost linear time."""

_LATIN_CLASS: Final = class_of(BYTE_OF_LATIN, 0x80, 0xFF)
_WORD: Final = f"(?<![A-Za-zء-ي{_LATIN_CLASS}])[{_LATIN_CLASS}]++(?![A-Za-zء-ي])"
"""High bytes only, so that "Köln" between broken words does not match."""
_LATIN_SPAN: Final = re.compile(f"{_WORD}(?:[\x00-\x09\x0b-\x7f\ufffd]*+{_WORD})*")
_ACCENTED: Final = re.compile(f"[{ACCENTED}]")
_ACCENTED_RUN: Final = re.compile(f"[{ACCENTED}]+")
_UTF8: Final = re.compile(UTF8_LETTERS)
LEGACY_PROOF: Final = re.compile(f"[{ACCENTED}][{ACCENTED}]")
_ARABIC: Final = re.compile("[ء-ي]")
FRENCH: Final = "àâçèéêëîïôùûü"
_MIXED_CLASS: Final = re.escape("".join(char for char in BYTE_OF_ARABIC if char not in "«،؛“”"))
_MIXED_SPAN: Final = re.compile(f"(?<=«)[^«»\n]+(?=»)|[{_MIXED_CLASS}](?:[\x00-\x09\x0b-\x7f]*+[{_MIXED_CLASS}]+)*")
"""Text in quotation marks, or between characters that ISO-8859-6 has elsewhere or not at all."""
MIXED_PROOF: Final = re.compile(f"[ء-ي][{FRENCH}×]|[{FRENCH}×][ء-ي]")


def _reading(byte_of: Mapping[str, int], letters: Mapping[int, str]) -> dict[int, str]:
    return {ord(char): letters[byte] for char, byte in byte_of.items() if byte in letters}


_CP1256: Final = _reading(BYTE_OF_LATIN, CP1256)
_ISO: Final = _reading(BYTE_OF_LATIN, MAC_ARABIC)
_QUOTED_ISO: Final = {char: letter for char, letter in _ISO.items() if chr(char) not in "«»"}
"""ISO-8859-6 has no «, so quotation marks around broken text are right."""
_MIXED_ISO: Final = _reading(BYTE_OF_ARABIC, MAC_ARABIC)


def _from_latin(span: re.Match[str]) -> str:
    broken = span[0]
    longest = max((len(run) for run in _ACCENTED_RUN.findall(broken) if len(set(run)) > 1), default=0)  # not "ááá"
    near = _ARABIC.search(span.string, max(0, span.start() - NEAR), span.end() + NEAR)
    limits = PLAUSIBLE_IN_ARABIC if near else PLAUSIBLE
    least = next((share for length, share in limits if longest >= length), None)
    if least is None or _UTF8.search(broken):
        return broken
    readings = [broken.translate(letters) for letters in (_CP1256, _QUOTED_ISO if "«" in broken else _ISO)]
    score, reading = max(((_score(text), text) for text in readings), key=lambda one: one[0])
    return reading if score >= least * len(_ACCENTED.findall(broken)) else broken


def _from_arabic(span: re.Match[str]) -> str:
    broken = span[0]
    if not MIXED_PROOF.search(broken):
        return broken
    reading = broken.translate(_MIXED_ISO)
    return reading if _score(reading) > _score(broken) + 2 else broken


def _score(text: str) -> int:
    """Count the common letters and articles, less what did not become Arabic."""
    return sum(map(text.count, COMMON_LETTERS)) + 2 * text.count("ال") - 2 * len(_ACCENTED.findall(text))


LEGACY: Final = Rule(_LATIN_SPAN, _from_latin)
MIXED: Final = Rule(_MIXED_SPAN, _from_arabic)
