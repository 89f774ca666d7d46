"""Tick, five times a second: due sources and due articles are handed out, no more than the workers can hold.

It may run twice, or be missed.
"""

from typing import Final

from ingest.urls import INLINE
from workers.frontier.gauge import BRIM
from workers.queues import QUEUES
from workers.runtime import Runtime
from workers.steps import group
from workers.steps.dispatch import Dispatch
from workers.steps.sweep import rebuild

POLLS_QUEUED: Final = 2 * next(queue.concurrency for queue in QUEUES if queue.name == "poll")
"""Messages in the poll queue: two for each thread are taken within a minute even if every site takes its 30 s."""
STREAM_FULL: Final = 2000
"""Outcomes waiting for Elasticsearch at which nothing more is handed out: ten bulks."""
STREAM_BYTES: Final = 64 * 2**20
"""Their bytes at which it is the same: a few heavy pages weigh as much as thousands of others."""


def tick(rt: Runtime, dispatch: Dispatch) -> None:
    """Hand out due sources and due articles, and call the flusher."""
    if not rt.gauge.knows():
        rebuild(rt)
    waiting = rt.stream.depth()
    behind = is_behind(rt, waiting)
    for source_id in () if behind else rt.schedule.due(POLLS_QUEUED):
        dispatch.poll_source(source_id)
    if waiting and not rt.gauge.queued("index"):
        dispatch.index_flush()
    if not behind and group.is_due(rt) and not rt.gauge.queued("stories"):
        dispatch.group_articles()
    due = rt.lanes.pop(room(rt, behind=behind))
    issue_tickets(rt, [article_id for _, article_id in due])
    dispatch.process_articles({article_id: lane for lane, article_id in due if lane == INLINE})
    dispatch.fetch_articles({article_id: lane for lane, article_id in due if lane != INLINE})


def room(rt: Runtime, *, behind: bool) -> int:
    """Return how many articles may be handed out now: none while Elasticsearch is `behind` or Redis nearly full."""
    if behind or rt.gauge.fetching_paused() or rt.gauge.fullness() >= BRIM:
        return 0
    return rt.settings.fetch_slots - rt.gauge.queued("fetch") - rt.gauge.queued("process")


def is_behind(rt: Runtime, waiting: int) -> bool:
    """Return whether Elasticsearch has more to take than may wait for it, by count or by bytes."""
    return waiting >= STREAM_FULL or rt.stream.bytes() >= STREAM_BYTES


def issue_tickets(rt: Runtime, article_ids: list[str]) -> None:
    """Look up what is handed out without a ticket, all at once: each worker would have to ask for its own."""
    if unknown := rt.leases.unticketed(article_ids):
        rt.leases.issue([record for record in rt.ledger.get_many(unknown).values() if record.pending])
