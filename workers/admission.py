"""Admission: what a source lists enters the ledger, then its lane. The first step of every article."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from ingest import rounds
from ingest.discover import Further, Listing, discover, kind_of, site
from ingest.document import Poll
from ingest.errors import Permanent, Transient, Unavailable, WarraqError
from ingest.model import Entry, Page, Source
from ingest.tally import Tally
from ingest.transitions import admitted, relisted
from ingest.urls import article_id, canonical, lane_of
from workers.runtime import SERVICES, Runtime

log = structlog.get_logger()

FULL: Final = 0.75
"""Share of Redis' memory: a full Redis cannot even be drained, since workers fail to start on it."""
FULL_REASON: Final = "redis_full"
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
    before = rt.sources.poll_of(source_id)
    place = rounds.here(source, before)
    if wait := rt.lanes.visit(lane_of(place.url)):
        return rt.lanes.schedule(source_id, rt.now() + timedelta(seconds=wait))
    result = _poll(rt, source, before, place)
    rt.sources.note(source_id, result)
    return rt.lanes.schedule(source_id, next_poll(source, result, rt.now()))


def next_poll(source: Source, last: Poll, now: datetime) -> datetime | None:
    """Return when a source is next due: linear backoff on failures, never given up; None = only when asked."""
    if last.further:
        return now
    if not source.interval_s:
        return None
    return now + timedelta(seconds=min(source.interval_s * (1 + last.failures), POLL_PAUSE_CAP_S))


def admit(rt: Runtime, source: Source, entries: Iterable[Entry], problems: Iterable[str] = ()) -> Admission:
    """Enter a listing's new and changed articles in the ledger, then in their lanes; store the pages it holds first.

    Raises Transient (`redis_full`) when there is no room for them.
    """
    if (share := rt.lanes.fullness()) >= FULL:
        raise Transient(FULL_REASON, f"Redis uses {share:.0%} of its memory, nothing is admitted from {FULL:.0%} on")
    found, bad, twice = _by_id(entries)
    now = rt.now()
    known = rt.ledger.get_many(list(found))
    fresh = [admitted(source, entry, now) for key, entry in found.items() if key not in known]
    changed = [moved for key, old in known.items() if (moved := relisted(old, found[key], now))]
    for record in [*fresh, *changed]:
        if (page := found[record.id].page) is not None:
            rt.pages.put(record.id, page, record.asked_at)
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


def _poll(rt: Runtime, source: Source, before: Poll, place: Further) -> Poll:
    started = rounds.begun(before, rt.now())
    try:
        page = rt.web.get(place.url)
        if source.kind == "site":
            return search(rt, source, place, page, started)
        return read(rt, source, place, discover(replace(source, kind=place.kind), page), started)
    except SERVICES:
        raise  # no source's fault: the claim on it ends, and it is due again
    except WarraqError as error:
        return _missed(rt, source, place, started, error)
    except Exception as error:  # a bug: this source must say so, and no other suffer
        log.exception("bug", source=source.url)
        return _missed(rt, source, place, started, Transient("bug", repr(error)))


def read(rt: Runtime, source: Source, place: Further, listing: Listing, poll: Poll) -> Poll:
    """Admit what a listing lists, and return the poll with what is still to be read."""
    result = admit(rt, source, listing.entries, listing.problems)
    further, left_off = rounds.onward(source, place, listing, poll, result.admitted)
    return rounds.read(poll, len(result.ids), result.admitted, (*result.problems, *left_off), further)


def search(rt: Runtime, source: Source, place: Further, page: Page, poll: Poll) -> Poll:
    """Look whether a candidate lists a site's news: the first one that does becomes the source."""
    kind = place.kind if place.kind != "site" else kind_of(page) or "site"
    listing = discover(replace(source, kind=kind), page)
    if kind in rounds.SEARCHES:
        further, _ = rounds.onward(source, place, listing, poll, 0)
        return rounds.searched(poll, further)
    if fault := site.fault(listing, rt.now()):
        raise Permanent("unfit", fault)
    chosen = replace(source, url=place.url, kind=kind, home=source.url)
    found = f"{place.url} ({kind}): {place.why or 'it is one itself'}"
    result = read(rt, chosen, replace(place, kind=kind, depth=0), listing, replace(poll, found=found, further=()))
    rt.sources.put(chosen)
    log.info("site_found", source=source.url, found=found)
    return result


def _missed(rt: Runtime, source: Source, place: Further, poll: Poll, error: WarraqError) -> Poll:
    """Return the poll after a failure: of the source itself or of us, or of one listing in its round."""
    if place.depth == 0 or isinstance(error, Unavailable) or error.reason == FULL_REASON:
        return _failed(rt, source, poll, str(error))
    log.warning("listing_missed", source=source.url, listing=place.url, error=str(error))
    passed = rounds.missed(poll, place, str(error))
    if source.kind == "site" and not passed.further:
        return _failed(rt, source, poll, f"nothing_found: {'; '.join(passed.problems)}")
    return passed


def _failed(rt: Runtime, source: Source, poll: Poll, error: str) -> Poll:
    rt.tallies.add(Tally(source.id, f"{rt.now():%Y-%m-%d}", polls=1, failed_polls=1))
    log.warning("poll_failed", source=source.url, error=error)
    return rounds.failed(poll, error)


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
