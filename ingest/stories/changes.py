"""What one article changed of another's text, sentence by sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from ingest.stories.shingles import words

_END: Final = re.compile(r"(?<=[.!?؟…])\s+|\n+")
SENTENCES: Final = 500
"""Sentences of a text that are compared: more take seconds, and nobody reads them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that only one of two texts has."""

    kind: Literal["added", "removed"]
    sentence: str


def changes(before: str, after: str) -> tuple[Change, ...]:
    """Return the sentences that were removed and added, in order; spelling and punctuation do not count."""
    one, other = sentences(before), sentences(after)
    matcher = SequenceMatcher(None, _keys(one), _keys(other), autojunk=False)
    return tuple(_changes(matcher, one, other))


def sentences(text: str) -> list[str]:
    """Return a text's sentences."""
    parts = (" ".join(part.split()) for part in _END.split(text))
    return [part for part in parts if words(part)][:SENTENCES]


def _keys(found: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words(sentence)) for sentence in found]


def _changes(matcher: SequenceMatcher[tuple[str, ...]], one: list[str], other: list[str]) -> Iterator[Change]:
    for what, start, end, start_after, end_after in matcher.get_opcodes():
        if what != "equal":
            yield from (Change("removed", sentence) for sentence in one[start:end])
            yield from (Change("added", sentence) for sentence in other[start_after:end_after])
