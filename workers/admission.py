"""Admission: what a source lists enters the ledger, then its lane. The first step of every article."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from ingest.discover import discover
from ingest.document import Poll
from ingest.errors import Permanent, Transient, WarraqError
from ingest.model import Entry, Source
from ingest.record import admitted, relisted
from ingest.urls import article_id, canonical, lane_of
from workers.runtime import SERVICES, Runtime

log = structlog.get_logger()

MOST_PROBLEMS: Final = 20
FULL: Final = 0.75
"""Share of Redis' memory: a full Redis cannot even be drained, since workers fail to start on it."""
POLL_PAUSE_CAP_S: Final = 86_400


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
    """Enter a listing's new and changed articles in the ledger, then in their lanes; store the pages it holds first.

    Raises Transient (`redis_full`) when there is no room for them.
    """
    if (share := rt.lanes.fullness()) >= FULL:
        raise Transient("redis_full", f"Redis uses {share:.0%} of its memory, nothing is admitted from {FULL:.0%} on")
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


def _poll(rt: Runtime, source: Source) -> Poll:
    before = rt.sources.poll_of(source.id)
    started = replace(before, polled_at=rt.now(), polls=before.polls + 1)
    try:
        listing = discover(source, rt.web.get(source.url))
        result = admit(rt, source, listing.entries, listing.problems)
    except SERVICES:
        raise  # no source's fault: the claim on it ends, and it is due again
    except WarraqError as error:
        return _failed(source, started, str(error))
    except Exception as error:  # a bug, or a full disk: this source must say so, and no other suffer
        log.exception("bug", source=source.url)
        return _failed(source, started, f"bug: {error!r}")
    return listed(started, result)


def listed(poll: Poll, result: Admission) -> Poll:
    """Return what a poll found."""
    problems = result.problems[:MOST_PROBLEMS]
    return replace(poll, listed=len(result.ids), admitted=result.admitted, problems=problems, failures=0, error="")


def _failed(source: Source, poll: Poll, error: str) -> Poll:
    log.warning("poll_failed", source=source.url, error=error)
    return replace(poll, listed=0, admitted=0, problems=(), failures=poll.failures + 1, error=error)


def _by_id(entries: Iterable[Entry]) -> tuple[dict[str, Entry], list[str]]:
    found: dict[str, Entry] = {}
    problems: list[str] = []
    for entry in entries:
        try:
            found.setdefault(article_id(canonical(entry.url)), entry)
        except Permanent as error:
            problems.append(str(error))
    return found, problems
