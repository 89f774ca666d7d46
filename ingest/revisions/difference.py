"""Differences between two texts, by sentences and by words. Letters are never cut out of an Arabic word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

SENTENCE_END: Final = re.compile(r"(?<=[.!?؟؛…])\s+|\n+")
"""A decimal point has no space behind it. Abbreviations are cut too: harmless where texts are only compared."""
MOST_WORDS: Final = 2_000
"""Words, or sentences, of a replaced passage that are compared one by one; longer ones are replaced as a whole."""


@dataclass(frozen=True, slots=True)
class Change:
    """A passage that was replaced: sentences before and after; one of both is '' where something was added or cut."""

    before: str
    """Its sentences in the version before."""
    after: str
    """Its sentences in this one."""


What = Literal["same", "cut", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, went or came, in the order in which they are read."""

    what: What
    text: str


def sentences(text: str) -> list[str]:
    """Return a text's sentences; a line without a full stop is one."""
    return [sentence for part in SENTENCE_END.split(text) if (sentence := part.strip())]


def changes(before: str, after: str) -> tuple[Change, ...]:
    """Return the passages that differ, as whole sentences. Between two spellings all spaces are the same."""
    old, new = sentences(before), sentences(after)
    blocks = opcodes([" ".join(one.split()) for one in old], [" ".join(one.split()) for one in new])
    return tuple(Change(" ".join(old[a:b]), " ".join(new[c:d])) for what, a, b, c, d in blocks if what != "equal")


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Return the difference of two passages word by word, as written: a changed hamza shows."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > MOST_WORDS:
        return tuple(_pieces((("cut", old), ("new", new))))
    found: list[tuple[What, list[str]]] = []
    for what, a, b, c, d in opcodes(old, new):
        found += [("same", old[a:b])] if what == "equal" else [("cut", old[a:b]), ("new", new[c:d])]
    return tuple(_pieces(found))


def opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """Return difflib's instructions that make one sequence the other; without its guess at what is junk.

    What both begin and end with is left to nobody's search, which takes the square of the time.
    """
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    a, b = len(old) - tail, len(new) - tail
    blocks = [("equal", 0, head, 0, head)] if head else []
    blocks += [(what, i + head, j + head, k + head, m + head) for what, i, j, k, m in _inner(old[head:a], new[head:b])]
    return blocks + ([("equal", a, len(old), b, len(new))] if tail else [])


def _inner(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if max(len(old), len(new)) > MOST_WORDS and old and new:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    both = zip(old, new, strict=False)
    return next((n for n, (one, other) in enumerate(both) if one != other), min(len(old), len(new)))


def _pieces(parts: Sequence[tuple[What, Sequence[str]]]) -> Iterator[Piece]:
    return (Piece(what, " ".join(of)) for what, of in parts if of)
