"""Related articles as stories: who was first, what each other one is, whose text it is, how many voices tell it.

All of it follows from the articles and their links, whatever the order in which they came.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from ingest.mappings import COUNT, DATE, KEYWORD, stored
from ingest.stories.fingerprint import Fingerprint, Membership
from ingest.stories.relation import ALIKE, Relation

BY_CREDIT: Final = "credit"
BY_CONTENT: Final = "content"

Near = Mapping[str, Mapping[str, Relation]]
"""The related articles of each article, and how they are related."""


@dataclass(frozen=True, slots=True)
class Story:
    """What several articles tell."""

    id: str = stored(KEYWORD)
    """Id of its first article."""
    members: tuple[str, ...] = stored(KEYWORD)
    """Ids of its articles, in the order of publication."""
    first_publisher: str = stored(KEYWORD)
    """Who had it first."""
    first_at: datetime = stored(DATE)
    """When the first one was published, as far as that can be believed."""
    last_at: datetime = stored(DATE)
    """When the last one was published."""
    articles: int = stored(COUNT)
    """How many articles tell it."""
    publishers: int = stored(COUNT)
    """How many independent publishers tell it: an owner's papers are one, and so are all copies of an agency."""
    spread_s: int = stored(COUNT)
    """Seconds between the first and the last one."""
    agencies: tuple[str, ...] = stored(KEYWORD, default=())
    """The news agencies whose text it is, or is in part."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Some articles as stories."""

    memberships: Mapping[str, Membership]
    """What each article is, by its id."""
    agencies: Mapping[str, tuple[str, ...]]
    """The agencies of each article, by its id: its own, else those of the text that it copies."""
    stories: tuple[Story, ...]
    """Those of two articles or more."""

    def settled(self, one: Fingerprint) -> Fingerprint:
        """Return the fingerprint of an article with what it is."""
        return replace(one, membership=self.memberships[one.id], credited=self.agencies[one.id])


def grouped(known: Mapping[str, Fingerprint]) -> Grouping:
    """Return articles as stories. Links to others than these do not count, nor do those to another version."""
    near = _near(known)
    groups = _components(known, near)
    agencies = {one: _agencies(known, one, near) for one in known}
    memberships = {one: _membership(known, group, one, near) for group in groups for one in group}
    stories = tuple(_story(known, group, agencies) for group in groups if len(group) > 1)
    return Grouping(memberships, agencies, stories)


def _near(known: Mapping[str, Fingerprint]) -> Near:
    found: dict[str, dict[str, Relation]] = {one: {} for one in known}
    for one in known.values():
        for link in one.links:
            if link.id in known and known[link.id].version == link.version:
                found[one.id][link.id] = found[link.id][one.id] = link.relation
    return found


def _components(known: Mapping[str, Fingerprint], near: Near) -> list[list[str]]:
    """Return the ids of each story, in the order of publication."""
    seen: set[str] = set()
    groups: list[list[str]] = []
    for start in known:
        group, reached = [], [] if start in seen else [start]
        seen.add(start)
        while reached:
            group.append(one := reached.pop())
            fresh = near[one].keys() - seen
            seen |= fresh
            reached += fresh
        if group:
            groups.append(sorted(group, key=lambda one: _rank(known[one])))
    return sorted(groups)


def _rank(one: Fingerprint) -> tuple[datetime, str]:
    return one.at, one.id


def _membership(known: Mapping[str, Fingerprint], group: Sequence[str], one: str, near: Near) -> Membership:
    beside = near[one]
    in_order = sorted(beside, key=lambda other: _rank(known[other]))
    earlier = [other for other in in_order if _rank(known[other]) < _rank(known[one])]  # of equals, the first of them
    source = max(earlier, key=lambda other: (beside[other].jaccard, beside[other].contained), default="")
    by = BY_CREDIT if known[one].agencies else BY_CONTENT if _agencies(known, one, near) else ""
    if len(group) == 1:
        return Membership(one, agency_by=by)
    like = beside[source] if source else None
    role = "first" if one == group[0] else "copy" if like is not None and like.kind == "copy" else "version"
    return Membership(group[0], role, source, round(like.contained, 3) if like else None, by)


def _agencies(known: Mapping[str, Fingerprint], one: str, near: Near) -> tuple[str, ...]:
    """Return the agencies that an article names, else those of the most similar text that names some, the earliest."""
    if known[one].agencies:
        return known[one].agencies
    credited = [
        (-relation.jaccard, _rank(known[other]))
        for other, relation in near[one].items()
        if known[other].agencies and _is_mostly(known[one], known[other], relation)
    ]
    return known[min(credited)[1][1]].agencies if credited else ()


def _is_mostly(one: Fingerprint, other: Fingerprint, relation: Relation) -> bool:
    """Tell whether most of a text stands in another one: a long report is not an agency's for quoting it."""
    if one.size <= other.size:
        return relation.contained >= ALIKE
    return relation.contained * other.size >= ALIKE * one.size


def _story(known: Mapping[str, Fingerprint], group: Sequence[str], agencies: Mapping[str, tuple[str, ...]]) -> Story:
    first, last = known[group[0]], known[group[-1]]
    return Story(
        id=first.id,
        members=tuple(group),
        first_publisher=first.publisher,
        first_at=first.at,
        last_at=last.at,
        articles=len(group),
        publishers=_voices((known[one].publisher, agencies[one]) for one in group),
        spread_s=int((last.at - first.at).total_seconds()),
        agencies=tuple(sorted({name for one in group for name in agencies[one]})),
    )


def _voices(told: Iterable[tuple[str, Sequence[str]]]) -> int:
    """Return how many independent publishers some are: who takes from two agencies adds none to one of them alone."""
    told = list(told)
    heard, voices = set[str](), len({publisher for publisher, names in told if not names})
    for names in sorted({frozenset(names) for _, names in told if names}, key=lambda some: (len(some), sorted(some))):
        voices += not names & heard
        heard |= names
    return voices


def members(stories: Iterable[Story]) -> frozenset[str]:
    """Return the ids of the articles of some stories."""
    return frozenset(one for story in stories for one in story.members)
