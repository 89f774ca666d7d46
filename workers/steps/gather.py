"""What must be known before documents can be put into stories: they, what is like them, and the stories of that."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from ingest.document import characters
from ingest.stories.agencies import agencies_of
from ingest.stories.fields import byline_of, head_of
from ingest.stories.fingerprint import About, Fingerprint, fingerprint, links
from ingest.stories.sampled import Sampled
from ingest.stories.story import Story, members
from ingest.stories.times import first_known
from ingest.urls import site_of
from workers.frontier.ungrouped import Waiting
from workers.runtime import Runtime
from workers.store.documents import Document, Place
from workers.store.sources import Voice

MOST: Final = 300
"""Articles of a story: one that has as many takes in no more. July's largest story has 28; beyond is formula."""
ROOM: Final = 600
"""Articles that there is room for at once, new ones and those of the stories that they touch: 6 MB of news."""
SHINGLES: Final = 100_000
"""Shingles that the new ones may have together: 300 articles of news, or 25 of the longest."""


class CrowdedError(Exception):
    """The articles of a batch touch too many others, or would make a story too large: fewer are looked at at once.

    `crowd`: the ids of those that are alike to more than one story has room for, as far as is known.
    """

    def __init__(self, crowd: Collection[str] = ()) -> None:
        super().__init__()
        self.crowd = frozenset(crowd)


