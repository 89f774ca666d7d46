"""Undo text that was decoded with the wrong charset, by encoding it back.

Two kinds, told apart by what cannot stand in clean text:
- one byte for one letter: "ÇáÓáÇã", cp1256 or ISO-8859-6 read as latin-1 or cp1252. Proof: four accented letters in a
  row.
- UTF-8 read one byte at a time: "Ø§Ù„" as latin-1 or cp1252, "ط§ظ„" as cp1256. Proof: lead and continuation bytes side
  by side.
Only the broken runs change, so a clean quotation beside them stays as it is.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

HIGH_BYTES: Final = range(0x80, 0x100)
TAIL: Final = range(0x80, 0xC0)
"""Continuation bytes of UTF-8 (RFC 3629)."""
ACCENTED_CLASS: Final = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff"
COMMON_LETTERS: Final = "اليمونترعبدةأ"
"""Three letters of four in Arabic news."""
PLAUSIBLE: Final = 0.4
LEVELS: Final = 3
"""Wrong decodings on top of each other: two occur."""
SAMPLE: Final = 2000
"""Characters that are enough to tell one charset from another."""


def _charset(name: str) -> dict[int, str]:
    return {byte: char for byte in HIGH_BYTES if (char := bytes([byte]).decode(name, "ignore"))}


CP1252: Final = _charset("cp1252")
CP1256: Final = _charset("cp1256")
# A browser reads latin-1 as cp1252 (WHATWG Encoding), other readers do not: the C1 control and the cp1252 character
# at its place mean the same byte.
BYTE_OF_LATIN: Final = {chr(byte): byte for byte in HIGH_BYTES} | {char: byte for byte, char in CP1252.items()}
BYTE_OF_ARABIC: Final = {char: byte for byte, char in CP1256.items()}
C1_AS_CP1252: Final = {byte: CP1252[byte] for byte in range(0x80, 0xA0) if byte in CP1252}


def _letters_by_charset(name: str) -> dict[int, str]:
    charset = _charset(name)
    return {ord(char): charset[byte] for char, byte in BYTE_OF_LATIN.items() if byte in charset}


LEGACY_CHARSETS: Final = tuple(map(_letters_by_charset, ("cp1256", "iso8859-6")))
ACCENTED: Final = re.compile(f"[{ACCENTED_CLASS}]")
C1: Final = re.compile("[\u0080-\u009f]")
LEGACY_PROOF: Final = re.compile(f"[{ACCENTED_CLASS}]{{4}}")
_LATIN_CLASS: Final = re.escape("".join(BYTE_OF_LATIN))
LEGACY_WORD: Final = re.compile(f"(?<![A-Za-z{_LATIN_CLASS}])[{_LATIN_CLASS}]++(?![A-Za-z])")
"""Characters of high bytes only: "Köln" between broken words is not one of them."""


def _class(byte_of: Mapping[str, int], first: int, last: int) -> str:
    return "[" + re.escape("".join(char for char, byte in byte_of.items() if first <= byte <= last)) + "]"


def _utf8_runs(byte_of: Mapping[str, int]) -> re.Pattern[str]:
    """Return the pattern of UTF-8 sequences (RFC 3629) in a charset's characters, ASCII between them."""
    tail = _class(byte_of, 0x80, 0xBF)
    leads = [_class(byte_of, *lead) for lead in ((0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4))]
    one = "|".join(f"{lead}{tail}{{{length}}}" for length, lead in enumerate(leads, start=1))
    return re.compile(f"(?:{one})(?:[\x00-\x7f]*(?:{one}))*")


def _decoder(byte_of: Mapping[str, int]) -> Callable[[re.Match[str]], str]:
    latin1 = {ord(char): byte for char, byte in byte_of.items()}

    def decode(run: re.Match[str]) -> str:
        try:
            return run[0].translate(latin1).encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            return run[0]

    return decode


_LATIN_TAIL: Final = _class(BYTE_OF_LATIN, 0x80, 0xBF)
_ARABIC_TAIL: Final = _class(BYTE_OF_ARABIC, 0x80, 0xBF)
LATIN_PROOF: Final = re.compile(
    # twice encoded, or a Latin accent | curly quotes and dashes, U+20xx | two letters of the Arabic block, D8 to DB
    f"[\u00c2\u00c3]{_LATIN_TAIL}|\u00e2[\u0080-\u0084\u20ac]{_LATIN_TAIL}|(?:[\u00d8-\u00db]{_LATIN_TAIL}){{2}}"
)
ARABIC_PROOF: Final = re.compile(f"{_ARABIC_TAIL}(?<=[طظعغ].)[آأطظعغ]{_ARABIC_TAIL}")
"""Letters whose cp1256 bytes are D8 to DB; C2 and C3 (آ أ) follow where it was encoded twice."""
COMMON_PUNCTUATION: Final = frozenset("\u00a0«»،؛؟‘’“”–—•·°×÷")
"""Of the tails, what clean Arabic text is full of; no mojibake consists of these alone."""
_TAILS: Final = {char for byte_of in (BYTE_OF_LATIN, BYTE_OF_ARABIC) for char, byte in byte_of.items() if byte in TAIL}
MOJIBAKE_CLASS: Final = ACCENTED_CLASS + re.escape("".join(sorted(_TAILS - COMMON_PUNCTUATION)))
"""At least one of these is in every text that needs this step."""
TROUBLE: Final = re.compile(f"[{MOJIBAKE_CLASS}]")
LATIN_RUNS: Final = _utf8_runs(BYTE_OF_LATIN)
ARABIC_RUNS: Final = _utf8_runs(BYTE_OF_ARABIC)


def mojibake(text: str) -> str:
    """Read wrongly decoded text with the charset it was written in, level by level.

    First of all steps: any other change to the broken characters would lose bytes. A C1 control that no run explains
    is punctuation of cp1252.
    """
    if not TROUBLE.search(text):
        return text
    for _ in range(LEVELS):
        before, text = text, _decoded(text)
        if text == before:
            break
    return text.translate(C1_AS_CP1252) if C1.search(text) else text


def _decoded(text: str) -> str:
    """Undo one level."""
    if ACCENTED.search(text):
        if LEGACY_PROOF.search(text):
            return _legacy(text)
        if LATIN_PROOF.search(text):
            text = LATIN_RUNS.sub(_decoder(BYTE_OF_LATIN), text)
    return ARABIC_RUNS.sub(_decoder(BYTE_OF_ARABIC), text) if ARABIC_PROOF.search(text) else text


def _legacy(text: str) -> str:
    """Return the most Arabic reading of one byte for one letter, or the text itself if none is plausible."""
    broken = "".join(LEGACY_WORD.findall(text, 0, SAMPLE))
    score, letters = max(((_score(broken.translate(c)), c) for c in LEGACY_CHARSETS), key=lambda scored: scored[0])
    if score < PLAUSIBLE * len(broken):
        return text
    return LEGACY_WORD.sub(lambda word: word[0].translate(letters), text)


def _score(text: str) -> int:
    """Count the common letters and articles, less what did not become Arabic."""
    return sum(map(text.count, COMMON_LETTERS)) + 2 * text.count("ال") - 2 * len(ACCENTED.findall(text))
