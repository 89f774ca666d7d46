"""Poll: a source is asked for what it lists, and the result is recorded. Before: `tick.py`. After: `admit.py`."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from redis.exceptions import RedisError

from ingest.discover import discover, kind_of, site
from ingest.errors import Permanent, Transient, Unavailable, WarraqError
from ingest.ledger.admission import staleness
from ingest.ledger.tally import Tally
from ingest.model import Page, Source
from ingest.polling import polls, rounds
from ingest.polling.listing import Further, Listing
from ingest.polling.poll import Poll
from ingest.polling.upshots import not_yet, polled
from ingest.upshot import NOTHING, Upshot
from ingest.urls import article_id, canonical, lane_of
from workers.runtime import SERVICES, Runtime
from workers.steps.admit import FULL_REASON, admit
from workers.steps.ask import NotYet, Redirected, ask
from workers.store.sources import next_poll
from workers.web.http import NO_HEADERS

log = structlog.get_logger()

STARTS: Final = 2
"""Polls without an end that are tolerated: their worker died, or was stopped."""
STORE_S: Final = 30.0
"""For the pages that come with a listing. A poll's task has 110 s for everything, and nobody can stop its thread."""
LONG: Final = timedelta(seconds=30)
"""From here a wait for a host is worth a word; politeness takes seconds."""
SEARCH_AGAIN: Final = 10
"""Failures in a row (hours at least) after which a site is searched again for its listing."""


def poll(rt: Runtime, source_id: str) -> Upshot:
    """Read a source's listing, admit what is new and record how it went; do nothing if the source is not due."""
    if not (starts := rt.schedule.begin(source_id)):
        return NOTHING
    try:
        due, upshot = _next(rt, source_id, starts)
    except SERVICES:
        with suppress(RedisError):
            rt.schedule.interrupt(source_id, rt.now())
        raise
    rt.schedule.end(source_id, due)
    return upshot


def _next(rt: Runtime, source_id: str, starts: int) -> tuple[datetime | None, Upshot]:
    """Poll a source and record how it went; return when it is due again (None = never), and how it went in words."""
    found = rt.sources.polled(source_id)
    if found is None:
        return None, NOTHING
    source, before = found
    try:
        result = _poll(rt, source, before) if starts <= STARTS else _poisoned(rt, source, before)
    except NotYet as yet:
        return _put_off(rt, source, before, yet), not_yet(source, yet.wait)
    due = next_poll(source, result, rt.now())
    known = rt.sources.note(source_id, replace(result, due_at=due, put_off=""))
    return due if known else None, polled(source, result)


def _put_off(rt: Runtime, source: Source, before: Poll, yet: NotYet) -> datetime | None:
    """Return when a source's host may be asked; a long wait is noted, for those who wait for it."""
    due = rt.now() + yet.wait
    why = "" if yet.wait < LONG else yet.why
    if not why and not before.put_off:
        return due
    return due if rt.sources.note(source.id, replace(before, due_at=due, put_off=why)) else None


def _poisoned(rt: Runtime, source: Source, before: Poll) -> Poll:
    """Give up, until the source is next due, a poll that has repeatedly killed its worker."""
    error = Permanent("poison", f"{STARTS} polls that came to no end")
    return _failed(rt, source, rounds.begun(before, rt.now()), error)


def _poll(rt: Runtime, source: Source, before: Poll) -> Poll:
    place, started = rounds.here(source, before), rounds.begun(before, rt.now())
    try:
        return _moved(rt, source, _read(rt, source, place, before, started))
    except (NotYet, *SERVICES):
        raise  # no source's fault: the claim on it ends, and it is due again
    except Redirected as hop:
        return _redirected(rt, source, place, started, hop)
    except WarraqError as error:
        return _missed(rt, source, place, started, error)
    except Exception as error:  # a bug: this source must report it, and no other may suffer
        log.exception("bug", source=source.url)
        return _missed(rt, source, place, started, Transient("bug", repr(error)))


def _redirected(rt: Runtime, source: Source, place: Further, poll: Poll, hop: Redirected) -> Poll:
    """Go on where a listing redirects to, at once, but as politely as everywhere."""
    try:
        return rounds.redirected(poll, place, hop.url, for_good=hop.for_good)
    except Permanent as error:
        return _missed(rt, source, place, poll, error)


