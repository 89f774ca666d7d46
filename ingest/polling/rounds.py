"""A round of polls: a listing, then those it names, one request at a time, so that no worker waits for a host.

Pure functions of what is known of the poll and what was read. A round is over when its `further` is empty.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ingest.errors import Permanent
from ingest.model import Source
from ingest.polling.listing import Further, Listing
from ingest.polling.poll import Poll
from ingest.urls import same_site

MOST: Final = 25
"""Listings in one round: at 5 s between requests two minutes of a host's time; a site's candidates are 20."""
DEPTH: Final = 3
"""Levels from the source to a part of a sitemap: index, index, part. The protocol allows one index only."""
DAY: Final = timedelta(days=1)
"""A sitemap's `lastmod` is often only a date."""
SEARCHES: Final = frozenset({"site", "robots"})
"""Kinds whose listings may be on another host: a feed at a feed service, a sitemap in a cloud."""
PROBLEMS: Final = 20
HOPS: Final = 5
FERTILE: Final = 10
"""Parts that are remembered for having brought news."""
SERIES: Final = 5
"""Series of numbered parts of which the highest is looked at."""
YEARS: Final = (1990, 2100)
NUMBER: Final = re.compile(r"[0-9]{1,18}")


def here(source: Source, poll: Poll) -> Further:
    """Return the listing to read now."""
    return poll.further[0] if poll.further else Further(source.url, source.kind)


def begun(poll: Poll, now: datetime) -> Poll:
    """Return the poll at the start of a request: a new round, or the next step of one."""
    if poll.further:
        return replace(poll, further=poll.further[1:], listings=poll.listings + 1)
    return replace(poll, polled_at=now, listed=0, admitted=0, problems=(), listings=1, missed=0)


def read(poll: Poll, listed: int, admitted: int, problems: tuple[str, ...], further: tuple[Further, ...]) -> Poll:
    """Return the poll after a listing was read; the round ends if nothing is left to read."""
    reported = (*poll.problems, *problems)[:PROBLEMS]
    done = replace(
        poll, listed=poll.listed + listed, admitted=poll.admitted + admitted, problems=reported, further=further
    )
    return done if further else _over(done)


def missed(poll: Poll, place: Further, error: str) -> Poll:
    """Return the poll without a listing that could not be read, which is reported; the others go on."""
    skipped = replace(poll, missed=poll.missed + 1)
    return read(skipped, 0, 0, (f"{place.url}: {error}",), poll.further)


def broken_off(poll: Poll) -> Poll:
    """Return the poll with its round ended, because the source itself could not be read."""
    return replace(poll, polls=poll.polls + 1, further=())


def again(before: Poll, started: Poll) -> Poll:
    """Return the poll after an unchanged listing: the round ends with what is known from the last one."""
    return replace(before, polled_at=started.polled_at, polls=before.polls + 1, further=started.further)


def redirected(poll: Poll, place: Further, url: str, *, for_good: bool) -> Poll:
    """Return the poll with a redirect's goal as its next step, in its own host's turn. Raises Permanent after HOPS."""
    if place.hops >= HOPS:
        raise Permanent("redirect_limit", f"more than {HOPS} redirects, the last to {url[:200]}")
    goal = replace(place, url=url, hops=place.hops + 1, moved=for_good and (place.moved or not place.hops))
    return replace(poll, further=(goal, *poll.further), listings=poll.listings - 1)


def is_parted(poll: Poll) -> bool:
    """Return whether the last round had several listings: parts may have changed although the first has not."""
    return poll.listings > 1 or poll.missed > 0


