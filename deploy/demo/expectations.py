"""What the pipeline must make of the newsroom: the end of each listed URL, and the searches that must find."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import yaml

from deploy.demo.content import HERE, Expected, Search, Story, neighbours
from ingest.arabic.repair import repair

OPENING: Final = 40
"""Characters of the first paragraph that a body must begin with."""


def expected(current: Sequence[Story], port: int) -> list[Expected]:
    """Return what each listed URL must become, one for each URL."""
    return [_expected(story, current, port, path) for story in current for path in story.listed]


def _expected(story: Story, current: Sequence[Story], port: int, path: str) -> Expected:
    wanted = story.expected
    day = datetime(story.published.year, story.published.month, story.published.day, tzinfo=UTC)
    others = [other.title for other in neighbours(story, current)]
    return Expected(
        url=story.url(port, path),
        final_url=story.url(port),
        state=wanted.get("state", "indexed"),
        reason=wanted.get("reason", ""),
        title=wanted.get("title", story.title),
        published_at=story.published if story.machine_date else day,
        date_only=not story.machine_date,
        must=tuple(wanted.get("must", ())),
        must_not=(*story.site.must_not, *others) if story.is_article else (),
        opening=repair(story.paragraphs[0])[:OPENING] if story.is_article else "",
    )


def searches(current: Sequence[Story], port: int) -> list[Search]:
    """Return the searches that end the demo."""
    urls = {story.name: story.url(port) for story in current}
    declared = yaml.safe_load((HERE / "searches.yaml").read_text("utf-8"))
    return [
        Search(search["query"], tuple(urls[name] for name in search["finds"]), one_story=search.get("one_story", False))
        for search in declared
    ]
