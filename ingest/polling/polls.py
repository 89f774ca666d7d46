"""What a poll means for its source: when it is due again, what to ask for, and whether it moved or is gone.

Pure functions of old Poll, answer and now, as `record` is for articles. A source is never silently dropped: what
fails is asked less and less, at least once a day, and only a 410 said twice, a day apart, ends the polling; the list of
sources says so.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from ingest.errors import WarraqError
from ingest.model import Page, Source
from ingest.polling.listing import Listing
from ingest.polling.poll import Poll
from ingest.polling.rhythm import DAY_S, JITTER, ZONES, Rhythm, believed, next_at, watched
from ingest.urls import same_site

FULL_EVERY: Final = timedelta(days=1)
"""Some feeds answer 304 although they have changed (Media Cloud disabled conditional requests for that reason)."""
MOVED_TIMES: Final = 3
MOVED_FOR: Final = timedelta(hours=48)
GONE_FOR: Final = timedelta(hours=24)
LONGEST_VALIDATOR: Final = 1000
ANY: Final = "*"
"""As an ETag it is none; sent back it would ask for whatever is not there (RFC 9110, 13.1.2)."""
NOT_MODIFIED: Final = 304
MAX_AGE: Final = re.compile(r"(?<![\w-])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def next_poll(source: Source, poll: Poll, now: datetime, jitter: float) -> datetime | None:
    """Return when a source is next due: at once in the middle of a round, otherwise by its rhythm, with linear backoff.

    None = only when asked, or paused.
    """
    if source.paused:
        return None
    if poll.further:
        return now
    if not source.interval_s or poll.gone:
        return None
    if not poll.failures:
        return next_at(poll.rhythm, source.interval_s, now, jitter)
    pause = min(source.interval_s * (1 + poll.failures), DAY_S) if poll.gone_since is None else DAY_S
    return now + timedelta(seconds=pause * (1 + JITTER * jitter))


def is_full(source: Source, poll: Poll, now: datetime) -> bool:
    """Return whether to poll without conditions and read the answer even if it equals the last one.

    Once a day, after a failure, and whenever a person asks (a source without an interval). A last time that is still
    to come is none: the clock was set back.
    """
    if not source.interval_s or poll.failures > 0 or poll.full_at is None:
        return True
    return not timedelta(0) <= now - poll.full_at < FULL_EVERY


def conditions(poll: Poll) -> Mapping[str, str]:
    """Return the conditional headers (RFC 9110, 13.1), the validators as they came.

    One that cannot be sent unchanged (an ETag may have any byte) is left out: then the body's hash decides.
    """
    named = {"If-None-Match": poll.etag, "If-Modified-Since": poll.last_modified}
    return {name: validator for name, validator in named.items() if validator and _is_sendable(validator)}


def _is_sendable(validator: str) -> bool:
    return validator.isascii() and validator.isprintable() and len(validator) <= LONGEST_VALIDATOR and validator != ANY


def is_same(poll: Poll, page: Page) -> bool:
    """Return whether an answer is the same listing as the last one."""
    return page.status == NOT_MODIFIED or sha256(page.body).hexdigest() == poll.body_hash


def unchanged(poll: Poll, page: Page, now: datetime) -> Poll:
    """Return the poll after an answer that brought nothing new."""
    answered = replace(_answered(poll, page, now), admitted=0, failures=0, error="")
    return _with(answered, watched(poll.rhythm, (), now))


def listing_read(poll: Poll, page: Page, listing: Listing, now: datetime, *, full: bool) -> Poll:
    """Return the poll, which already has its counts, after the source's own listing was read and admitted."""
    rhythm = replace(
        _rhythm(poll, listing, now),
        hint_s=max(listing.ttl_s or 0, _max_age_s(page)),
        skip_hours=listing.skip_hours,
        skip_days=listing.skip_days,
        window=len(listing.entries),
    )
    return _with(replace(_answered(poll, page, now), full_at=now if full else poll.full_at), rhythm)


def part_read(poll: Poll, listing: Listing, now: datetime) -> Poll:
    """Return the poll after another listing of the source, which its own one names, was read and admitted."""
    rhythm = _rhythm(poll, listing, now)
    return _with(poll, replace(rhythm, window=poll.rhythm.window + len(listing.entries)))


def failed(poll: Poll, error: WarraqError, now: datetime) -> Poll:
    """Return the poll after a failure. A 410 counts once it is repeated a day after the first."""
    failure = replace(poll, listed=0, admitted=0, problems=(), failures=poll.failures + 1, error=str(error))
    if error.reason != "http_410":
        return failure
    since = poll.gone_since or now
    return replace(failure, gone_since=since, gone=now - since >= GONE_FOR)


def rewritten(source: Source, poll: Poll, now: datetime) -> Source | None:
    """Return the source at its new URL if it has moved for good within its site; its id, its history, stays."""
    moved = poll.moved_since and now - poll.moved_since >= MOVED_FOR and poll.moved_times >= MOVED_TIMES
    return replace(source, url=poll.moved_to) if moved and same_site(source.url, poll.moved_to) else None


def _answered(poll: Poll, page: Page, now: datetime) -> Poll:
    """Return the poll with the validators of an answer; a 304 need not repeat them."""
    old = poll if page.status == NOT_MODIFIED else Poll()
    again = bool(page.moved_to) and page.moved_to == poll.moved_to
    return replace(
        poll,
        etag=page.header("ETag") or old.etag,
        last_modified=page.header("Last-Modified") or old.last_modified,
        body_hash=old.body_hash or sha256(page.body).hexdigest(),
        moved_to=page.moved_to,
        moved_since=poll.moved_since if again else now if page.moved_to else None,
        moved_times=poll.moved_times + 1 if again else int(bool(page.moved_to)),
        gone_since=None,
        gone=False,
    )


def _with(poll: Poll, rhythm: Rhythm) -> Poll:
    return replace(poll, rhythm=rhythm, quiet_since=rhythm.newest_at if rhythm.quiet else None)


def _rhythm(poll: Poll, listing: Listing, now: datetime) -> Rhythm:
    """Return the rhythm with what is new in a listing; of undated entries, as many as were admitted are from now.

    Undated are those too that are dated further ahead than any zone is: a match next week, a notice that stays on top.
    """
    old = believed(poll.rhythm, now)
    said = [entry.published_at or entry.updated_at for entry in listing.entries]
    dates = [at if at and at <= now + ZONES else None for at in said]
    dated = [at for at in dates if at and (old.newest_at is None or at > old.newest_at)]
    undated = min(dates.count(None), max(poll.admitted - len(dated), 0)) if old.until else 0
    return watched(old, dated + [now] * undated, now)


def _max_age_s(page: Page) -> int:
    found = MAX_AGE.search(page.header("Cache-Control"))
    return int(found[1]) if found else 0
