"""How a ledger record moves: pure functions of old record, event and now. Events that do not fit are refused.

    admitted -> PENDING -> INDEXED | DUPLICATE | REJECTED | FAILED
                  ^  |                     |
         retried, +--+                     +-- relisted, reopened, replayed -> PENDING (reopening.py)
         put off,
         abandoned

Each transition adds one to `version`, which Elasticsearch compares: a writer with an old record loses.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ingest.errors import WarraqError
from ingest.ledger.history import moved
from ingest.ledger.record import Record, Stage, State
from ingest.ledger.revisit import after
from ingest.model import Entry, Source
from ingest.urls import INLINE, article_id, canonical, lane_of

ATTEMPTS: Final = 5
"""Transient failures until `failed`."""
STARTS: Final = 3
"""Starts without an end that are tolerated; one more is `failed: poison`."""
BACKOFF_S: Final = 30.0
BACKOFF_CAP_S: Final = 3600.0
PAUSE_S: Final = 10.0
"""Seconds until an article is retried that waits for a part of our own."""
HOPS: Final = 5
"""Redirects to other hosts, as many as a fetch follows within one."""
CUT: Final = "truncated"
"""Reason of an indexed article that may lack its end."""
PUT_OFF: Final = "put off"
"""What a transition is called that says itself when its article is tried again."""


class IllegalTransitionError(Exception):
    """The event does not fit the record's state; the record stays as it is."""


def admitted(source: Source, entry: Entry, now: datetime) -> Record:
    """Return the first record of a URL."""
    url = canonical(entry.url)
    return Record(
        id=article_id(url),
        url=url,
        lane=lane_for(entry, url),
        source_id=source.id,
        entry=replace(entry, page=None),
        admitted_at=now,
        asked_at=now,
        due_at=now,
    )


def lane_for(entry: Entry, url: str) -> str:
    """Return the lane of a URL that is listed so: a page that came with its entry has no host to wait for."""
    return INLINE if entry.page else lane_of(url)


def retried(record: Record, error: WarraqError, now: datetime, jitter: float) -> Record:
    """Return the record after a transient failure: due later, or failed when the attempts are used up.

    `jitter` in [0, 1) is the draw for full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter").
    """
    attempts = record.attempts + 1
    if attempts >= ATTEMPTS:
        return ended(replace(record, attempts=attempts), State.FAILED, now, error.reason, error.detail)
    pause = max(
        jitter * min(BACKOFF_CAP_S, BACKOFF_S * 2**attempts),
        getattr(error, "retry_after_s", 0.0),
    )
    return replace(_later(record, error, now, pause), attempts=attempts)


def put_off(record: Record, error: WarraqError, now: datetime, jitter: float) -> Record:
    """Return the record after a part of our own was unavailable: due again soon, without counting an attempt."""
    return _later(record, error, now, PAUSE_S * (0.5 + jitter))


def page_missing(record: Record, now: datetime) -> Record:
    """Return the record of an article whose stored page is missing: it waits in its host's lane to be fetched again.

    Counted: a page store that never gives back what it took must not have a site asked for ever.
    """
    _must_be_pending(record, "fetched again")
    attempts, lane = record.attempts + 1, lane_of(record.url)
    if attempts >= ATTEMPTS:
        detail = f"{ATTEMPTS} times its page was stored, and was not there to be processed"
        return ended(record, State.FAILED, now, "page_missing", detail)
    back = replace(record, attempts=attempts, lane=lane, goal="", hops=0, stage=Stage.FETCH, due_at=now)
    return moved(back, now, "page missing", "")


def redirected(record: Record, url: str, now: datetime) -> Record:
    """Return the record of an article that has moved to another host: it waits in that lane, or failed after HOPS."""
    _must_be_pending(record, "redirected")
    if record.hops >= HOPS:
        return ended(record, State.FAILED, now, "redirect_limit", f"more than {HOPS} redirects, the last to {url}")
    return moved(record, now, "redirected", url, goal=url, hops=record.hops + 1, lane=lane_of(url), due_at=now)


def abandoned(record: Record, now: datetime) -> Record:
    """Return the record after a start without an end (its worker died): due at once, or failed as poison."""
    if record.starts >= STARTS:
        return ended(record, State.FAILED, now, "poison", f"{STARTS + 1} starts without an end")
    _must_be_pending(record, "abandoned")
    starts = record.starts + 1
    return moved(record, now, "abandoned", f"start {starts} without an end", starts=starts, due_at=now)


def ended(record: Record, state: State, now: datetime, reason: str = "", detail: str = "") -> Record:
    """Return the record in a terminal state.

    A refresh that fails does not take away the article that is in the index: the record stays `indexed`
    and its reason says what happened.
    """
    _must_be_pending(record, f"ended as {state}")
    if record.indexed_at and state is not State.INDEXED:
        state, reason = State.INDEXED, f"refresh_{reason or state}"
    return moved(
        record,
        now,
        str(state),
        f"{reason} {detail}",
        state=state,
        reason=reason,
        detail=detail,
        ended_at=now,
        # the next look is its own host's, wherever this fetch or replay has led
        lane=lane_of(record.url) if record.revisit else record.lane,
        indexed_at=record.indexed_at or (now if state is State.INDEXED else None),
        revisit=record.revisit and after(record.revisit, record.indexed_at or now, now, looked=record.looking),
    )


def _later(record: Record, error: WarraqError, now: datetime, pause_s: float) -> Record:
    _must_be_pending(record, "tried again")
    detail = f"{error.reason} {error.detail}, again in {pause_s:.0f} s"
    due_at = now + timedelta(seconds=pause_s)
    return moved(record, now, PUT_OFF, detail, reason=error.reason, detail=error.detail, due_at=due_at)


def _must_be_pending(record: Record, event: str) -> None:
    if not record.pending:
        raise IllegalTransitionError(f"{record.id} is {record.state}, it cannot be {event}")