def _read(rt: Runtime, source: Source, place: Further, before: Poll, started: Poll) -> Poll:
    """Return the poll after its request: an unchanged listing, admitted entries, or a site's candidates."""
    whole = place.depth > 0 or source.kind == "site" or rounds.is_parted(before)
    full = whole or polls.is_full(source, before, rt.now())
    headers = NO_HEADERS if full else polls.conditions(before)
    page = ask(rt, place.url, lane_of(place.url), f"poll:{source.id}", headers)
    if place.moved and not page.moved_to:
        page = replace(page, moved_to=place.url)
    if not full and polls.is_same(before, page):
        rt.tallies.add(Tally(source.id, f"{rt.now():%Y-%m-%d}", polls=1))
        return polls.unchanged(rounds.again(before, started), page, rt.now())
    if source.kind == "site":
        return _search(rt, source, place, page, started)
    return _listing_read(
        rt, source, place, page, _discover(rt, replace(source, kind=place.kind), page), started, full=full
    )


def _discover(rt: Runtime, source: Source, page: Page) -> Listing:
    """Read a listing in a process with limited memory and time."""
    return rt.sandbox.call(discover, source, page)


def _listing_read(  # noqa: PLR0917  # what was asked, where, and what came
    rt: Runtime, source: Source, place: Further, page: Page, listing: Listing, poll: Poll, *, full: bool
) -> Poll:
    """Admit what a listing lists, and return the poll with what is still to be read."""
    result = admit(rt, source, listing.entries, listing.problems, STORE_S)
    further, left_off = rounds.onward(source, place, listing, poll, result.admitted)
    seen = rounds.noted(poll, place, listing, result.admitted)
    stale = staleness(source, listing.entries, rt.now()) if place.depth == 0 else ()
    done = rounds.read(seen, len(result.ids), result.admitted, (*result.problems, *stale, *left_off), further)
    if place.depth == 0:
        return polls.listing_read(done, page, listing, rt.now(), full=full)
    alone = polls.part_read(replace(done, admitted=result.admitted), listing, rt.now())
    return replace(alone, admitted=done.admitted)


def _search(rt: Runtime, source: Source, place: Further, page: Page, poll: Poll) -> Poll:
    """Check whether a candidate lists the site's news: the first one that does becomes the source."""
    kind = place.kind if place.kind != "site" else rt.sandbox.call(kind_of, page) or "site"
    listing = _discover(rt, replace(source, kind=kind), page)
    if kind in rounds.SEARCHES:
        further, _ = rounds.onward(source, place, listing, poll, 0)
        return replace(poll, further=further)
    if fault := site.fault(listing, rt.now()):
        raise Permanent("unfit", fault)
    chosen = replace(source, url=place.url, kind=kind, home=source.url)
    found = replace(poll, found=f"{place.url} ({kind}): {place.why or 'it is one itself'}", further=())
    result = _listing_read(rt, chosen, replace(place, kind=kind, depth=0), page, listing, found, full=True)
    rt.sources.locate(chosen)
    log.info("site_found", source=source.url, found=result.found)
    return result


def _missed(rt: Runtime, source: Source, place: Further, poll: Poll, error: WarraqError) -> Poll:
    """Return the poll after a failure of the source, of our own services, or of one listing of the round."""
    if place.depth == 0 or isinstance(error, Unavailable) or error.reason == FULL_REASON:
        return _failed(rt, source, poll, error)
    log.warning("listing_missed", source=source.url, listing=place.url, error=str(error))
    passed = rounds.missed(poll, place, str(error))
    if source.kind == "site" and not passed.further:
        return _failed(rt, source, poll, Permanent("nothing_found", "; ".join(passed.problems)))
    return passed


def _moved(rt: Runtime, source: Source, poll: Poll) -> Poll:
    """Follow a permanent redirect of a source, unless its target is a source already."""
    moved = polls.rewritten(source, poll, rt.now())
    if moved is None:
        return poll
    if rt.sources.get(article_id(canonical(moved.url))):
        return replace(poll, problems=(*poll.problems, f"moved to {moved.url}, which is a source of its own"))
    rt.sources.locate(moved)
    log.info("source_moved", source=source.url, to=moved.url)
    return replace(poll, moved_to="", moved_since=None, moved_times=0)


def _failed(rt: Runtime, source: Source, poll: Poll, error: WarraqError) -> Poll:
    rt.tallies.add(Tally(source.id, f"{rt.now():%Y-%m-%d}", polls=1, failed_polls=1))
    log.warning("poll_failed", source=source.url, error=str(error))
    failed = rounds.broken_off(polls.failed(poll, error, rt.now()))
    if isinstance(error, Unavailable) or error.reason == FULL_REASON:  # no fault of the source's
        return replace(failed, failures=poll.failures)
    if not source.home or source.kind == "site" or not (failed.gone or failed.failures % SEARCH_AGAIN == 0):
        return failed
    rt.sources.locate(replace(source, kind="site", url=source.home))
    log.info("site_searched_again", source=source.url, site=source.home)
    return replace(failed, gone=False, gone_since=None)
