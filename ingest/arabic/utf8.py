"""Undo UTF-8 that was read one byte at a time: "Ø§Ù„" as latin-1 or cp1252, "ط§ظ„" as cp1256, "ÿßŸÑ" as Mac Roman.

Proof: lead and continuation bytes side by side. Only the broken runs change.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import methodcaller
from typing import Final

from ingest.arabic.charsets import BYTE_OF_ARABIC, BYTE_OF_LATIN, BYTE_OF_MAC, UTF8_LETTERS, class_of, encode_latin
from ingest.arabic.rules import Rule


def _tail(byte_of: Mapping[str, int]) -> str:
    return f"[{class_of(byte_of, 0x80, 0xBF)}]"


def _sequence(byte_of: Mapping[str, int]) -> str:
    """Return the pattern of one UTF-8 sequence (RFC 3629) in a charset's characters.

    Of those of two bytes, what Arabic news and cp1252 have: Latin letters (C2 to C6), ˆ and ˜ (CB), Arabic (D8 to DB).
    """
    two, three, four = (
        "".join(class_of(byte_of, *leads) for leads in ranges)
        for ranges in (((0xC2, 0xC6), (0xCB, 0xCB), (0xD8, 0xDB)), ((0xE0, 0xEF),), ((0xF0, 0xF4),))
    )
    tail = _tail(byte_of)
    return f"[{two}]{tail}|[{three}]{tail}{{2}}|[{four}]{tail}{{3}}"


LATIN_TAIL: Final = _tail(BYTE_OF_LATIN)
ARABIC_TAIL: Final = _tail(BYTE_OF_ARABIC)
LATIN_PROOF: Final = re.compile(
    # twice encoded, or a Latin accent | curly quotes and dashes, U+20xx | two Arabic letters
    f"[ÂÃ]{LATIN_TAIL}|â[\u0080-\u0084€](?:{LATIN_TAIL}|[\ufffd?])|{UTF8_LETTERS}"
)
ARABIC_PROOF: Final = re.compile(
    f"{ARABIC_TAIL}(?:(?<=[طظعغ].)|(?<=[آأ][^«»،؛؟“”‘’…\u00a0\u00ad]))[آأطظعغ]{ARABIC_TAIL}"
)
"""Letters whose cp1256 bytes are D8 to DB, C2 and C3 (آ أ) where it was encoded twice."""
MAC_PROOF: Final = re.compile(f"(?:[ÿŸ]{_tail(BYTE_OF_MAC)}){{2}}")

# A reader put U+FFFD or "?" for a byte that it could not read, and left the other half of the character.
# cp1252 has no 81, 8D, 8F, 90 and 9D; the soft hyphen, AD, is often taken for nothing.
_LATIN_LOST: Final = f"(?:[ÙØ]|â€)(?:[\ufffd?]|(?!{LATIN_TAIL}))|Ù(?=»)|\ufffd(?:(?![»”’]){LATIN_TAIL})?"
_ARABIC_LOST: Final = f"[طظ]\ufffd|\ufffd(?:(?![»”’،؛؟]){ARABIC_TAIL})?"
_ONLY_CP1252: Final = re.compile("[‚ƒ„…†‡ˆ‰Š‹Œ]")
_SHORT_VOWEL: Final = re.compile("Ù[Ž\u008e’\u0092]")


def _latin_loss(lost: str, run: str) -> str:
    """Return the letter where only one is likely: ف (D9 81), ح (D8 AD), ” (E2 80 9D).

    A vocalised text may have lost a kasra there, and one without C1 controls any letter.
    """
    if lost.startswith("â"):
        return "”"
    if not _ONLY_CP1252.search(run) or _SHORT_VOWEL.search(run):
        return "\ufffd"
    return {"Ù": "ف", "Ù\ufffd": "ف", "Ù?": "ف", "Ø": "ح"}.get(lost, "\ufffd")


@dataclass(frozen=True, slots=True)
class Misreading:
    """A charset that UTF-8 was read with."""

    byte_of: Mapping[str, int]
    encode: Callable[[str], bytes]
    start: str
    """Pattern of where a run may start, so that it includes no clean letter before it."""
    proof: re.Pattern[str]
    lost: str
    """Pattern of what is left of a character that lost a byte."""
    loss: Callable[[str, str], str] = lambda _lost, _run: "\ufffd"
    """Returns the character that such a remainder was."""

    def rules(self) -> tuple[Rule, Rule]:
        """Return the rules that decode whole lines, which is quick, and runs of UTF-8 sequences, ASCII between them.

        Both apply only where there is proof.
        """
        one = f"{self.lost}|{_sequence(self.byte_of)}"
        unit = re.compile(f"{one}|.", re.DOTALL)
        runs = re.compile(f"{self.start}(?:{one})(?:[\x00-\x7f]*+(?:{one}))*")
        lost = re.compile(f"({self.lost})")

        def line(match: re.Match[str]) -> str:
            # The one remainder that would decode: a lost ف before a clean quotation mark is not ٻ.
            return match[0] if "Ù»" in match[0] else self._decoded(match[0], [match[0]])

        def run(match: re.Match[str]) -> str:
            return self._decoded(match[0], lost.split(match[0]))

        def whole(text: str) -> str:
            return runs.sub(run, text) if self.proof.search(text) else text

        return Rule(re.compile("[^\n]+"), line, unit=unit), Rule(runs, run, whole=whole, unit=unit)

    def _decoded(self, text: str, parts: list[str]) -> str:
        """Decode the parts, of which every other is what is left of a lost character."""
        if not self.proof.search(text):
            return text
        try:
            return "".join(
                self.loss(part, text) if index % 2 else self.encode(part).decode("utf-8")
                for index, part in enumerate(parts)
            )
        except UnicodeError:
            return text


LATIN: Final = Misreading(
    BYTE_OF_LATIN,
    encode_latin,
    "(?:(?<![A-Za-z])|(?=[ÂÃâ]))(?!(?<=[A-Za-zÀ-ỹ«])[ÂÃ][»”’…])",  # «MANHÃ» is Portuguese
    LATIN_PROOF,
    _LATIN_LOST,
    _latin_loss,
)
ARABIC: Final = Misreading(
    BYTE_OF_ARABIC,
    methodcaller("encode", "cp1256"),
    "(?<![ء-زس-ضف-ي])(?=[آأطظعغâï\ufffd])",
    ARABIC_PROOF,
    _ARABIC_LOST,
)
MAC: Final = Misreading(BYTE_OF_MAC, methodcaller("encode", "mac_roman"), "(?=[ÿŸ¬√‚])", MAC_PROOF, "\ufffd")
