"""What the tasks do, forward only: poll -> admit -> fetch -> process -> flush.

The decisions are in `ingest/record.py`; this module carries them out. Every step may be killed at any line and
started again: what it wrote is there or is written again, and sweep brings back what it left half done.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError
from redis.exceptions import RedisError

from ingest.discover import discover
from ingest.document import Poll
from ingest.errors import Permanent, Rejected, Transient, WarraqError
from ingest.model import Entry, Source
from ingest.pipeline import process
from ingest.record import Record, State, admitted, ended, relisted, retried
from ingest.urls import HELD, article_id, canonical, lane_of
from workers.lanes import RESIDENCE_S
from workers.runtime import Runtime
from workers.stream import Item, Outcome

log = structlog.get_logger()

BATCH: Final = 200
"""Outcomes in one bulk: about 1 MB of Arabic articles."""
LINGER_MS: Final = 500
MOST_PROBLEMS: Final = 20
POLL_PAUSE_CAP_S: Final = 86_400
SERVICES: Final = (RedisError, TransportError, ApiError)
"""Errors of our own services: no article's fault, so no attempt is counted; the lease brings the article back."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a listing: the ids it names, known or new; how many of them are new or changed; what was wrong."""

    ids: tuple[str, ...]
    admitted: int
    problems: tuple[str, ...]


def poll(rt: Runtime, source_id: str) -> None:
    """Read a source's listing, admit what is new, and note how it went."""
    source = rt.sources.get(source_id)
    if source is None:
        return rt.lanes.schedule(source_id, None)
    if wait := rt.lanes.visit(lane_of(source.url)):
        return rt.lanes.schedule(source_id, rt.now() + timedelta(seconds=wait))
    result = _poll(rt, source)
    rt.sources.note(source_id, result)
    return rt.lanes.schedule(source_id, next_poll(source, result, rt.now()))


def next_poll(source: Source, last: Poll, now: datetime) -> datetime | None:
    """Return when a source is next due: linear backoff on failures, never given up; None = only when asked."""
    if not source.interval_s:
        return None
    return now + timedelta(seconds=min(source.interval_s * (1 + last.failures), POLL_PAUSE_CAP_S))


def admit(rt: Runtime, source: Source, entries: Iterable[Entry], problems: Iterable[str] = ()) -> Admission:
    """Enter a listing's new and changed articles in the ledger, then in their lanes; store the pages it holds first."""
    found, bad = _by_id(entries)
    now = rt.now()
    known = rt.ledger.get_many(list(found))
    fresh = [admitted(source, entry, now) for key, entry in found.items() if key not in known]
    changed = [moved for key, old in known.items() if (moved := relisted(old, found[key], now))]
    for record in [*fresh, *changed]:
        if (page := found[record.id].page) is not None:
            rt.pages.put(record.id, replace(page, fetched_at=now))
    ours = [*rt.ledger.create(fresh), *rt.ledger.save(changed)]
    rt.lanes.push(ours)
    return Admission(tuple(found), len(ours), (*problems, *bad))


def fetch(rt: Runtime, key: str) -> bool:
    """Bring an article's page into the store. True if it is there now, and processing is next."""
    record = current(rt, key)
    return record is not None and _attempt(rt, record, lambda: _fetch(rt, record)) is not None


def process_page(rt: Runtime, key: str) -> None:
    """Turn an article's stored page into an outcome in the index stream."""
    record = current(rt, key)
    if record is not None:
        outcome = _attempt(rt, record, lambda: _process(rt, record))
        if outcome is not None:
            _hand_over(rt, outcome)


def flush(rt: Runtime, block_ms: int = LINGER_MS) -> int:
    """Write one batch of outcomes to Elasticsearch, acknowledge those that are done; return how many it had."""
    items = rt.stream.read(BATCH, block_ms)
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


def current(rt: Runtime, key: str) -> Record | None:
    """Return the pending record of an article, from its ticket or the ledger; None if there is nothing to do."""
    record = rt.lanes.ticket(key) or rt.ledger.get(key)
    return record if record is not None and record.pending else None


def move_on(rt: Runtime, record: Record) -> None:
    """Carry out a transition: a pending record goes to the ledger and into its lane, an ended one to the stream."""
    if not record.pending:
        _hand_over(rt, Outcome(record))
    elif rt.ledger.save([record]):
        rt.lanes.push([record])


def _poll(rt: Runtime, source: Source) -> Poll:
    now = rt.now()
    try:
        listing = discover(source, rt.web.get(source.url))
        result = admit(rt, source, listing.entries, listing.problems)
    except WarraqError as error:
        log.warning("poll_failed", source=source.url, reason=error.reason, detail=error.detail)
        return Poll(polled_at=now, failures=rt.sources.poll_of(source.id).failures + 1, error=str(error))
    problems = result.problems[:MOST_PROBLEMS]
    return Poll(polled_at=now, listed=len(result.ids), admitted=result.admitted, problems=problems)


def _by_id(entries: Iterable[Entry]) -> tuple[dict[str, Entry], list[str]]:
    found: dict[str, Entry] = {}
    problems: list[str] = []
    for entry in entries:
        try:
            found.setdefault(article_id(canonical(entry.url)), entry)
        except Permanent as error:
            problems.append(str(error))
    return found, problems


def _fetch(rt: Runtime, record: Record) -> Record:
    page = rt.pages.get(record.id)
    if page is None or page.fetched_at < record.asked_at:
        page = rt.web.get(record.entry.url)
        rt.pages.put(record.id, page)
    fetched = replace(record, fetched_at=page.fetched_at)
    rt.lanes.stamp(fetched)
    rt.lanes.lease([record.id])
    return fetched


def _process(rt: Runtime, record: Record) -> Outcome | None:
    page = rt.pages.get(record.id)
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


def _fetch_after_all(rt: Runtime, record: Record) -> None:
    lane = lane_of(record.url)
    if lane == HELD:
        raise Permanent("page_missing", f"{record.url} is not in the page store; ingest the file again")
    rt.lanes.push([replace(record, lane=lane)])


def _hand_over(rt: Runtime, outcome: Outcome) -> None:
    rt.stream.add(outcome)
    rt.lanes.lease([outcome.record.id], RESIDENCE_S)


def _attempt(rt: Runtime, record: Record, work: Callable[[], T]) -> T | None:
    """Do the work, or carry out what its failure means for the record and return None."""
    try:
        return work()
    except SERVICES:
        raise
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
