"""The pages that a tool reads worst, and why: what it missed of the gold, what foreign text it took."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

SNIPPET: Final = 80
WORST: Final = 10
WORD: Final = re.compile(r"\w+")


def reason(gold: str, found: str) -> str:
    """Return the longest run of words that is missing and the longest that is foreign, each with its share."""
    told = (f"{name} {_run(one, other)}" for name, one, other in (("missed", gold, found), ("took", found, gold)))
    return "; ".join(text for text in told if not text.endswith("nothing"))


def _run(text: str, other: str) -> str:
    words, known = WORD.findall(text), set(_shingles(WORD.findall(other)))
    best: list[str] = []
    run: list[str] = []
    lost = 0
    for word, shingle in zip(words, _shingles(words), strict=False):
        run = [] if shingle in known else [*run, word]
        lost += shingle not in known
        best = max(best, run, key=len)
    return f"{lost / len(words):.0%}: {' '.join(best)[:SNIPPET]}" if lost else "nothing"


def _shingles(words: list[str]) -> Iterable[tuple[str, ...]]:
    return zip(words, words[1:], words[2:], words[3:], strict=False)


def print_worst(scored: Mapping[str, float], golds: Mapping[str, str], texts: Mapping[str, Mapping[str, str]]) -> None:
    """Print the pages with the lowest score of the first tool, and what each tool missed and took there."""
    for name in sorted(scored, key=scored.__getitem__)[:WORST]:
        print(f"{scored[name]:.3f} {name[:24]}")
        for tool, found in texts.items():
            print(f"    {tool:<22} {reason(golds[name], found[name]) or 'all, and nothing else'}")
