"""Sweep: brings back what Redis lost or a worker left behind. Its cost follows what it finds, not what is pending.

An article whose worker died has a lease that is over. One whose admission died, or whose push an unclean stop of Redis
took back, is pending in the ledger and nowhere in Redis; it was due lately, since every transition that can lead there
sets `due_at`. For what was written minutes later, all that is pending is walked through, a portion at a time. A Redis
that knows nothing at all is rebuilt from the ledger.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from redis.lock import Lock

from ingest.ledger.history import last_moved
from ingest.ledger.record import Record, Stage
from ingest.ledger.transitions import abandoned
from ingest.model import FILES
from workers.frontier.leases import FORGOTTEN, IN_PROGRESS
from workers.frontier.locks import release
from workers.runtime import Runtime
from workers.steps.attempt import move_on
from workers.steps.check import check_some
from workers.steps.forgotten import look_after
from workers.steps.ungrouped import find_late
from workers.store.ledger import LedgerError
from workers.store.sources import next_poll

log = structlog.get_logger()

GRACE: Final = timedelta(seconds=10)
"""An article admitted this recently may still be between the ledger and its lane."""
OVERLAP: Final = timedelta(minutes=2)
"""Looked at again by the next sweep: the ledger's searches are 5 s behind, and Redis may lose its last second."""
BOUND: Final = 2000
PORTION: Final = 500
"""Pending records that a sweep without other work looks at: all of 200,000 in four hours."""
LOCK_S: Final = 30.0
"""Seconds that a sweep may take for one page of records before another may begin: its worker is taken for dead."""
SOURCES_EVERY_S: Final = 600.0


def sweep(rt: Runtime) -> int | None:
    """Bring pending articles that are nowhere in Redis back into their lanes; return how many, None if locked.

    At most BOUND at a time. One sweep at a time: several at once tripled the work.
    """
    with _alone(rt) as lock:
        if lock is None:
            return None
        if rt.locks.take("sweep-sources", SOURCES_EVERY_S) is not None:
            schedule_missing(rt)
        brought = _bring_back(rt, rt.leases.overdue(BOUND))
        until = rt.now() - GRACE
        for records in rt.ledger.pending(until, rt.leases.swept_to()):
            brought += _bring_back(rt, _not_held(rt, records))
            lock.extend(LOCK_S, replace_ttl=True)
            if records and brought >= BOUND:
                until = records[-1].due_at
                break
        rt.leases.set_swept_to(until - OVERLAP)
        brought = brought or _walk(rt)
        check_some(rt)
        find_late(rt)
        look_after(rt)
        rt.stream.tidy()
        if brought:
            log.info("swept", articles=brought)
        return brought


def rebuild(rt: Runtime) -> None:
    """Build an empty or wiped Redis anew from Elasticsearch."""
    rt.stream.ensure_group()
    rt.ledger.refresh()
    schedule_missing(rt)
    with _alone(rt) as lock:
        if lock is None:
            return  # another rebuilds: if it dies, the next tick must find Redis as empty as it is
        brought = 0
        for records in rt.ledger.pending(datetime.max.replace(tzinfo=UTC)):
            brought += _bring_back(rt, _not_held(rt, records))
            lock.extend(LOCK_S, replace_ttl=True)
        rt.leases.set_swept_to(rt.now() - OVERLAP)
        rt.gauge.remember()
        log.info("rebuilt", articles=brought)


def schedule_missing(rt: Runtime) -> int:
    """Schedule sources that are missing from the schedule, by their rhythm; at once those never polled, or put off.

    A file counts as never polled until the command that reads it has ended, and may be killed before.
    """
    all_ = rt.sources.all()
    known = {source.id: (source, poll) for source, poll in all_ if not source.paused and source.kind != FILES}
    due: dict[str, datetime] = {}
    for source_id in rt.schedule.missing(known):
        source, poll = known[source_id]
        # the last poll may lie ahead: the clock was set back
        known_at = None if poll.put_off else poll.polled_at
        at = next_poll(source, poll, min(known_at, rt.now())) if known_at else rt.now()
        if at is not None:
            due[source_id] = at
    if added := rt.schedule.add_missing(due):
        log.info("scheduled", sources=added)
    return len(due)


def _walk(rt: Runtime) -> int:
    """Bring back what is lost of the next portion of all that is pending; return how many.

    An overloaded Elasticsearch may write minutes later what it was told and nobody waits for.
    """
    records, further = rt.ledger.after(rt.reached.pending.get(), PORTION, pending=True)
    rt.reached.pending.set(further)
    settled = [record for record in records if last_moved(record) <= rt.now() - GRACE]
    return _bring_back(rt, _not_held(rt, settled))


@contextmanager
def _alone(rt: Runtime) -> Iterator[Lock | None]:
    lock = rt.locks.take("sweep", LOCK_S)
    try:
        yield lock
    finally:
        if lock is not None:
            release(lock)


def _not_held(rt: Runtime, records: list[Record]) -> list[str]:
    """Return the ids of the pending articles that are nowhere in Redis."""
    words = zip(records, rt.leases.whereabouts(records), strict=True)
    return [record.id for record, word in words if word != IN_PROGRESS]


def _bring_back(rt: Runtime, article_ids: list[str]) -> int:
    """Bring back articles that are nowhere in Redis, and drop what is left of ended ones. Return how many came back."""
    known = rt.ledger.get_many(article_ids)
    unread = rt.ledger.existing([one for one in article_ids if one not in known])  # another version can read them
    rt.leases.hold(sorted(unread))
    pending = [record for record in known.values() if record.pending]
    rt.leases.forget(sorted(set(article_ids) - unread - {record.id for record in pending}))  # a search may be behind
    words = list(zip(pending, rt.leases.whereabouts(pending), strict=True))
    rt.lanes.push([record for record, word in words if word == FORGOTTEN])
    died = [replace(record, stage=Stage(word)) for record, word in words if word not in {FORGOTTEN, IN_PROGRESS}]
    for record in died:
        try:
            move_on(rt, abandoned(record, rt.now()))
        except LedgerError as error:  # what is wrong with one record stops no other
            log.error("record_refused", id=record.id, detail=str(error))  # noqa: TRY400  # it says all
            rt.leases.hold([record.id])
    return sum(word != IN_PROGRESS for _, word in words)
