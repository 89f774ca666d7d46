"""How a search that is being typed may go on: in the words of the headlines that begin so."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from ingest.arabic.fold import fold

SHOWN: Final = 6
SHORTEST: Final = 2
"""Letters of a word before it is completed."""

ARTICLE: Final = "ال"


def beginnings(typed: str) -> list[str]:
    """Return a text as it is typed, and with the article before its last word: «انتخ» may become «الانتخابات»."""
    head, _, last = typed.rpartition(" ")
    if not fold(last) or last.isascii() or fold(last).startswith(ARTICLE):
        return [typed]
    return [typed, f"{head} {ARTICLE}{last}".strip()]


def completions(typed: str, titles: Iterable[str]) -> list[str]:
    """Return the likeliest ends of a text's last word, each with what stands before it, the commonest first."""
    head, _, last = typed.rpartition(" ")
    if len(fold(last)) < SHORTEST:
        return []
    begun = tuple(fold(one) for one in beginnings(last))
    counted: Counter[str] = Counter()
    written: dict[str, str] = {}
    for title in titles:
        for word in {one.strip("«»\"'()[]،؛:.!?؟…-") for one in title.split()}:
            if (key := fold(word)).startswith(begun):
                counted[key] += 1
                written.setdefault(key, word)
    return [f"{head} {written[key]}".strip() for key, _ in counted.most_common(SHOWN)]
