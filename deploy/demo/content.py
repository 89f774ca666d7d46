"""What the newsroom publishes, read from YAML, and the types for what must become of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One news site: its host, its feeds and the shapes of its HTML (string.Template)."""

    key: str
    name: str
    tagline: str
    kind: str
    """`rss` or `atom`."""
    path: str
    feeds: Mapping[str, str]
    """Path of each feed, and its title; a story is in the first unless it says otherwise."""
    content_type: str
    machine_date: bool
    """Whether its pages say the time in a form made for machines."""
    paragraph: str
    joiner: str
    aside: str
    link: str
    teaser: str
    charset: str = "utf-8"
    meta_charset: str = ""
    date_line: str = ""
    date_meta: str = ""
    must_not: Sequence[str]
    """Clutter that every one of its pages has and no story."""

    @property
    def host(self) -> str:
        """Return the host, a name that always means this machine."""
        return f"{self.key}.localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One listed page: an article, or one of the special cases; unset fields are the site's."""

    site: Site
    slug: str
    title: str
    section: str
    published: datetime
    published_as: str = ""
    """The date as a reader sees it."""
    paragraphs: Sequence[str]
    expected: Mapping[str, Any]
    caption: str = ""
    author: str = ""
    tags: Sequence[str] = ()
    path: str
    feeds: Sequence[str]
    listed: Sequence[str]
    """Paths under which the feeds list it."""
    moved_from: str = ""
    """Old path, the one listed, that redirects to `path`."""
    removed: bool = False
    template: str
    content_type: str
    meta_charset: str
    encoding: str = ""
    machine_date: bool
    date_line: str
    listed_date: bool = True
    updated: datetime | None = None
    update: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return `site/slug`, as `searches.yaml` names it."""
        return f"{self.site.key}/{self.slug}"

    @property
    def modified(self) -> datetime:
        """Return the time of the last change."""
        return self.updated or self.published

    @property
    def is_article(self) -> bool:
        """Say whether this is a real article, one that must be indexed: the special pages name their end."""
        return "state" not in self.expected

    def url(self, port: int, path: str = "") -> str:
        """Return the absolute URL of the story, or of another path of its site."""
        return f"http://{self.site.host}:{port}{path or self.path}"

    def corrected(self, at: datetime) -> "Story":
        """Return the second version: new title, one sentence put right."""
        old, new = self.update["replace"], self.update["with"]
        must = [new if sentence == old else sentence for sentence in self.expected["must"]]
        return replace(
            self,
            title=self.update["title"],
            paragraphs=[text.replace(old, new) for text in self.paragraphs],
            expected={**self.expected, "must": must},
            updated=at,
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """What the pipeline must make of one listed URL."""

    url: str
    """As a feed lists it."""
    final_url: str
    """Canonical, after redirects: the document's."""
    state: str
    reason: str
    title: str
    """Repaired, as a reader should see it."""
    published_at: datetime | None
    date_only: bool
    """The page gives only the day (UTC): compare days."""
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    opening: str = ""
    """What the body begins with, repaired, with no byline before it."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search that must find some documents, among others."""

    query: str
    finds: tuple[str, ...]
    """Final URLs."""
    one_story: bool = False
    """Whether they are copies of one text; the first one had it first."""


@cache
def stories() -> tuple[Story, ...]:
    """Return every story of every site, in file order."""
    declared = _read(HERE / "sites.yaml")
    sites = [Site(key=key, **values) for key, values in declared.items()]
    return tuple(story for site in sites for story in _stories_of(site))


def _read(file: Path) -> dict[str, Any]:
    """Return what a YAML file says, by the loader written in C: the unit tests wait for it."""
    declared: dict[str, Any] = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    return declared


def _stories_of(site: Site) -> Iterator[Story]:
    for file in sorted((HERE / "articles" / site.key).glob("*.yaml")):
        declared = _read(file)
        path = declared.get("path") or site.path.format(slug=file.stem, published=declared["published"])
        defaults: dict[str, Any] = {
            "path": path,
            "feeds": list(site.feeds)[:1],
            "listed": [declared.get("moved_from") or path],
            "template": f"{site.key}.html",
            "content_type": site.content_type,
            "meta_charset": site.meta_charset,
            "machine_date": site.machine_date,
            "date_line": site.date_line,
        }
        yield Story(site=site, slug=file.stem, **(defaults | declared))


def edition(started_at: datetime, corrected_at: datetime | None = None) -> list[Story]:
    """Return the stories as they stand: the changing one lives relative to the run, so each run sees it change."""
    return [_as_of(story, started_at, corrected_at) if story.update else story for story in stories()]


def _as_of(story: Story, started_at: datetime, corrected_at: datetime | None) -> Story:
    return story.corrected(corrected_at) if corrected_at else replace(story, updated=started_at)


def neighbours(story: Story, current: Sequence[Story]) -> list[Story]:
    """Return the other articles of the story's site, its own section first: what its boxes of links show."""
    others = [other for other in current if other.site == story.site and other.slug != story.slug and other.is_article]
    return sorted(others, key=lambda other: other.section != story.section)
