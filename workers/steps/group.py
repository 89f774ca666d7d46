"""Group: documents that have just become searchable join their stories. After: nothing; nobody waits for it.

Stories are derived: what is lost here is found by sweep, and compared again to the same effect. The order of the writes
makes a kill at any line harmless: a story's list of articles first grows, then the articles move, then it shrinks; a
new article counts as compared when all else is written.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from redis.lock import Lock

from ingest.stories.fields import retold
from ingest.stories.fingerprint import Fingerprint
from ingest.stories.story import Grouping, Story, grouped, members
from workers.frontier.locks import release
from workers.frontier.ungrouped import Waiting
from workers.runtime import SERVICES, Runtime
from workers.steps.gather import MOST, CrowdedError, Round, gather, parted
from workers.store.bulk import ItemError
from workers.store.documents import LONG, Place
from workers.store.fingerprints import portions

log = structlog.get_logger()

BATCH: Final = 200
"""Articles that are compared at once: each batch costs a refresh and twenty requests, whatever is in it."""
WAIT: Final = timedelta(seconds=3)
"""What an article waits for others to come, so that it does not cost all of that alone."""
LOCK_S: Final = 40.0
"""Seconds that a batch may take from one write to the next before its worker is taken for dead."""
TURN: Final = timedelta(seconds=20)
"""What a batch that must be parted may take before others have a turn: hundreds of near copies take a second each."""
REST_S: Final = 10.0
"""Seconds without grouping after Elasticsearch or Redis could not do it."""
FEW: Final = 3
"""Articles of a batch for which Elasticsearch has no room or no shard: it is not their fault beyond that."""


@dataclass(slots=True)
class Turn:
    """A batch that is being compared."""

    lock: Lock
    until: datetime
    """When what is left of it goes behind the others, once something was compared."""
    compared: int = 0
    failed: list[Waiting] = field(default_factory=list)
    """Those for which Elasticsearch cannot read or write a document now: its month is read-only, a shard is away."""
    late: list[Waiting] = field(default_factory=list)
    """Those for which there was no time."""

    def done(self, rt: Runtime, some: Sequence[Waiting]) -> None:
        """Take off the list what was compared."""
        rt.ungrouped.done(some)
        self.compared += len(some)


def is_due(rt: Runtime) -> bool:
    """Tell whether articles are to be compared now: a batch of them waits, or one has waited for others."""
    oldest = rt.ungrouped.oldest()
    # one that waits since a time to come was written when the clock was ahead, or by one that is
    return oldest is not None and (abs(rt.now() - oldest) >= WAIT or rt.ungrouped.count() >= BATCH)


def group_waiting(rt: Runtime) -> int:
    """Compare the articles that have waited longest; return how many, 0 if none waits or another worker is at it."""
    lock = rt.locks.take("stories", LOCK_S)
    if lock is None:
        return 0
    waiting, turn = list[Waiting](), Turn(lock, rt.now() + TURN)
    try:
        waiting = rt.ungrouped.first(BATCH)
        if waiting:
            _group(rt, waiting, turn)
        behind = (*turn.failed, *turn.late)  # all others
        rt.ungrouped.add({(one.index, one.id): one.chars for one in behind}, rt.now())
        if len(turn.failed) >= FEW:
            lock.extend(REST_S, replace_ttl=True)
            return turn.compared
    except SERVICES as error:
        log.warning("stories_later", articles=len(waiting), detail=str(error)[:1000])
        with suppress(*SERVICES):
            lock.extend(REST_S, replace_ttl=True)
        return 0
    release(lock)
    return turn.compared


def _group(rt: Runtime, waiting: Sequence[Waiting], turn: Turn) -> None:
    """Compare some articles; if that fails, a part of them: one that breaks it does so alone, and is left out.

    If Elasticsearch fails for a few documents only, the others go on; if not, no more is asked of it. What is compared
    is noted at once, so that it stays so if this worker is killed.
    """
    if len(turn.failed) >= FEW:
        return
    if turn.compared and rt.now() > turn.until:
        turn.late += waiting
        return
    crowd = frozenset[str]()
    try:
        group(rt, [_place(one) for one in waiting], turn.lock)
    except ItemError as error:
        if len(waiting) == 1:
            log.warning("story_later", id=waiting[0].id, detail=str(error)[:1000])
            turn.failed += waiting
            return
    except SERVICES:
        raise
    except Exception as error:
        if len(waiting) == 1:
            log.exception("story_failed", id=waiting[0].id)
            turn.done(rt, waiting)
            return
        crowd = getattr(error, "crowd", crowd)
    else:
        turn.done(rt, waiting)
        return
    for part in parted(waiting, crowd):
        _group(rt, part, turn)


def _place(one: Waiting) -> Place:
    return Place(one.index, one.id) if one.chars is None else Place(one.index, one.id, one.chars)


def group(rt: Runtime, places: Sequence[Place], lock: Lock) -> None:
    """Compare the articles of some documents with all others, and write what follows."""
    now = rt.now()
    round_ = gather(rt, places, lambda: _hold(lock))
    new = grouped(round_.known)
    if len(round_.fresh) > 1 and any(story.articles > MOST for story in new.stories):
        raise CrowdedError
    _write(rt, round_, new, lock, now)


def _hold(lock: Lock) -> None:
    """Go on for another LOCK_S; raises if this worker took too long, and another may have begun."""
    lock.extend(LOCK_S, replace_ttl=True)


def _write(rt: Runtime, round_: Round, new: Grouping, lock: Lock, now: datetime) -> None:
    kept = {story.id for story in new.stories}
    # a story bears the id of its first article, so those that are no more are found by the articles
    _hold(lock)
    moved = _moved(round_, new)
    waiting = rt.ungrouped.keep([(one.index, one.id) for one in _touched(round_, new, moved)], now)
    rt.stories.write([_grown(story, round_.before) for story in new.stories], now)
    _move(rt, round_, new, moved, lock)
    _hold(lock)
    rt.stories.write([story for story in new.stories if _grown(story, round_.before) != story], now)
    rt.stories.remove(sorted(rt.stories.get_many(sorted(round_.known.keys() - kept))))
    _hold(lock)
    rt.fingerprints.write([new.settled(one) for one in round_.fresh.values()])
    rt.fingerprints.keep(round_.recent)
    rt.ungrouped.done(waiting)


def _grown(story: Story, before: Mapping[str, Story]) -> Story:
    """Return a story with the articles that it is about to lose."""
    gone = sorted(members([before[story.id]]) - set(story.members)) if story.id in before else []
    return replace(story, members=(*story.members, *gone))


def _moved(round_: Round, new: Grouping) -> list[Fingerprint]:
    """Return the articles, other than the new ones, that are something else in their stories than they were."""
    return [one for key, one in round_.known.items() if key not in round_.fresh and new.settled(one) != one]


def _touched(round_: Round, new: Grouping, moved: Sequence[Fingerprint]) -> list[Fingerprint]:
    """Return articles by which all that is about to be written would be found again: those that move, and each first.

    They wait until it is written. If it is cut, and the new article that was its reason is edited before the next
    try, nobody else would see a document that says what its fingerprint does not, or a story with one too many.
    """
    firsts = [round_.known[story.id] for story in new.stories if story.id not in round_.fresh]
    return [*moved, *firsts]


def _move(rt: Runtime, round_: Round, new: Grouping, moved: Sequence[Fingerprint], lock: Lock) -> None:
    """Write the documents that say something else of their stories than they should, and the fingerprints beside."""

    def told(one: Fingerprint, document: Mapping[str, Any]) -> dict[str, Any]:
        return retold(document, one, new.memberships[one.id], new.agencies[one.id])

    joined = [round_.fresh[key] for key, head in round_.heads.items() if told(round_.fresh[key], head) != head]
    places = [Place(one.index, one.id, round_.chars.get(one.id, LONG)) for one in (*moved, *joined)]
    for portion in rt.documents.portions(places):
        _hold(lock)
        # what was edited meanwhile waits for being compared again
        current = [one for one in portion if one.version == round_.known[one.place.id].version]
        rt.documents.write([replace(one, source=told(round_.known[one.place.id], one.source)) for one in current])
    for ids in portions([one.id for one in moved]):
        _hold(lock)
        rt.fingerprints.write([new.settled(one) for one in rt.fingerprints.get_many(ids).values()])
