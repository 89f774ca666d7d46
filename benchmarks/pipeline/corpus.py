"""What the newsroom publishes: articles of a JSON-lines file, or generated ones."""

import gzip
import json
import random
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
    """Yield stories made of the demo newsroom's sentences, mixed anew: real words, invented news."""
    chance = random.Random(seed)
    while True:
        texts = (" ".join(chance.choices(_sentences(), k=chance.randint(2, 5))) for _ in range(chance.randint(4, 12)))
        yield Story(" ".join(chance.sample(_words(), 8)), tuple(texts))


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
def _sentences() -> tuple[str, ...]:
    texts = (text for story in stories() if story.is_article for text in story.paragraphs)
    return tuple(f"{sentence.strip(' .')}." for text in texts for sentence in text.split(". ") if " " in sentence)


@cache
def _words() -> tuple[str, ...]:
    return tuple(sorted({word for story in stories() if story.is_article for word in story.title.split()}))
