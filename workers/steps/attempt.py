"""What all steps share: how one begins, how it ends, and what an error means for its article.

The decisions are in `ingest/ledger/transitions.py`; this module carries them out. Every step may be killed at any line
and started again: what it wrote is there or is written again, and sweep brings back what it left half done.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from redis.client import Pipeline
from redis.exceptions import RedisError

from ingest.errors import Permanent, Rejected, Transient, Unavailable, WarraqError
from ingest.ledger.history import DETAIL
from ingest.ledger.record import Record, Stage, State
from ingest.ledger.transitions import PAUSE_S, ended, put_off, redirected, retried
from ingest.ledger.upshots import moved_on, not_yet
from ingest.model import Page, Source
from ingest.policy.rights import may_keep_page
from ingest.upshot import Upshot
from ingest.urls import INLINE, lane_of
from workers.frontier.leases import RESIDENCE_S
from workers.runtime import SERVICES, Runtime
from workers.steps.ask import NotYet, Redirected
from workers.steps.revise import is_missing, missed, note_failure
from workers.store.outcomes import Outcome

log = structlog.get_logger()

T = TypeVar("T")


def begin(rt: Runtime, article_id: str, stage: Stage) -> Record | None:
    """Start a step: return the article's pending record, from its ticket or the ledger, or None without work."""
    mine, ticket = rt.leases.begin(article_id, stage)
    if not mine:
        return None
    record = ticket or rt.ledger.get(article_id)
    if record is not None and record.pending:
        return replace(record, stage=stage)
    if ticket is None:
        rt.leases.forget([article_id])  # it has ended
    else:
        rt.leases.skip(article_id)  # its outcome is in the stream
    return None


def move_on(rt: Runtime, record: Record) -> None:
    """Carry out a transition: a pending record goes to the ledger and into its lane, an ended one to the stream."""
    if not record.pending:
        if record.stage is Stage.PROCESS:
            drop_look(rt, record)
        enqueue_outcome(rt, Outcome(record, unkept=record.stage is Stage.PROCESS and not _may_keep(rt, record)))
    elif rt.ledger.save([record]):
        rt.lanes.push([record])


def _may_keep(rt: Runtime, record: Record) -> bool:
    """Return whether the page of an article without a document may be kept; one that cannot be read may not."""
    try:
        page = rt.pages.get(record.id)
    except Permanent as error:
        log.warning(error.reason, **about(record), detail=error.detail)
        return False
    except Unavailable as error:
        log.warning(error.reason, **about(record), detail=error.detail)
        return True
    return page is None or may_keep_page(source_of(rt, record), page)


def source_of(rt: Runtime, record: Record) -> Source:
    """Return the source of an article; if it was removed, a stand-in made from the article."""
    return rt.sources.get(record.source_id) or Source(id=record.source_id, kind="article", url=record.url)


def stored(rt: Runtime, record: Record) -> Page | None:
    """Return the stored page if it is current: one fetched before an edit is not."""
    try:
        if is_look(record):
            return rt.pages.get_look(record.id, record.asked_at)
        return rt.pages.get(record.id, None if record.lane == INLINE else record.asked_at)
    except Permanent as error:
        if lane_of(record.url) == INLINE:
            raise
        log.warning(error.reason, **about(record), detail=error.detail)  # a torn write: the web still has it
        return None


def is_look(record: Record) -> bool:
    """Return whether the web is asked for an article that has a document: its page is kept beside the one before."""
    return record.indexed_at is not None and record.lane != INLINE


def enqueue_outcome(rt: Runtime, outcome: Outcome, pipe: Pipeline | None = None) -> list[Any]:
    """Put an outcome into the stream and extend its lease, atomically: otherwise a wipe of Redis would go unnoticed.

    At the end of a transaction if there is one; return its answers.
    """
    pipe = pipe or rt.leases.transaction()
    rt.stream.add(outcome, pipe)
    rt.leases.finish(outcome.record, RESIDENCE_S, pipe)
    return pipe.execute()


@contextmanager
def uncount_on_outage(rt: Runtime, article_id: str) -> Iterator[None]:
    """Do not count the start of a step that an outage of Redis or Elasticsearch cut short: it is no sign of poison."""
    try:
        yield
    except SERVICES as error:
        log.warning("service_away", id=article_id, detail=str(error)[:DETAIL])
        with suppress(RedisError):
            rt.leases.interrupt(article_id)
        raise


def attempt(rt: Runtime, record: Record, work: Callable[[], T]) -> T | Upshot:
    """Do the work; on failure, apply what the error means for the record and return what became of it."""
    try:
        return work()
    except SERVICES:
        raise
    except NotYet as yet:
        rt.lanes.push([replace(record, due_at=rt.now() + yet.wait)])
        return not_yet(record, yet.wait, yet.why)
    except Redirected as hop:
        after = redirected(record, hop.url, rt.now())
    except Unavailable as error:
        rt.gauge.pause_fetching(PAUSE_S)
        log.error(error.reason, **about(record), detail=error.detail)  # noqa: TRY400  # the trace would be ours, not the disk's
        after = put_off(record, error, rt.now(), random.random())  # noqa: S311  # jitter, no secret
    except (Rejected, Permanent) as error:
        return _ended(rt, record, error)
    except Transient as error:
        note_failure(rt, record, error)
        after = _retried(rt, record, error)
    except MemoryError:  # a process has one page at a time and a limit of its own: it is this page's fault
        after = ended(record, State.FAILED, rt.now(), "out_of_memory", "more than WARRAQ_PROCESS_DATA_MB")
    except SoftTimeLimitExceeded:  # `process.py` tells of a page's own time: here a service answers too late
        log.warning("time_limit", **about(record))
        raise
    except Exception as error:  # whatever it is, this article must end visibly and no other may suffer
        log.exception("bug", **about(record))
        after = _retried(rt, record, Transient("bug", repr(error)))
    move_on(rt, after)
    return moved_on(after)


def _ended(rt: Runtime, record: Record, error: Rejected | Permanent) -> Upshot:
    """End an article; at a look that found none, its document goes on."""
    if is_missing(record, error):
        outcome = missed(rt, record, error)
        drop_look(rt, record)
        enqueue_outcome(rt, outcome)
        return moved_on(outcome.record)
    note_failure(rt, record, error)
    state = State.REJECTED if isinstance(error, Rejected) else State.FAILED
    after = ended(record, state, rt.now(), error.reason, error.detail)
    move_on(rt, after)
    return moved_on(after)


def drop_look(rt: Runtime, record: Record) -> None:
    """Remove the page of a look that found no article. Left behind, it would only take room until the next look."""
    if is_look(record):
        with suppress(Unavailable):
            rt.pages.drop_look(record.id)


def about(record: Record) -> dict[str, str]:
    """Return what a line of the log says of an article."""
    return {"id": record.id, "source": record.source_id, "stage": str(record.stage), "url": record.url}


def _retried(rt: Runtime, record: Record, error: WarraqError) -> Record:
    return retried(record, error, rt.now(), random.random())  # noqa: S311  # jitter, no secret
