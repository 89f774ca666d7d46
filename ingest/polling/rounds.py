"""A poll's round: one listing, then those it names, one request at a time, so that no worker waits for a host.

Pure functions of what is known of the poll and what was read. A round is over when its `further` is empty.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ingest.model import Source
from ingest.polling.listing import Further, Listing
from ingest.polling.poll import Poll
from ingest.urls import same_site

MOST: Final = 25
"""Listings in one round: at 5 s between requests two minutes of a host's time; a site's candidates are 20."""
DEPTH: Final = 3
"""Steps from the source to a part of a sitemap: index, index, part. The protocol knows one index."""
DAY: Final = timedelta(days=1)
"""A sitemap's `lastmod` is often no more than a day."""
SEARCHES: Final = frozenset({"site", "robots"})
"""Kinds that name places on any host: a feed at a feed service, a sitemap in a cloud."""
PROBLEMS: Final = 20


def here(source: Source, poll: Poll) -> Further:
    """Return the listing to read now."""
    return poll.further[0] if poll.further else Further(source.url, source.kind)


def begun(poll: Poll, now: datetime) -> Poll:
    """Return the poll as it sets out for a listing: a new round, or the next step of one."""
    if poll.further:
        return replace(poll, further=poll.further[1:], listings=poll.listings + 1)
    return replace(poll, polled_at=now, listed=0, admitted=0, problems=(), listings=1, missed=0)


def read(poll: Poll, listed: int, admitted: int, problems: tuple[str, ...], further: tuple[Further, ...]) -> Poll:
    """Return the poll with a listing read, and over if nothing further is left to read."""
    told = (*poll.problems, *problems)[:PROBLEMS]
    done = replace(poll, listed=poll.listed + listed, admitted=poll.admitted + admitted, problems=told, further=further)
    return done if further else _over(done)


def missed(poll: Poll, place: Further, error: str) -> Poll:
    """Return the poll without a listing that could not be read: it is named, the others go on."""
    skipped = replace(poll, missed=poll.missed + 1)
    return read(skipped, 0, 0, (f"{place.url}: {error}",), poll.further)


def broken_off(poll: Poll) -> Poll:
    """Return a failed poll as over: the source itself could not be read."""
    return replace(poll, polls=poll.polls + 1, further=())


def again(before: Poll, started: Poll) -> Poll:
    """Return the poll whose listing is the last one's twin: over, with what is known of that."""
    return replace(before, polled_at=started.polled_at, polls=before.polls + 1)


def is_parted(poll: Poll) -> bool:
    """Tell whether the last round had several listings: the parts may have changed where the first one has not."""
    return poll.listings > 1 or poll.missed > 0


def onward(
    source: Source, place: Further, listing: Listing, poll: Poll, admitted: int
) -> tuple[tuple[Further, ...], tuple[str, ...]]:
    """Return what is still to be read, after a listing that brought `admitted` new articles; and what was left off."""
    wanted = [one for one in listing.further if _wanted(source, place, one, poll, admitted)]
    ours = [one for one in wanted if place.kind in SEARCHES or same_site(one.url, place.url)]
    told = (f"{len(wanted) - len(ours)} listings on other sites were not read",) if len(ours) < len(wanted) else ()
    known = {(source.url, source.kind), (place.url, place.kind), *((one.url, one.kind) for one in poll.further)}
    named = (replace(one, kind=one.kind or place.kind, depth=place.depth + 1) for one in ours)
    fresh = {key: one for one in named if (key := (one.url, one.kind)) not in known}.values()
    queue = sorted((*fresh, *poll.further), key=lambda one: one.rank)
    room = max(0, MOST - poll.listings)
    if len(queue) > room:
        told = (*told, f"{len(queue)} further listings: only the first {room} are read")
    return tuple(queue[:room]), told


def _wanted(source: Source, place: Further, one: Further, poll: Poll, admitted: int) -> bool:
    """Tell whether a listing is worth a request: older pages as far as the source wants, parts that have changed."""
    depth = place.depth + 1
    if one.older:
        return depth < source.pages and admitted > 0
    return depth < DEPTH and not _unchanged(one, poll.read_at)


def _unchanged(one: Further, since: datetime | None) -> bool:
    return one.changed_at is not None and since is not None and one.changed_at < since - DAY


def _over(poll: Poll) -> Poll:
    whole = poll.polled_at if not poll.missed else poll.read_at
    return replace(poll, polls=poll.polls + 1, failures=0, error="", read_at=whole)
