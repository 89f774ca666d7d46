"""The bytes behind characters, for each charset that Arabic text is wrongly read with."""

import codecs
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

HIGH_BYTES: Final = range(0x80, 0x100)
TAIL: Final = range(0x80, 0xC0)
"""UTF-8's continuation bytes (RFC 3629): in Arabic charsets punctuation, and letters of Persian and Urdu only."""
ABOVE_C1: Final = 0xA0


def charset(name: str) -> dict[int, str]:
    """Return the characters of a charset's upper half, by byte, as Python's codec knows them."""
    return {byte: char for byte in HIGH_BYTES if (char := bytes([byte]).decode(name, "ignore"))}


CP1252: Final = charset("cp1252")
CP1256: Final = charset("cp1256")
MAC_ARABIC: Final = {byte: char for byte, char in charset("mac_arabic").items() if byte >= ABOVE_C1 or char in "«»"}
"""ISO-8859-6's letters in the same places, with punctuation, digits and Persian letters in its unused ones."""

# A browser reads latin-1 as cp1252 (WHATWG Encoding), other readers do not: the C1 control and the cp1252 character
# at its place mean the same byte. Turkish readers (cp1254) have six letters of their own.
BYTE_OF_LATIN: Final = (
    {chr(byte): byte for byte in HIGH_BYTES}
    | {char: byte for byte, char in CP1252.items()}
    | dict(zip("ĞİŞğış", (0xD0, 0xDD, 0xDE, 0xF0, 0xFD, 0xFE), strict=True))
)
# Python's own maps are 25 times as fast as a dict.
_LATIN_1: Final = codecs.charmap_build("".join(map(chr, range(0x100))))
_WHATWG_1252: Final = codecs.charmap_build("".join(CP1252.get(byte, chr(byte)) for byte in range(0x100)))
_ANY_LATIN: Final = {ord(char): byte for char, byte in BYTE_OF_LATIN.items()} | {byte: byte for byte in range(0x80)}
BYTE_OF_ARABIC: Final = {char: byte for byte, char in CP1256.items()}
BYTE_OF_MAC: Final = {char: byte for byte, char in charset("mac_roman").items()}

ACCENTED: Final = "".join(char for char, byte in BYTE_OF_LATIN.items() if char.isalpha() and byte not in TAIL)


def encode_latin(text: str) -> bytes:
    """Return the bytes that a text was before it was read as latin-1, cp1252 or a mix of both, as is most likely."""
    for table in (_LATIN_1, _WHATWG_1252):
        with suppress(UnicodeEncodeError):
            return codecs.charmap_encode(text, "strict", table)[0]
    return codecs.charmap_encode(text, "strict", _ANY_LATIN)[0]


def class_of(byte_of: Mapping[str, int], first: int, last: int) -> str:
    """Return the characters that a range of bytes became, as the inside of a regex class."""
    return re.escape("".join(char for char, byte in byte_of.items() if first <= byte <= last))


UTF8_LETTERS: Final = f"(?:[\u00d8-\u00db][{class_of(BYTE_OF_LATIN, 0x80, 0xBF)}]){{2}}"
"""Pattern of two Arabic letters (UTF-8 lead bytes D8 to DB) that were read as Latin."""
