"""Pages of 18 MB: a text that long is refused; one of nearly 1 MB among so much markup is an article."""

import gzip
import random
from collections.abc import Iterator
from functools import cache
from typing import Final

SIZE: Final = 18_000_000
"""Bytes: somewhat less than a page may have when it is unpacked (20 MB)."""
LONG, WIDE = "long", "wide"
"""How the names of such pages begin."""
CHARACTERS: Final = {LONG: 1_200_000, WIDE: 850_000}
"""Of their bodies; an article may have a million."""
LETTERS: Final = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
END: Final = "</article>"


def weighed(name: str, page: str) -> str:
    """Make a page heavy, if its name says so."""
    most = next((most for start, most in CHARACTERS.items() if name.startswith(start)), 0)
    if not most:
        return page
    text, rest = _text()[:most].rpartition("<p>")[0], _text()[most:].partition("<p>")[2]
    return page.replace(END, text + END + "<!-- " + rest.replace("<p>", "<!-- ").replace("</p>", " -->"))


def packed(body: bytes) -> bytes:
    """Compress a body."""
    return gzip.compress(body, 1)


@cache
def _text() -> str:
    """Write paragraphs that differ, about twice as many bytes as characters."""
    return "\n".join(_paragraphs(SIZE))


def _paragraphs(size: int) -> Iterator[str]:
    chance = random.Random(18)
    words = ["".join(chance.choices(LETTERS, k=chance.randint(2, 8))) for _ in range(5000)]
    while size > 0:
        paragraph = f"<p>{' '.join(chance.choices(words, k=60))}.</p>"
        yield paragraph
        size -= len(paragraph.encode())
