"""What the newsroom publishes: articles of a JSON-lines file, or generated ones."""

import gzip
import json
import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from deploy.demo.content import stories

NEWS: Final = Path(__file__).parents[3] / "shared" / "data" / "news"
"""Real articles beside the checkout, where there are any; they are read, never copied."""
LEAST: Final = 300
"""Characters: a shorter one is a flash, whose page costs less than an article's."""
LENGTHS: Final = (87, 115, 143, 173, 209, 258, 328, 435, 652)
"""Words of real articles: the deciles of those in July 2015 (SaudiNewsNet) with `LEAST` characters or more."""
PARAGRAPHS: Final = (1, 1, 1, 2, 3, 4, 5, 7, 11)
"""Likewise."""
SENTENCE: Final = 16
TITLE: Final = 8
COPIED: Final = 0.17
"""Share of articles that are a copy or a version of an earlier one: 2,532 of the 15,042 of that month."""
WHOLE: Final = 0.33
"""Share of these with the same text: 833."""
LATELY: Final = 400
"""Articles among which there is the one that is copied: two hours of a busy agency, or the pipeline's backlog."""
TITLES: Final = ("title", "TITLE", "headline")
BODIES: Final = ("content", "TEXT", "body", "text")


class CorpusError(Exception):
    """A corpus that cannot be read; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Story:
    """A headline and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


def corpus(path: Path | None) -> Iterator[Story]:
    """Yield stories without end: those of a file (or of a folder's files), else generated ones."""
    if path is None:
        return generated()
    files = sorted(path.glob("*.jsonl*")) if path.is_dir() else [path]
    told = [story for file in files for story in _read(file)]
    if not told:
        raise CorpusError(f"{path}: no article with a title and {LEAST} characters in it")
    return cycle(told)


def default() -> Path | None:
    """Return the folder of real news, if it is there."""
    return NEWS if NEWS.is_dir() else None


def generated(seed: int = 1) -> Iterator[Story]:
    """Yield stories of the demo newsroom's words in any order, as long and as much alike as real news."""
    chance, lately = random.Random(seed), deque[Story](maxlen=LATELY)
    while True:
        copied = bool(lately) and chance.random() < COPIED
        story = _copy(chance, chance.choice(lately)) if copied else _story(chance)
        lately.append(story)
        yield story


def _story(chance: random.Random) -> Story:
    """Return a story that has no five words in a row in common with another: new words cost what new sentences do."""
    said = chance.choices(_words(), k=chance.choice(LENGTHS))
    sentences = [" ".join(said[at : at + SENTENCE]) + "." for at in range(0, len(said), SENTENCE)]
    size = max(1, -(-len(sentences) // chance.choice(PARAGRAPHS)))
    paragraphs = (" ".join(sentences[at : at + size]) for at in range(0, len(sentences), size))
    return Story(" ".join(said[:TITLE]), tuple(paragraphs))


def _copy(chance: random.Random, story: Story) -> Story:
    """Return what another paper makes of a story: its whole text, or most of it under a headline of its own."""
    if chance.random() < WHOLE:
        return story
    begun, _, rest = story.paragraphs[0].partition(" ")
    title = " ".join([begun, *chance.choices(_words(), k=TITLE - 1)])
    return Story(title, (f"{begun} {chance.choice(_words())} {rest}", *story.paragraphs[1:]))


def _read(file: Path) -> Iterator[Story]:
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                told = json.loads(line)
            except ValueError as error:
                raise CorpusError(f"{file}, line {number}: {error}") from error
            title, body = _first(told, TITLES), _first(told, BODIES)
            if title and len(body) >= LEAST:
                yield Story(title, tuple(part.strip() for part in body.split("\n") if part.strip()))


def _first(told: dict[str, Any], names: Sequence[str]) -> str:
    return next((str(told[name]).strip() for name in names if told.get(name)), "")


@cache
def _words() -> tuple[str, ...]:
    """Return the words of the demo newsroom's articles, each as often as it is said."""
    texts = (text for story in stories() if story.is_article for text in story.paragraphs)
    return tuple(word for text in texts for word in text.replace(".", " ").split())
