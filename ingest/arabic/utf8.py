"""Undo UTF-8 that was read one byte at a time: "Ø§Ù„" as latin-1 or cp1252, "ط§ظ„" as cp1256, "ÿßŸÑ" as Mac Roman.

Proof: lead and continuation bytes side by side. Only the broken runs change.
"""

import re
from collections.abc import Callable, Mapping
from operator import methodcaller
from typing import Final

from ingest.arabic.charsets import BYTE_OF_ARABIC, BYTE_OF_LATIN, BYTE_OF_MAC, class_of, encode_latin
from ingest.arabic.rules import Rule

_ARABIC_LEADS: Final = "\u00d8-\u00db"
"""Latin-1 characters of the bytes that begin a letter of the Arabic block."""


def _tail(byte_of: Mapping[str, int]) -> str:
    return f"[{class_of(byte_of, 0x80, 0xBF)}]"


def _sequence(byte_of: Mapping[str, int]) -> str:
    """Return the pattern of one UTF-8 sequence (RFC 3629) in a charset's characters."""
    leads = [f"[{class_of(byte_of, *lead)}]" for lead in ((0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4))]
    return "|".join(f"{lead}{_tail(byte_of)}{{{length}}}" for length, lead in enumerate(leads, start=1))


LATIN_TAIL: Final = _tail(BYTE_OF_LATIN)
ARABIC_TAIL: Final = _tail(BYTE_OF_ARABIC)
LATIN_PROOF: Final = re.compile(
    # twice encoded, or a Latin accent | curly quotes and dashes, U+20xx | two Arabic letters
    f"[ÂÃ]{LATIN_TAIL}|â[\u0080-\u0084€](?:{LATIN_TAIL}|\ufffd)|(?:[{_ARABIC_LEADS}]{LATIN_TAIL}){{2}}"
)
ARABIC_PROOF: Final = re.compile(f"{ARABIC_TAIL}(?<=[آأطظعغ].)[آأطظعغ]{ARABIC_TAIL}")
"""Letters whose cp1256 bytes are D8 to DB, C2 and C3 (آ أ) where it was encoded twice."""
MAC_PROOF: Final = re.compile(f"(?:[ÿŸ]{_tail(BYTE_OF_MAC)}){{2}}")

# cp1252 has no 81, 8D, 8F, 90 and 9D; the soft hyphen, AD, is often taken for nothing.
_LOST: Final = f"(?:[ÙØ]|â€)(?:\ufffd|(?!{LATIN_TAIL}))|Ù(?=»)"
_LOST_SEQUENCE: Final = re.compile(_LOST)
_ONLY_CP1252: Final = re.compile("[‚ƒ„…†‡ˆ‰Š‹Œ]")
_SHORT_VOWEL: Final = re.compile("Ù[Ž\u008e’\u0092]")
_UNKNOWN: Final = "ï¿½"
"""U+FFFD."""


def _with_lost_bytes(run: str) -> str:
    """Put the lost byte where only one is likely: ف (D9 81), ح (D8 AD), ” (E2 80 9D).

    A vocalised text may have lost a kasra there, and one without C1 controls any letter.
    """
    certain = _ONLY_CP1252.search(run) and not _SHORT_VOWEL.search(run)
    known = {"Ù": "Ù\u0081" if certain else _UNKNOWN, "Ø": "Ø\u00ad" if certain else _UNKNOWN, "â": "â€\u009d"}
    return _LOST_SEQUENCE.sub(lambda lost: known[lost[0][0]], run)


def _utf8_rules(
    byte_of: Mapping[str, int], encode: Callable[[str], bytes], start: str, proof: re.Pattern[str], lost: str = ""
) -> tuple[Rule, Rule]:
    """Return the rules that decode whole lines, which is quick, and runs of UTF-8 sequences, ASCII between them.

    Each only where the proof is.
    """
    one = lost + _sequence(byte_of)
    unit = re.compile(f"{one}|.", re.DOTALL)
    runs = re.compile(f"{start}(?:{one})(?:[\x00-\x7f]*+(?:{one}))*")

    def decoded(match: re.Match[str]) -> str:
        text = match[0]
        if not proof.search(text):
            return text
        if lost and match.re is runs:
            text = _with_lost_bytes(text)
        try:
            return encode(text).decode("utf-8")
        except UnicodeError:
            return match[0]

    return (
        Rule(re.compile("[^\n]+"), decoded, unit=unit),
        Rule(runs, decoded, whole=lambda text: runs.sub(decoded, text) if proof.search(text) else text, unit=unit),
    )


# «MANHÃ» is Portuguese, «CAFÉ» French.
_LATIN_START: Final = "(?:(?<![A-Za-z])|(?=[ÂÃâ]))(?!(?<=[A-Za-zÀ-ỹ«])[ÂÃ][»”’…])"
LATIN: Final = _utf8_rules(BYTE_OF_LATIN, encode_latin, _LATIN_START, LATIN_PROOF, f"{_LOST}|")
ARABIC: Final = _utf8_rules(
    BYTE_OF_ARABIC, methodcaller("encode", "cp1256"), "(?<![ء-زس-ضف-ي])(?=[آأطظعغâï])", ARABIC_PROOF
)
MAC: Final = _utf8_rules(BYTE_OF_MAC, methodcaller("encode", "mac_roman"), "(?=[ÿŸ¬√‚])", MAC_PROOF)
