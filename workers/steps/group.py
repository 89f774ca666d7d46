"""Group: documents that have just become searchable join their stories. After: nothing; nobody waits for it.

Stories are derived: what is lost here is found by sweep, and compared again to the same effect. The order of the writes
makes a kill at any line harmless: a story's list of articles first grows, then the articles move, then it shrinks; a
new article counts as compared when all else is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import structlog
from redis.exceptions import LockError
from redis.lock import Lock

from ingest.stories.agencies import agencies_of
from ingest.stories.fields import byline_of, retold
from ingest.stories.fingerprint import About, Fingerprint, fingerprint, link
from ingest.stories.story import Grouping, Story, grouped, members
from ingest.stories.times import first_known
from ingest.urls import site_of
from workers.frontier.ungrouped import Waiting
from workers.runtime import SERVICES, Runtime
from workers.store.documents import Document, Place

log = structlog.get_logger()

BATCH: Final = 32
"""Articles that are compared at once: with all their candidates they take 10 MB."""
LOCK_S: Final = 20.0
"""Seconds that a batch may take from one write to the next before its worker is taken for dead."""
REST_S: Final = 10.0
"""Seconds without grouping after Elasticsearch or Redis could not do it."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one batch is about."""

    fresh: Mapping[str, Fingerprint]
    """The new articles, with their links."""
    known: Mapping[str, Fingerprint]
    """They, and all articles of the stories that they touch."""
    before: Mapping[str, Story]
    """Those stories, as they were."""
    documents: Mapping[str, Document]
    """The documents of the new articles."""


def group_waiting(rt: Runtime) -> int:
    """Compare the articles that have waited longest; return how many, 0 if none waits or another worker is at it."""
    lock = rt.locks.take("stories", LOCK_S)
    if lock is None:
        return 0
    try:
        waiting = rt.ungrouped.first(BATCH)
        if waiting:
            _group(rt, waiting, lock)
            rt.ungrouped.done(waiting)
    except SERVICES as error:
        log.warning("stories_later", articles=len(waiting), detail=str(error)[:1000])
        with suppress(*SERVICES):
            lock.extend(REST_S, replace_ttl=True)
        return 0
    with suppress(LockError):
        lock.release()
    return len(waiting)


def _group(rt: Runtime, waiting: Sequence[Waiting], lock: Lock) -> None:
    """Compare some articles; one that breaks the comparison does so alone, and is left out."""
    try:
        group(rt, [Place(one.index, one.id) for one in waiting], lock)
    except SERVICES:
        raise
    except Exception:
        if len(waiting) == 1:
            log.exception("story_failed", id=waiting[0].id)
            return
        for one in waiting:
            _group(rt, [one], lock)


def group(rt: Runtime, places: Sequence[Place], lock: Lock) -> None:
    """Compare the articles of some documents with all others, and write what follows."""
    now = rt.now()
    documents = rt.documents.get_many(places)
    before = rt.fingerprints.get_many(list(documents))
    fresh = {key: _printed(rt, document, before.get(key)) for key, document in documents.items()}
    rt.fingerprints.refresh()
    fresh = _linked(fresh, rt.fingerprints.alike(list(fresh.values())))
    round_ = _round(rt, fresh, before, documents)
    _write(rt, round_, grouped(round_.known), lock, now)


def _printed(rt: Runtime, document: Document, before: Fingerprint | None) -> Fingerprint:
    source, place = document.source, document.place
    owner, gap_s = rt.sources.voice(source.get("source_id", ""))
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


def _linked(fresh: Mapping[str, Fingerprint], alike: Sequence[Sequence[Fingerprint]]) -> dict[str, Fingerprint]:
    """Return the new articles with links to those that were there, and to each other."""
    found: dict[str, Fingerprint] = {}
    for one, others in zip(fresh.values(), alike, strict=True):
        text = one.text()
        there = [other for other in others if other.id not in fresh]
        links = (link(text, one, other) for other in (*there, *found.values()))
        found[one.id] = replace(one, links=tuple(each for each in links if each))
    return found


def _round(
    rt: Runtime,
    fresh: Mapping[str, Fingerprint],
    before: Mapping[str, Fingerprint],
    documents: Mapping[str, Document],
) -> Round:
    """Gather all articles of the stories that the new ones are in, were in, or are linked to."""
    linked = rt.fingerprints.get_many(sorted({each.id for one in fresh.values() for each in one.links} - fresh.keys()))
    touched = [one.membership.story for one in (*before.values(), *linked.values()) if one.membership]
    stories = rt.stories.get_many(sorted(set(touched)))
    others = members(stories.values()) - fresh.keys() - linked.keys()
    known = {**rt.fingerprints.get_many(sorted(others)), **linked, **fresh}
    return Round(fresh, known, stories, documents)


def _write(rt: Runtime, round_: Round, new: Grouping, lock: Lock, now: datetime) -> None:
    kept = {story.id for story in new.stories}
    # a story bears the id of its first article, so those that are no more are found by the articles
    lock.extend(LOCK_S, replace_ttl=True)  # raises if it took too long, and another has begun
    rt.stories.write([_grown(story, round_.before) for story in new.stories], now)
    _move(rt, round_, new)
    rt.stories.write([story for story in new.stories if _grown(story, round_.before) != story], now)
    rt.stories.remove(sorted(rt.stories.get_many(sorted(round_.known.keys() - kept))))
    rt.fingerprints.write([replace(one, membership=new.memberships[key]) for key, one in round_.fresh.items()])


def _grown(story: Story, before: Mapping[str, Story]) -> Story:
    """Return a story with the articles that it is about to lose."""
    gone = sorted(members([before[story.id]]) - set(story.members)) if story.id in before else []
    return replace(story, members=(*story.members, *gone))


def _move(rt: Runtime, round_: Round, new: Grouping) -> None:
    """Write the documents that say something else of their stories than they should, and the fingerprints beside."""
    moved = {
        key: replace(one, membership=new.memberships[key])
        for key, one in round_.known.items()
        if key not in round_.fresh and one.membership != new.memberships[key]
    }
    others = rt.documents.get_many([Place(one.index, one.id) for one in moved.values()])
    rt.documents.write(list(_changed({**round_.documents, **others}, round_.known, new)))
    rt.fingerprints.write(list(moved.values()))


def _changed(documents: Mapping[str, Document], known: Mapping[str, Fingerprint], new: Grouping) -> Iterable[Document]:
    for key, document in documents.items():
        if document.version != known[key].version:
            continue  # it was edited, and waits for being compared again
        told: dict[str, Any] = retold(document.source, known[key], new.memberships[key], new.agencies[key])
        if told != document.source:
            yield replace(document, source=told)
