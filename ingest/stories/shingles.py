"""A text as a set of shingles: every five words in a row, folded, as numbers; and the sample that finds its like.

A shingle is in the sample by its own value alone (FracMinHash: Irber et al. 2022, doi:10.1101/2022.01.11.475838), so
two texts sample what they share alike. Unlike signatures of MinHash, whose length is fixed, samples also show that a
short text is part of a long one.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Set as AbstractSet
from struct import pack, unpack
from typing import Final
from zlib import crc32

from ingest.arabic.tables import FOLDED

WORDS: Final = 5
"""Words in a shingle: with fewer, formulas make texts alike; with more, an edit spoils too many."""
SAMPLED: Final = 4
"""One in so many shingles is sampled: two texts that share 30 in a row share about seven samples."""
ALL_SAMPLED: Final = 24
"""A text of fewer shingles is sampled whole: of a quarter of them, too few would be shared."""
LONGEST: Final = 4_000
"""Words of a text that are looked at, from its beginning: a thousand samples are as many as one search should have."""
_BITS: Final = 2**32 - 1
_SAMPLE: Final = (_BITS + 1) // SAMPLED
_A, _B, _C, _D = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F
"""Odd, so that a word's place counts and no bit of it gets lost (the primes of xxHash)."""
_LETTERS: Final = (
    dict(FOLDED)
    | {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}
    | {chr(zero + n): str(n) for zero in (0x660, 0x6F0) for n in range(10)}
)
_FOLDED: Final = re.compile(f"[{re.escape(''.join(_LETTERS))}]")
_WORD: Final = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Return a text with the letters that are written in several ways written in one."""
    return _FOLDED.sub(lambda char: _LETTERS[char[0]], text).lower()


def words(text: str) -> list[str]:
    """Return the words of a text, folded: coarser and quicker than `ingest.arabic.fold.tokens`."""
    return _WORD.findall(folded(text))


def shingles(text: str) -> frozenset[int]:
    """Return a text's shingles as numbers of 32 bits; none if it has fewer than five words."""
    said = [crc32(word.encode()) for word in words(text)[:LONGEST]]
    rows = zip(said, said[1:], said[2:], said[3:], said[4:], strict=False)
    return frozenset([(a * _A + b * _B + c * _C + d * _D + e) & _BITS for a, b, c, d, e in rows])


def sample(found: AbstractSet[int]) -> tuple[str, ...]:
    """Return the sampled shingles as keywords of eight digits, in order."""
    limit = _SAMPLE if len(found) >= ALL_SAMPLED else _BITS + 1
    return tuple([f"{one:08x}" for one in sorted([one for one in found if one < limit])])


def packed(found: AbstractSet[int]) -> str:
    """Return shingles as text, in order."""
    return b64encode(pack(f"<{len(found)}I", *sorted(found))).decode()


def unpacked(text: str) -> frozenset[int]:
    """Return the shingles that `packed` has made text of."""
    data = b64decode(text)
    return frozenset(unpack(f"<{len(data) // 4}I", data))
