"""Undo text that was decoded with the wrong charset, by encoding it back.

Two kinds, told apart by what cannot stand in clean text: one byte for one letter (ingest/arabic/legacy.py), and UTF-8
read one byte at a time: "Ø§Ù„" as latin-1 or cp1252, "ط§ظ„" as cp1256, "ÿßŸÑ" as Mac Roman. Proof of the latter: lead
and continuation bytes side by side. Only the broken runs change, so a clean quotation beside them stays as it is.
"""

import re
from collections.abc import Callable, Mapping, Set as AbstractSet
from operator import methodcaller
from typing import Final

from ingest.arabic.charsets import (
    ACCENTED,
    BYTE_OF_ARABIC,
    BYTE_OF_LATIN,
    BYTE_OF_MAC,
    CP1252,
    class_of,
    encode_latin,
)
from ingest.arabic.legacy import ACCENTED_RUN, FRENCH, LEGACY, MIXED, MIXED_PROOF
from ingest.arabic.rules import Rule, named, replacements

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


def _utf8_rule(
    byte_of: Mapping[str, int], encode: Callable[[str], bytes], start: str, proof: re.Pattern[str], lost: str = ""
) -> Rule:
    """Return the rule that decodes runs of UTF-8 sequences, ASCII between them, that hold the proof."""
    one = lost + _sequence(byte_of)

    def decode(run: re.Match[str]) -> str:
        if not proof.search(run[0]):
            return run[0]
        whole = _with_lost_bytes(run[0]) if lost else run[0]
        try:
            return encode(whole).decode("utf-8")
        except UnicodeError:
            return run[0]

    return Rule(
        re.compile(f"{start}(?:{one})(?:[\x00-\x7f]*+(?:{one}))*"), decode, unit=re.compile(f"{one}|.", re.DOTALL)
    )


COMMON_PUNCTUATION: Final = frozenset("\u00a0«»،؛؟‘’“”–—•·°×÷…")
"""Of the tails, what clean Arabic text is full of; no mojibake consists of these alone."""
_TAILS: Final = frozenset(
    char for byte_of in (BYTE_OF_LATIN, BYTE_OF_ARABIC) for char, byte in byte_of.items() if 0x80 <= byte <= 0xBF
)
TROUBLE: Final = frozenset(ACCENTED) | _TAILS - COMMON_PUNCTUATION
"""At least one of these is in every text that needs this step."""
MOJIBAKE_CLASS: Final = re.escape("".join(sorted(TROUBLE)))

# «MANHÃ» is Portuguese, «CAFÉ» French.
_LATIN_START: Final = "(?:(?<![A-Za-z])|(?=[ÂÃâ]))(?!(?<=[A-Za-zÀ-ỹ«])[ÂÃ][»”’…])"
LATIN: Final = _utf8_rule(BYTE_OF_LATIN, encode_latin, _LATIN_START, LATIN_PROOF, f"{_LOST}|")
ARABIC: Final = _utf8_rule(
    BYTE_OF_ARABIC, methodcaller("encode", "cp1256"), "(?<![ء-زس-ضف-ي])(?=[آأطظعغâï])", ARABIC_PROOF
)
MAC: Final = _utf8_rule(BYTE_OF_MAC, methodcaller("encode", "mac_roman"), "(?=[ÿŸ¬√‚])", MAC_PROOF)

KINDS: Final = (
    # the rule | one of these characters is there | and this
    (MAC, frozenset("ÿŸ"), MAC_PROOF),
    (LEGACY, frozenset(ACCENTED), ACCENTED_RUN),
    (MIXED, frozenset(FRENCH), MIXED_PROOF),
    (ARABIC, TROUBLE, ARABIC_PROOF),
    (LATIN, frozenset("ÂÃâØÙÚÛ"), LATIN_PROOF),
)


def mojibake(text: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Read wrongly decoded text with the charset it was written in, one level.

    First of all steps: any other change to the broken characters would lose bytes.
    """
    if suspects.isdisjoint(TROUBLE):
        return ()
    return tuple(rule for rule, signs, proof in KINDS if not suspects.isdisjoint(signs) and proof.search(text))


LONE_LEAD: Final = Rule(re.compile("(?<=[ء-ي.،؛؟:»] )Â(?= ?[ء-ي«])|(?<=[ء-ي.،؛؟:»])Â(?= ?[ء-ي«])"), "")
"""What remains of a no-break space (C2 A0) whose second byte was taken for a space."""
C1_CONTROLS: Final = replacements({chr(byte): char for byte, char in CP1252.items() if byte < 0xA0})


def remains(_: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Read as cp1252 the controls (C1) that no broken run explains, and drop a lead byte left alone."""
    lead = (LONE_LEAD,) if "Â" in suspects else ()
    return *lead, *named(C1_CONTROLS, suspects)
