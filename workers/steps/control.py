"""Control: tick hands out what is due, sweep brings back what got lost. Both may run twice, or be missed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog

from ingest.ledger.record import Record, Stage
from ingest.ledger.transitions import abandoned
from ingest.urls import INLINE
from workers.frontier.lanes import FORGOTTEN, IN_PROGRESS
from workers.runtime import Runtime
from workers.steps.fetch import PAGE_STORE, move_on
from workers.store.sources import next_poll

log = structlog.get_logger()

SOURCES_AT_ONCE: Final = 20
STREAM_FULL: Final = 2000
"""Outcomes waiting for Elasticsearch at which nothing more is handed out: ten bulks."""
GRACE: Final = timedelta(seconds=10)
"""An article admitted this recently may be on its way from the ledger into its lane."""
SWEEP_BOUND: Final = 2000
SWEEP_CLAIM_S: Final = 30.0
"""Seconds that a sweep may take for one page of records before another may begin: its worker is taken for dead."""


@dataclass(frozen=True, slots=True)
class Send:
    """How to ring the other workers."""

    poll_source: Callable[[str], object]
    fetch_articles: Callable[[Sequence[str]], object]
    process_articles: Callable[[Sequence[str]], object]
    index_flush: Callable[[], object]


def tick(rt: Runtime, send: Send) -> None:
    """Hand out due sources and due lanes, never more than the workers can hold, and call the flusher."""
    if not rt.lanes.knows():
        rebuild(rt)
    waiting = rt.stream.depth()
    for source_id in rt.lanes.due_sources(SOURCES_AT_ONCE, rt.settings.lease_s) if waiting < STREAM_FULL else ():
        send.poll_source(source_id)
    if waiting and not rt.lanes.queued("index"):
        send.index_flush()
    due = rt.lanes.pop(room(rt, waiting))
    send.process_articles([key for lane, key in due if lane == INLINE])
    send.fetch_articles([key for lane, key in due if lane != INLINE])


def room(rt: Runtime, waiting: int) -> int:
    """Return how many articles may be handed out now."""
    if waiting >= STREAM_FULL or rt.lanes.claimed(PAGE_STORE):
        return 0
    return rt.settings.fetch_slots - rt.lanes.queued("fetch") - rt.lanes.queued("process")


def sweep(rt: Runtime, *, everything: bool = False) -> int | None:
    """Bring pending articles that Redis does not hold back into their lanes; return how many, None if another is at it.

    At most SWEEP_BOUND at a time, unless `everything`. One sweep at a time: several at once tripled the work.
    """
    if not rt.lanes.claim("sweep", SWEEP_CLAIM_S):
        return None
    try:
        brought = 0
        for records in rt.ledger.pending(rt.now() - (timedelta(0) if everything else GRACE)):
            brought += _bring_back(rt, records)
            rt.lanes.hold("sweep", SWEEP_CLAIM_S)
            if brought >= SWEEP_BOUND and not everything:
                break
        if brought:
            log.info("swept", articles=brought)
        return brought
    finally:
        rt.lanes.release("sweep")


def rebuild(rt: Runtime) -> None:
    """Build an empty or wiped Redis anew from Elasticsearch."""
    rt.stream.ensure_group()
    rt.ledger.refresh()
    for source, poll in rt.sources.all():
        due = next_poll(source, poll, poll.polled_at) if poll.polled_at else rt.now()
        rt.lanes.schedule(source.id, due)
    brought = sweep(rt, everything=True)
    if brought is not None:  # else another rebuilds: if it dies, the next tick must find Redis as empty as it is
        rt.lanes.remember()
        log.info("rebuilt", articles=brought)


def _bring_back(rt: Runtime, records: list[Record]) -> int:
    words = dict(zip((record.id for record in records), rt.lanes.whereabouts(records), strict=True))
    lost = {key for key, word in words.items() if word != IN_PROGRESS}
    now = rt.now()
    pending = {key: record for key, record in rt.ledger.get_many(list(lost)).items() if record.pending}
    if over := lost - pending.keys():  # the search was behind: these have ended
        rt.lanes.done(list(over))
    for key, record in pending.items():
        if words[key] == FORGOTTEN:
            rt.lanes.push([record])
        else:
            move_on(rt, abandoned(replace(record, stage=Stage(words[key])), now))
    return len(pending)
