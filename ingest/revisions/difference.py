"""Differences between two texts, by sentences and by words. Letters are never cut out of an Arabic word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

SENTENCE_END: Final = re.compile(r"(?<=[.!?؟؛…])\s+|\n+")
"""A decimal point has no space behind it. Abbreviations are cut too: harmless where texts are only compared."""
MOST_WORDS: Final = 2_000
"""Words of a replaced passage that are compared one by one; longer ones are replaced as a whole."""


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
    """Return difflib's instructions that make one sequence the other; without its guess at what is junk."""
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _pieces(parts: Sequence[tuple[What, Sequence[str]]]) -> Iterator[Piece]:
    return (Piece(what, " ".join(of)) for what, of in parts if of)
