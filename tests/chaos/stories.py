"""After a run of the long form: every document has been compared, and copies are stories, whatever died meanwhile."""

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
    """Return a sentence for each document that is in another story than it should be, or in none."""
    good = {story.number: story for story in newsroom.stories if story.end == GOOD}
    ids = [story.id for story in good.values()]
    wait_for(lambda: not rt.ungrouped.count() and len(rt.fingerprints.current(ids)) == len(ids), PATIENCE_S)
    found = {key: one.membership for key, one in rt.fingerprints.get_many(ids).items()}
    told = []
    for number, story in good.items():
        twins = {
            story.id,
            *(good[n].id for n in (number - 1, number + 1) if n in good and original(n) == original(number)),
        }
        if not _is_told(found.get(story.id), story.id, twins):
            told.append(f"story of {story.url}: {found.get(story.id)}")
    return told[:NAMED]


def _is_told(membership: Membership | None, key: str, twins: set[str]) -> bool:
    if membership is None or membership.story not in twins:
        return False
    return bool(membership.story_role) == (len(twins) > 1) and (membership.story_role == "first") == (
        len(twins) > 1 and membership.story == key
    )
