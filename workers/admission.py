"""Admission: what a source lists enters the ledger, then its lane. The first step of every article."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from ingest.discover import discover
from ingest.document import Poll
from ingest.errors import Permanent, Transient, WarraqError
from ingest.model import Entry, Source
from ingest.tally import Tally
from ingest.transitions import admitted, relisted
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
    """New or changed ones."""
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
    found, bad, twice = _by_id(entries)
    now = rt.now()
    known = rt.ledger.get_many(list(found))
    fresh = [admitted(source, entry, now) for key, entry in found.items() if key not in known]
    changed = [moved for key, old in known.items() if (moved := relisted(old, found[key], now))]
    for record in [*fresh, *changed]:
        if (page := found[record.id].page) is not None:
            rt.pages.put(record.id, replace(page, fetched_at=now), record.asked_at)
    created, saved = rt.ledger.create(fresh), rt.ledger.save(changed)
    rt.lanes.push([*created, *saved])
    dropped = Counter(error.reason for error in bad) + Counter({"listed_twice": twice})
    rt.tallies.add(
        Tally(
            source_id=source.id,
            day=f"{now:%Y-%m-%d}",
            polls=1,
            listed=len(found) + len(bad) + twice,
            known=len(found) - len(created) - len(saved),
            admitted=len(created),
            changed=len(saved),
            drops=dict(dropped),
        )
    )
    return Admission(tuple(found), len(created) + len(saved), (*problems, *map(str, bad)))


def _poll(rt: Runtime, source: Source) -> Poll:
    before = rt.sources.poll_of(source.id)
    started = replace(before, polled_at=rt.now(), polls=before.polls + 1)
    try:
        listing = discover(source, rt.web.get(source.url))
        result = admit(rt, source, listing.entries, listing.problems)
    except SERVICES:
        raise  # no source's fault: the claim on it ends, and it is due again
    except WarraqError as error:
        return _failed(rt, source, started, str(error))
    except Exception as error:  # a bug: this source must say so, and no other suffer
        log.exception("bug", source=source.url)
        return _failed(rt, source, started, f"bug: {error!r}")
    return listed(started, result)


def listed(poll: Poll, result: Admission) -> Poll:
    """Return what a poll found."""
    problems = result.problems[:MOST_PROBLEMS]
    return replace(poll, listed=len(result.ids), admitted=result.admitted, problems=problems, failures=0, error="")


def _failed(rt: Runtime, source: Source, poll: Poll, error: str) -> Poll:
    rt.tallies.add(Tally(source.id, f"{rt.now():%Y-%m-%d}", polls=1, failed_polls=1))
    log.warning("poll_failed", source=source.url, error=error)
    return replace(poll, listed=0, admitted=0, problems=(), failures=poll.failures + 1, error=error)


def _by_id(entries: Iterable[Entry]) -> tuple[dict[str, Entry], list[Permanent], int]:
    """Return the entries by their articles' ids, why others have none, and how many came more than once."""
    found: dict[str, Entry] = {}
    bad: list[Permanent] = []
    twice = 0
    for entry in entries:
        try:
            key = article_id(canonical(entry.url))
        except Permanent as error:
            bad.append(error)
            continue
        twice += key in found
        found.setdefault(key, entry)
    return found, bad, twice
