"""Tick, five times a second: due sources and due articles are handed out, no more than the workers can hold.

Where nothing moves it looks once a second.

It may run twice, or be missed.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from ingest.urls import INLINE
from workers.frontier.gauge import BRIM, Glance
from workers.frontier.locks import release
from workers.queues import QUEUES
from workers.runtime import Runtime
from workers.steps import group
from workers.steps.dispatch import Dispatch
from workers.steps.sweep import rebuild

log = structlog.get_logger()

POLLS_QUEUED: Final = 2 * next(queue.concurrency for queue in QUEUES if queue.name == "poll")
"""Messages in the poll queue: two for each thread are taken within a minute even if every site takes its 30 s."""
LOOKED_AT: Final = ("fetch", "process", "index", "stories")
"""Queues whose lengths a round needs."""
STREAM_FULL: Final = 2000
"""Outcomes waiting for Elasticsearch at which nothing more is handed out: ten bulks."""
STREAM_BYTES: Final = 64 * 2**20
"""Their bytes at which it is the same: a few heavy pages weigh as much as thousands of others."""
HAND_OUT_S: Final = 5.0
"""Seconds after which a poll that hands out is taken for dead; until then it is left to tick."""
LATELY_S: Final = 5.0
"""Seconds for which it looks often after something has moved: a source that is polled may list articles."""


class Pulse:
    """Tells whether a tick is to look again soon: where nothing moves, that is most of what this stack does at rest."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._moved = float("-inf")

    def note(self, *, moves: bool) -> bool:
        """Note what a look has found; return whether something moves now, or did lately."""
        now = self._clock()
        self._moved = now if moves else self._moved
        return now - self._moved < LATELY_S


def follow_clock(rt: Runtime) -> None:
    """Have all that is timed by Redis' clock follow it where it was set back: tick's own claim stands for it else."""
    if seconds := rt.clock_watch.went_back():
        log.warning("clock_set_back", seconds=seconds)
        rt.clock_watch.move(seconds)
        if swept := rt.leases.swept_to():
            rt.leases.set_swept_to(swept - timedelta(seconds=seconds))
        rt.clock_watch.moved()


def tick(rt: Runtime, dispatch: Dispatch) -> bool:
    """Hand out due sources and due articles, and call the flusher; return whether anything moves."""
    seen = rt.gauge.glance(LOOKED_AT)
    if not seen.knows:
        rebuild(rt)
        seen = rt.gauge.glance(LOOKED_AT)
    waiting, size = rt.stream.load()
    behind = is_behind(waiting, size)
    for source_id in rt.schedule.due(POLLS_QUEUED) if seen.source_due and not behind else ():
        dispatch.poll_source(source_id)
    if waiting and not seen.queued["index"]:
        dispatch.index_flush()
    if not behind and not seen.queued["stories"] and group.is_due(rt):
        dispatch.group_articles()
    _hand_out(rt, dispatch, seen, behind=behind)
    return bool(seen.moves or seen.source_due or waiting or any(seen.queued.values()))


def hand_out(rt: Runtime, dispatch: Dispatch) -> None:
    """Hand out due articles, as tick does: those of a listing that was just read need not wait for it."""
    seen = rt.gauge.glance(LOOKED_AT)
    if not (seen.knows and seen.lane_due) or (lock := rt.locks.take("hand-out", HAND_OUT_S)) is None:
        return
    # one poll at a time: several that see the same room would fill it several times
    _hand_out(rt, dispatch, rt.gauge.glance(LOOKED_AT), behind=is_behind(*rt.stream.load()))
    release(lock)


def _hand_out(rt: Runtime, dispatch: Dispatch, seen: Glance, *, behind: bool) -> None:
    due = rt.lanes.pop(room(rt, seen, behind=behind)) if seen.lane_due else []
    if due:
        issue_tickets(rt, [article_id for _, article_id in due])
        dispatch.process_articles({article_id: lane for lane, article_id in due if lane == INLINE})
        dispatch.fetch_articles({article_id: lane for lane, article_id in due if lane != INLINE})


def room(rt: Runtime, seen: Glance, *, behind: bool) -> int:
    """Return how many articles may be handed out now: none while Elasticsearch is `behind` or Redis nearly full."""
    if behind or seen.paused or rt.gauge.fullness() >= BRIM:
        return 0
    return rt.settings.fetch_slots - seen.queued["fetch"] - seen.queued["process"]


def is_behind(waiting: int, size: int) -> bool:
    """Return whether Elasticsearch has more to take than may wait for it, by count or by bytes."""
    return waiting >= STREAM_FULL or size >= STREAM_BYTES


def issue_tickets(rt: Runtime, article_ids: list[str]) -> None:
    """Look up what is handed out without a ticket, all at once: each worker would have to ask for its own."""
    if unknown := rt.leases.unticketed(article_ids):
        rt.leases.issue([record for record in rt.ledger.get_many(unknown).values() if record.pending])
