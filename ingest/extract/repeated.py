"""What a host's articles repeat: lines by their hashes, folded, so that «إعلان» and «اعلان» are one line."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from ingest.arabic.fold import fold

REMEMBERED: Final = 300
"""Characters; longer lines are nobody's boilerplate, and are not compared with a host's other articles."""


def line_hashes(text: str) -> dict[str, int]:
    """Return the short lines of a text with their 63-bit hashes."""
    return {line: _hash(line) for line in text.split("\n") if line and len(line) <= REMEMBERED}


def is_seen(line: str, seen: frozenset[int]) -> bool:
    """Return whether a line is among the seen ones."""
    return bool(seen) and len(line) <= REMEMBERED and _hash(line) in seen


def unseen(lines: Iterable[str], seen: frozenset[int]) -> tuple[str, ...]:
    """Return the lines that are not among the seen ones."""
    return tuple(line for line in lines if not is_seen(line, seen))


def _hash(line: str) -> int:
    return int.from_bytes(blake2b(fold(line).encode(), digest_size=8).digest()) >> 1
