"""What the tasks do with one article, forward only: fetch -> process -> flush. Admission comes before: `admission.py`.

The decisions are in `ingest/record.py`; this module carries them out. Every step may be killed at any line and
started again: what it wrote is there or is written again, and sweep brings back what it left half done.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeVar

import structlog

from ingest.errors import Permanent, Rejected, Transient, WarraqError
from ingest.model import Page, Source
from ingest.pipeline import process
from ingest.record import Record, State, ended, retried
from ingest.rights import may_keep
from ingest.urls import HELD, article_id, canonical, lane_of
from workers.lanes import RESIDENCE_S
from workers.polite import NotYet, ask
from workers.runtime import SERVICES, Runtime
from workers.stream import Item, Outcome

log = structlog.get_logger()

BATCH: Final = 200
"""Outcomes in one bulk: about 1 MB of Arabic articles."""
BLOCK_MS: Final = 500
LINGER_S: Final = 0.5
"""Seconds to wait for a batch to fill: a bulk of one article costs Elasticsearch nearly what one of fifty does."""

T = TypeVar("T")


def fetch(rt: Runtime, key: str) -> bool:
    """Bring an article's page into the store. True if it is there now, and processing is next."""
    record = begin(rt, key)
    return record is not None and _attempt(rt, record, lambda: _fetch(rt, record)) is not None


def process_page(rt: Runtime, key: str) -> None:
    """Turn an article's stored page into an outcome in the index stream."""
    record = begin(rt, key)
    if record is not None:
        outcome = _attempt(rt, record, lambda: _process(rt, record))
        if outcome is not None:
            _hand_over(rt, outcome)
            if outcome.article and not may_keep(outcome.article):
                rt.pages.remove(key)


def flush(rt: Runtime, block_ms: int = BLOCK_MS, linger_s: float = LINGER_S) -> int:
    """Write one batch of outcomes to Elasticsearch, acknowledge those that are done; return how many it had."""
    items = rt.stream.read(BATCH, block_ms, linger_s)
    if not items:
        return 0
    verdicts = rt.index.write([item.outcome for item in items], rt.now())
    settled: list[Item] = []
    for item, verdict in zip(items, verdicts, strict=True):
        if verdict.word == "again":
            log.warning("index_later", id=item.outcome.record.id, detail=verdict.detail)
        else:
            settled.append(item)
    if settled:
        rt.lanes.done([item.outcome.record.id for item in settled])
        rt.stream.acknowledge(settled)
    return len(items)


def begin(rt: Runtime, key: str) -> Record | None:
    """Start on an article: return its pending record, from its ticket or the ledger; None if nothing is to be done."""
    ticket = rt.lanes.begin(key)
    if ticket is not None:
        return ticket if ticket.pending else None  # ended already: its outcome is in the stream
    record = rt.ledger.get(key)
    if record is not None and record.pending:
        return record
    rt.lanes.done([key])
    return None


def move_on(rt: Runtime, record: Record) -> None:
    """Carry out a transition: a pending record goes to the ledger and into its lane, an ended one to the stream."""
    if not record.pending:
        _hand_over(rt, Outcome(record))
    elif rt.ledger.save([record]):
        rt.lanes.push([record])


def _fetch(rt: Runtime, record: Record) -> Record:
    page = _stored(rt, record)
    if page is None:
        page = ask(rt, record.entry.url, record.lane, record.id)
        rt.pages.put(record.id, page)
    else:
        rt.lanes.rest(record.lane, record.id, 0.0, well=False)  # its turn was not needed
    fetched = replace(record, fetched_at=page.fetched_at)
    rt.lanes.end(fetched)
    return fetched


def _process(rt: Runtime, record: Record) -> Outcome | None:
    page = _stored(rt, record)
    if page is None:
        _fetch_after_all(rt, record)
        return None
    source = rt.sources.get(record.source_id) or Source(id=record.source_id, kind="article", url=record.url)
    article = process(source, record.entry, page)
    now = rt.now()
    record = replace(record, fetched_at=page.fetched_at, processed_at=now)
    twin = article_id(canonical(article.canonical_url or page.url))
    if twin != record.id and (other := rt.ledger.get(twin)) and other.state is State.INDEXED:
        return Outcome(ended(record, State.DUPLICATE, now, "same_page", other.url))
    return Outcome(ended(record, State.INDEXED, now), article)


def _stored(rt: Runtime, record: Record) -> Page | None:
    """Return the stored page if it answers the record: one from before an edit does not."""
    page = rt.pages.get(record.id)
    return page if page is not None and page.fetched_at >= record.asked_at else None


def _fetch_after_all(rt: Runtime, record: Record) -> None:
    lane = lane_of(record.url)
    if lane == HELD:
        raise Permanent("page_missing", f"{record.url} is not in the page store; ingest the file again")
    rt.lanes.push([replace(record, lane=lane)])


def _hand_over(rt: Runtime, outcome: Outcome) -> None:
    rt.stream.add(outcome)
    rt.lanes.end(outcome.record, RESIDENCE_S)


def _attempt(rt: Runtime, record: Record, work: Callable[[], T]) -> T | None:
    """Do the work, or carry out what its failure means for the record and return None."""
    try:
        return work()
    except SERVICES:
        raise
    except NotYet as wait:
        rt.lanes.push([replace(record, due_at=rt.now() + timedelta(seconds=wait.seconds))])
    except Rejected as error:
        move_on(rt, ended(record, State.REJECTED, rt.now(), error.reason, error.detail))
    except Permanent as error:
        move_on(rt, ended(record, State.FAILED, rt.now(), error.reason, error.detail))
    except Transient as error:
        move_on(rt, _retried(rt, record, error))
    except OSError as error:
        log.exception("page_store", id=record.id)
        move_on(rt, _retried(rt, record, Transient("page_store", str(error))))
    except Exception as error:  # whatever it is, this article must end visibly and no other suffer
        log.exception("bug", id=record.id)
        move_on(rt, _retried(rt, record, Transient("bug", repr(error))))
    return None


def _retried(rt: Runtime, record: Record, error: WarraqError) -> Record:
    return retried(record, error, rt.now(), random.random())  # noqa: S311  # jitter, no secret
