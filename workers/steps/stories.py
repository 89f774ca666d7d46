"""Stories as people ask for them: who had it when, what each changed, who copied whom; the largest of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from ingest.desk.readable import is_reference
from ingest.stories.changes import Change, changes
from ingest.stories.fingerprint import Fingerprint, Membership
from ingest.stories.story import Story
from workers.steps.story import find
from workers.store.documents import Documents, Place
from workers.store.fingerprints import Fingerprints
from workers.store.stories import Stories

if TYPE_CHECKING:
    from workers.runtime import Runtime


class Shelves(Protocol):
    """What a story is read from: a runtime, or a page that can only read."""

    @property
    def documents(self) -> Documents:
        """The documents."""
        ...

    @property
    def fingerprints(self) -> Fingerprints:
        """What tells the story of each article."""
        ...

    @property
    def stories(self) -> Stories:
        """The stories."""
        ...


@dataclass(frozen=True, slots=True)
class Telling:
    """One article of a story."""

    id: str
    url: str
    title: str
    publisher: str
    at: datetime
    role: str
    """`first`, `copy` or `version`."""
    copied_from: str
    """Publisher of the earlier article that it is most like; '' of the first."""
    similarity: float | None
    agencies: tuple[str, ...]
    agency_by: str
    changes: tuple[Change, ...]
    """What it changed of that text."""


@dataclass(frozen=True, slots=True)
class Told:
    """A story and its articles, in the order of publication."""

    story: Story
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class Largest:
    """One of a day's stories."""

    story: Story
    title: str
    """Of its first article."""
    url: str


def told(rt: "Runtime", *, article: str) -> Told | None:
    """Return the story of an article: by its id, what only that begins with, or its address. None of one alone."""
    record = find(rt, article)
    return told_of(rt, record.id if record else article)


def told_of(rt: Shelves, article_id: str) -> Told | None:
    """Return the story of an article by its id, None of one alone; nothing but documents is read."""
    known = rt.fingerprints.get_many([article_id])
    ids = [one.membership.story for one in known.values() if one.membership]
    story = rt.stories.get_many(ids).get(ids[0]) if ids else None
    if story is None:
        return None
    members = rt.fingerprints.get_many(story.members)
    found = rt.documents.get_many([Place(one.index, one.id) for one in members.values()])
    texts = {key: document.source for key, document in found.items()}
    there = [members[key] for key in story.members if key in members and key in texts]
    return Told(story, tuple(_telling(one, members, texts) for one in there))


def largest(rt: "Runtime", *, day: str, size: int) -> list[Largest]:
    """Return the largest stories that began on a day (`2026-07-01`, UTC), by independent publishers."""
    rt.stories.refresh()
    stories = rt.stories.of_day(day, size)
    heads = _heads(rt, [story.id for story in stories])
    for story in stories:
        if story.id not in heads:  # its document is not there any more; another article tells the same
            heads[story.id] = next(iter(_heads(rt, story.members[1:]).values()), {})
    return [Largest(one, heads[one.id].get("title", ""), heads[one.id].get("url", "")) for one in stories]


def _heads(rt: "Runtime", ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    known = rt.fingerprints.slim(ids)
    found = rt.documents.get_many([Place(known[key].index, key) for key in ids if key in known])
    return {key: found[key].source for key in ids if key in found}


def _text(document: Mapping[str, Any]) -> str:
    """Return a document's text, '' of a reference: one of an earlier version may still have it."""
    return "" if is_reference(document) else document.get("body") or ""


def _telling(one: Fingerprint, members: Mapping[str, Fingerprint], texts: Mapping[str, Mapping[str, Any]]) -> Telling:
    document, membership = texts[one.id], one.membership or Membership(one.id)
    source = membership.copied_from
    before, after = _text(texts.get(source, {})), _text(document)
    return Telling(
        id=one.id,
        url=document["url"],
        title=document.get("title", ""),
        publisher=one.publisher,
        at=one.at,
        role=membership.story_role,
        copied_from=members[source].publisher if source in members else "",
        similarity=membership.similarity,
        agencies=tuple(document.get("agencies", ())),
        agency_by=membership.agency_by,
        changes=changes(before, after) if before and after else (),  # a reference has no text to compare
    )