def onward(
    source: Source, place: Further, listing: Listing, poll: Poll, admitted: int
) -> tuple[tuple[Further, ...], tuple[str, ...]]:
    """Return what is still to be read, after a listing that brought `admitted` new articles; and what was left off."""
    parts = listing.further if place.kind in SEARCHES else _in_order(listing.further, poll)
    likely = _likely(listing.further, poll)
    wanted = [one for one in parts if _wanted(source, place, one, poll, admitted, likely=one.url in likely)]
    ours = [one for one in wanted if place.kind in SEARCHES or same_site(one.url, place.url)]
    left_out = (f"{len(wanted) - len(ours)} listings on other sites were not read",) if len(ours) < len(wanted) else ()
    known = {(source.url, source.kind), (place.url, place.kind), *((one.url, one.kind) for one in poll.further)}
    named = (replace(one, kind=one.kind or place.kind, depth=place.depth + 1) for one in ours)
    fresh = {key: one for one in named if (key := (one.url, one.kind)) not in known}.values()
    queue = sorted((*fresh, *poll.further), key=lambda one: one.rank)
    room = max(0, MOST - poll.listings)
    if len(queue) > room:
        left_out = (*left_out, f"{len(queue)} further listings: only the first {room} are read")
    return tuple(queue[:room]), left_out


def noted(poll: Poll, place: Further, listing: Listing, admitted: int) -> Poll:
    """Return the poll with what a listing has shown: whether it brings news, whether all likely parts are looked at."""
    if place.depth and admitted:
        return replace(poll, fertile=tuple(dict.fromkeys((place.url, *poll.fertile)))[:FERTILE])
    if not place.depth and listing.further and _looks_anyway(poll):
        return replace(poll, parts_at=poll.polled_at)
    return poll


def _looks_anyway(poll: Poll) -> bool:
    """Return whether the likely parts are read whatever their dates say: once a day, all through that round."""
    at, now = poll.parts_at, poll.polled_at
    return at is None or now is None or at == now or now - at >= DAY


def _in_order(parts: Sequence[Further], poll: Poll) -> list[Further]:
    """Return what a listing names, undated parts last: from both ends, since nobody says where new ones are added."""
    bare = [one for one in parts if _is_bare(one)]
    ends = [one for pair in zip(reversed(bare), bare, strict=True) for one in pair]
    likely = _likely(parts, poll)
    dated = (one for one in parts if not _is_bare(one))
    return list(dict.fromkeys((*dated, *(one for one in ends if one.url in likely), *ends)))


def _likely(parts: Sequence[Further], poll: Poll) -> frozenset[str]:
    """Return the parts that may hold the news: that brought some before, the first, the last, the highest numbers.

    There is one of those for each series, as `posts-1`, `posts-2` beside `pages-1`.
    """
    series: dict[str, Further] = {}
    for one in parts:
        if (name := NUMBER.sub("", one.url)) != one.url:
            series[name] = max(series.get(name, one), one, key=_numbers)
    highest = sorted(series.values(), key=_numbers, reverse=True)[:SERIES]
    ends = (*parts[:1], *[one for one in parts if _is_bare(one)][-1:])
    return frozenset(one.url for one in (*highest, *ends, *(one for one in parts if one.url in poll.fertile)))


def _is_bare(one: Further) -> bool:
    return one.changed_at is None and not one.older and not one.rank


def _numbers(one: Further) -> tuple[int, ...]:
    """Return the numbers of an address, the greatest unit first: some write the day before the year."""
    numbers = tuple(int(digits) for digits in NUMBER.findall(one.url))
    return numbers[::-1] if numbers and YEARS[0] <= numbers[-1] <= YEARS[1] else numbers


def _wanted(source: Source, place: Further, one: Further, poll: Poll, admitted: int, *, likely: bool) -> bool:
    """Return whether a listing is worth a request: older pages as far as the source wants, parts that have changed.

    Of parts without a date the likely ones always, the others once a day; once a day the likely ones of all.
    """
    depth = place.depth + 1
    if one.older:
        return depth < source.pages and admitted > 0
    return depth < DEPTH and (
        (one.changed_at is None and (likely or place.kind in SEARCHES))
        or (_looks_anyway(poll) and (likely or one.changed_at is None))
        or _changed(one, poll.read_at)
    )


def _changed(one: Further, since: datetime | None) -> bool:
    return one.changed_at is not None and (since is None or one.changed_at >= since - DAY)


def _over(poll: Poll) -> Poll:
    whole = poll.polled_at if not poll.missed else poll.read_at
    return replace(poll, polls=poll.polls + 1, failures=0, error="", read_at=whole)
