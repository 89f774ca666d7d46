"""After a run: every document has been compared, and copies are stories, whatever died meanwhile."""

from typing import Final

from ingest.stories.fingerprint import Membership
from tests.chaos.newsroom import Newsroom
from tests.chaos.texts import GOOD, original
from tests.chaos.waiting import wait_for
from workers.runtime import Runtime

PATIENCE_S: Final = 180.0
"""A Redis that was wiped is looked at by sweep: what ended a minute ago, and that each 2 s."""
NAMED: Final = 5


def wrong_stories(rt: Runtime, newsroom: Newsroom) -> list[str]:
    """Return a sentence for each document that is in another story than it should be, or in none, after a while."""
    wait_for(lambda: not _wrong(rt, newsroom), PATIENCE_S)
    return _wrong(rt, newsroom)[:NAMED]


def _wrong(rt: Runtime, newsroom: Newsroom) -> list[str]:
    good = {story.number: story for story in newsroom.stories if story.end == GOOD}
    found = rt.fingerprints.get_many([story.id for story in good.values()])
    told = []
    for number, story in good.items():
        near = (good[n] for n in (number - 1, number, number + 1) if n in good)
        twins = {one.id for one in near if original(one.number) == original(number)}
        membership = found[story.id].membership if story.id in found else None
        if not is_told(membership, story.id, twins):
            told.append(f"story of {story.url}: {membership}")
    return told


def is_told(membership: Membership | None, key: str, twins: set[str]) -> bool:
    """Tell whether an article is in the story of its twins, or in its own, and plays a part if there are several."""
    if membership is None or membership.story not in twins:
        return False
    return bool(membership.story_role) == (len(twins) > 1) and (membership.story_role == "first") == (
        len(twins) > 1 and membership.story == key
    )