@dataclass(frozen=True, slots=True)
class Round:
    """What one batch is about."""

    fresh: Mapping[str, Fingerprint]
    """The new articles, with their links."""
    known: Mapping[str, Fingerprint]
    """They, and all articles of the stories that they touch: those without their shingles."""
    before: Mapping[str, Story]
    """Those stories, as they were."""
    heads: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the documents of the new articles say of stories."""
    chars: Mapping[str, int] = field(default_factory=dict)
    """Characters of their texts."""
    recent: Sampled = field(default_factory=Sampled)
    """They, and those before them that searches do not show yet."""


def gather(rt: Runtime, places: Sequence[Place], alive: Callable[[], None]) -> Round:
    """Read documents, link them to all others, and gather the stories that this touches. Raises CrowdedError.

    Calls `alive` before each request that is followed by many: a slow Elasticsearch must not look like a dead worker.
    """
    before = rt.fingerprints.slim([place.id for place in places])
    fresh: dict[str, Fingerprint] = {}
    heads: dict[str, Mapping[str, Any]] = {}
    chars: dict[str, int] = {}
    for portion in rt.documents.portions(places):
        alive()
        voices = rt.sources.voices({one.source.get("source_id", "") for one in portion})
        fresh |= {one.place.id: _printed(one, before.get(one.place.id), voices) for one in portion}
        if len(fresh) > 1 and sum(one.size for one in fresh.values()) > SHINGLES:
            raise CrowdedError
        heads |= {one.place.id: head_of(one.source) for one in portion}
        chars |= {one.place.id: characters(one.source.values()) for one in portion}
    before = {key: one for key, one in before.items() if key in fresh}
    recent = rt.fingerprints.recent(alone=rt.ungrouped.take_turn())
    recent.drop(fresh)
    try:
        linked = _linked(fresh, rt.fingerprints.alike(list(fresh.values()), alive), recent)
    except CrowdedError as error:
        raise CrowdedError(error.crowd | rt.fingerprints.crowd(list(fresh.values()), MOST)) from None
    alive()
    return replace(_round(rt, linked, before), heads=heads, chars=chars, recent=recent)


def parted(waiting: Sequence[Waiting], crowd: Collection[str]) -> list[Sequence[Waiting]]:
    """Return a batch in parts: those that are no crowd, then each of those that are; halves if it has none."""
    others = [one for one in waiting if one.id not in crowd]
    if len(others) < len(waiting):
        return [part for part in (others, *([one] for one in waiting if one.id in crowd)) if part]
    half = len(waiting) // 2
    return [waiting[:half], waiting[half:]]


def _printed(document: Document, before: Fingerprint | None, voices: Mapping[str, Voice]) -> Fingerprint:
    source, place = document.source, document.place
    owner, gap_s = voices[source.get("source_id", "")]
    admitted = datetime.fromisoformat(source["admitted_at"])
    published = datetime.fromisoformat(source["published_at"]) if "published_at" in source else None
    site, body = site_of(source["url"]), source.get("body", "")
    same = before is not None and before.version == document.version
    byline = before.byline if before is not None and same else byline_of(source)
    about = About(
        id=place.id,
        index=place.index,
        version=document.version,
        publisher=owner or site or source.get("site") or source.get("source_id", ""),
        at=first_known(published, source.get("published_precision", ""), admitted, gap_s),
        byline=byline,
        agencies=agencies_of(byline, body, site),
    )
    return fingerprint(about, source.get("title", ""), body)


def _linked(
    fresh: Collection[str], alike: Iterable[tuple[Fingerprint, Sequence[Fingerprint]]], recent: Sampled
) -> dict[str, Fingerprint]:
    """Return the new articles with links to those that were there, and to each other; `recent` has them afterwards.

    Raises CrowdedError at the first one of several that is alike to as many as a story may have: looking for them takes
    a second, and it would be looked for again in each half of the batch.
    """
    found = {}
    for one, others in alike:
        there = (other for other in others if other.id not in fresh and other.id not in recent)
        found[one.id] = replace(one, links=links(one, (*there, *recent.alike(one))))
        if len(fresh) > 1 and len(found[one.id].links) >= MOST:
            raise CrowdedError({one.id})
        recent.add(one)
    return found


def _round(
    rt: Runtime,
    fresh: Mapping[str, Fingerprint],
    before: Mapping[str, Fingerprint],
) -> Round:
    """Gather all articles of the stories that the new ones are in, were in, or are linked to."""
    linked = rt.fingerprints.stories_of(
        sorted({each.id for one in fresh.values() for each in one.links} - fresh.keys())
    )
    there = linked.keys() | fresh.keys()  # not what was forgotten while it was kept in memory, or not refreshed yet
    fresh = {key: _without(one, {each.id for each in one.links} - there) for key, one in fresh.items()}
    own = {one.membership.story for one in before.values() if one.membership}
    stories = rt.stories.get_many(sorted(own.union(linked.values()) - {""}))
    others = (members(stories.values()) | linked.keys()) - fresh.keys()
    articles = len(others) + len(fresh)
    if len(fresh) > 1 and articles > ROOM:
        raise CrowdedError
    if len(fresh) == 1 and articles > MOST:
        roomy = _room_for(stories, own)
        full = members(story for key, story in stories.items() if key not in roomy)
        fresh, stories, others = {key: _without(one, full) for key, one in fresh.items()}, roomy, others - full
    beside = rt.fingerprints.slim(sorted(others))
    asked = own.union(linked.values())
    # what a story lists that is in another one, for it was to be taken in by a round that was cut, comes with that one
    while more := rt.stories.get_many(sorted(_stories_of(beside) - asked)):
        asked |= more.keys()
        stories = {**stories, **more}
        beside |= rt.fingerprints.slim(sorted(members(more.values()) - beside.keys() - fresh.keys()))
    return Round(fresh, {**beside, **fresh}, stories)


def _stories_of(some: Mapping[str, Fingerprint]) -> set[str]:
    return {one.membership.story for one in some.values() if one.membership}


def _room_for(stories: Mapping[str, Story], own: Collection[str]) -> dict[str, Story]:
    """Return the stories that an article may join, the largest first: as many as one story can be; always its own."""
    found, room = {}, MOST - 1
    for story in sorted(stories.values(), key=lambda one: (one.id not in own, -one.articles, one.id)):
        if story.id in own or story.articles <= room:
            found[story.id] = story
            room -= story.articles
    return found


def _without(one: Fingerprint, full: Collection[str]) -> Fingerprint:
    """Return an article without its links to some: their stories have no room for it, or they are no more."""
    return replace(one, links=tuple(each for each in one.links if each.id not in full))
