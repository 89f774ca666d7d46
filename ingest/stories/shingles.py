"""A text as a set of shingles: every five words in a row, folded, as numbers; and the sample that finds its like.

A shingle is in the sample by its own value alone (FracMinHash: Irber et al. 2022, doi:10.1101/2022.01.11.475838), so
two texts sample what they share alike. Unlike signatures of MinHash, whose length is fixed, samples also show that a
short text is part of a long one.
"""

import re
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections.abc import Sequence
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
SPAN: Final = 4 * WORDS
"""Bytes of the checksums of a shingle's words."""
_SAMPLE: Final = 2**32 // SAMPLED
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
    return shingled(words(text))


def shingled(said: Sequence[str]) -> frozenset[int]:
    """Return the shingles of words: the checksum of five words' checksums, half the work of joining the words."""
    each = [crc32(word.encode()) for word in said[:LONGEST]]
    data = pack(f"<{len(each)}I", *each)
    return frozenset([crc32(data[at : at + SPAN]) for at in range(0, len(data) - SPAN + 4, 4)])


def sample(found: Sequence[int], of: int | None = None) -> tuple[str, ...]:
    """Return the sampled ones of shingles in order as keywords of eight digits; they may be part `of` so many."""
    every = (len(found) if of is None else of) < ALL_SAMPLED
    return tuple([f"{one:08x}" for one in (found if every else found[: bisect_left(found, _SAMPLE)])])


def packed(found: Sequence[int]) -> str:
    """Return shingles in order as text."""
    return b64encode(pack(f"<{len(found)}I", *found)).decode()


def in_order(text: str) -> tuple[int, ...]:
    """Return the shingles that `packed` has made text of."""
    data = b64decode(text)
    return unpack(f"<{len(data) // 4}I", data)


def unpacked(text: str) -> frozenset[int]:
    """Return the shingles that `packed` has made text of, as a set."""
    return frozenset(in_order(text))
