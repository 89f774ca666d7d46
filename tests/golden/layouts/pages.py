"""The pages of the layout set: each template filled with three of the invented stories, and what its body must be."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from tests.golden.layouts.kinds import kinds

HERE: Final = Path(__file__).parent
PLACE: Final = re.compile(r"\{(other\.)?(\w+)\}")
BODY: Final = re.compile(r"(?:p|sub|quote|item)\d")
"""Places of the article; all else in a template is beside it."""
STORIES_EACH: Final = 3


@dataclass(frozen=True)
class LayoutPage:
    """A page, and the lines of its article in order."""

    name: str
    title: str
    html: bytes
    body: tuple[str, ...]


def pages() -> Iterator[LayoutPage]:
    """Yield all pages by template. A line that a template shows twice is one line of the article."""
    stories = tomllib.loads((HERE / "stories.toml").read_text(encoding="utf-8"))["story"]
    written = ((file.stem, file.read_text(encoding="utf-8")) for file in sorted((HERE / "templates").glob("*.html")))
    for row, (name, template) in enumerate(chain(written, kinds())):
        for turn in range(STORIES_EACH):
            story, other = (stories[(row + turn + step) % len(stories)] for step in (0, 1))
            yield LayoutPage(f"{name}-{turn}", story["title"], _filled(template, story, other), _body(template, story))


def _filled(template: str, story: dict[str, str], other: dict[str, str]) -> bytes:
    return PLACE.sub(lambda place: (other if place[1] else story)[place[2]], template).encode()


def _body(template: str, story: dict[str, str]) -> tuple[str, ...]:
    places = dict.fromkeys(place[2] for place in PLACE.finditer(template) if not place[1] and BODY.fullmatch(place[2]))
    return tuple(story[place] for place in places)
