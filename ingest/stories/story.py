"""Related articles as stories: who was first, what each other one is, whose text it is, how many voices tell it.

All of it follows from the articles and how they are related, whatever the order in which they came.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from ingest.stories.relation import Relation

Role = Literal["first", "copy", "version"]
OWN: Final = "credit"
BY_CONTENT: Final = "content"


@dataclass(frozen=True, slots=True)
class Told:
    """An article as a story knows it."""

    id: str
    publisher: str
    """The house that publishes it: the owner's papers are one."""
    at: datetime
    """When it was published, as far as that can be believed: see `first_known`."""
    agencies: tuple[str, ...] = ()
    """News agencies of its own credit line."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two articles of one story."""

    one: str
    other: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Membership:
    """What an article is in its story."""

    story: str
    """The least of its articles' ids."""
    role: Role
    copied_from: str
    """The id of the earlier article that is most like it; '' of the first."""
    similarity: float
    """Of the two: the share of the shorter text that they have in common."""
    agencies: tuple[str, ...]
    agency_by: str
    """`credit` where its own line names them, `content` where the text is theirs; '' where there are none."""


def stories(ids: Iterable[str], links: Iterable[Link]) -> list[list[str]]:
    """Return the ids of each story of two articles or more, in order: those that links join, directly or by others."""
    parent = {one: one for one in ids}

    def root(one: str) -> str:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for link in links:
        least, other = sorted((root(link.one), root(link.other)))
        parent[other] = least
    found: dict[str, list[str]] = {}
    for one in sorted(parent):
        found.setdefault(root(one), []).append(one)
    return [members for members in found.values() if len(members) > 1]


def memberships(told: Sequence[Told], links: Sequence[Link]) -> dict[str, Membership]:
    """Return what each article of one story is in it."""
    story = min(one.id for one in told)
    rank = {one.id: (one.at, one.id) for one in told}
    near = _near(links)
    first = min(told, key=lambda one: rank[one.id])
    agency = {one.id: one.agencies for one in told if one.agencies}
    return {one.id: _membership(story, one, first, rank, near, agency) for one in told}


def _near(links: Iterable[Link]) -> dict[str, dict[str, Relation]]:
    found: dict[str, dict[str, Relation]] = {}
    for link in links:
        found.setdefault(link.one, {})[link.other] = link.relation
        found.setdefault(link.other, {})[link.one] = link.relation
    return found


def _membership(  # noqa: PLR0917  # the story, one of its articles, and what is known of all
    story: str,
    one: Told,
    first: Told,
    rank: Mapping[str, tuple[datetime, str]],
    near: Mapping[str, Mapping[str, Relation]],
    agency: Mapping[str, tuple[str, ...]],
) -> Membership:
    beside = near.get(one.id, {})
    earlier = [other for other in beside if rank[other] < rank[one.id]]
    source = max(earlier, key=lambda other: (beside[other].contained, rank[other]), default="")
    like = beside[source] if source else None
    role: Role = "first" if one is first else "copy" if like is not None and like.kind == "copy" else "version"
    agencies, by = one.agencies, OWN if one.agencies else ""
    if not agencies and (theirs := _credited(beside, agency)):
        agencies, by = theirs, BY_CONTENT
    return Membership(story, role, source, round(like.contained, 3) if like else 0.0, agencies, by)


def _credited(beside: Mapping[str, Relation], agency: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the agencies of the most similar article that names them."""
    credited = [other for other in beside if other in agency]
    best = max(credited, key=lambda other: (beside[other].contained, beside[other].jaccard, other), default="")
    return agency[best] if best else ()


def voices(told: Sequence[Told], known: Mapping[str, Membership]) -> int:
    """Return how many independent publishers tell a story: all copies of an agency are one voice, a house's papers too."""
    return len({(membership.agencies or (one.publisher,))[0] for one in told if (membership := known[one.id])})


def first_known(published: datetime | None, precise: bool, admitted: datetime, gap_s: float) -> datetime:  # noqa: FBT001
    """Return when an article was published, as far as its page can be believed, else when it was admitted.

    A page's own time is believed if it has minutes, and lies before the admission by no more than `gap_s`: the
    longest that its source lets between two polls, or the host's rhythm.
    """
    if published is None or not precise or published > admitted:
        return admitted
    return published if (admitted - published).total_seconds() <= gap_s else admitted
