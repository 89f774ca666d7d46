"""How a ledger record moves: pure functions of old record, event and now. Events that do not fit are refused.

    admitted -> PENDING -> INDEXED | DUPLICATE | REJECTED | FAILED
                  ^  |                     |
         retried, +--+                     +-- relisted, reopened, replayed -> PENDING
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
        lane=_lane(entry, url),
        source_id=source.id,
        entry=replace(entry, page=None),
        admitted_at=now,
        asked_at=now,
        due_at=now,
    )


def relisted(record: Record, entry: Entry, now: datetime) -> Record | None:
    """Return a pending record if the listing says that an ended article has changed since, else None.

    Of an article that was truncated when it was archived any listing may have the rest.
    """
    if not record.pending and record.reason == CUT and not (entry.page and entry.page.truncated):
        return opened(_listed(record, entry), now, "relisted", "it was truncated")
    seen = record.entry.updated_at or record.entry.published_at
    changed = entry.updated_at
    if record.pending or changed is None or (seen is not None and changed <= seen):
        return None
    return opened(_listed(record, entry), now, "relisted", f"changed {changed:%Y-%m-%d %H:%M:%S}")


def reopened(record: Record, now: datetime) -> Record:
    """Reopen an ended record at a person's request: an inline page is processed again, a web page fetched again."""
    if record.pending:
        raise IllegalTransitionError(f"{record.id} is pending already; nothing to retry")
    back = opened(record, now, "reopened")
    return replace(back, asked_at=record.asked_at) if record.lane == INLINE else back


def replayed(record: Record, now: datetime) -> Record:
    """Reopen an ended record for processing only: its stored page is good, and extraction may have improved."""
    if record.pending:
        raise IllegalTransitionError(f"{record.id} is pending already; it need not be replayed")
    return replace(opened(record, now, "replayed"), asked_at=record.asked_at, lane=INLINE)


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


def _listed(record: Record, entry: Entry) -> Record:
    return replace(record, entry=replace(entry, page=None), lane=_lane(entry, record.url))


def _lane(entry: Entry, url: str) -> str:
    return INLINE if entry.page else lane_of(url)


def _later(record: Record, error: WarraqError, now: datetime, pause_s: float) -> Record:
    _must_be_pending(record, "tried again")
    detail = f"{error.reason} {error.detail}, again in {pause_s:.0f} s"
    due_at = now + timedelta(seconds=pause_s)
    return moved(record, now, PUT_OFF, detail, reason=error.reason, detail=error.detail, due_at=due_at)


def opened(record: Record, now: datetime, event: str, detail: str = "") -> Record:
    """Return an ended record to work from its first step, with nothing counted against it."""
    return moved(
        record,
        now,
        event,
        detail,
        state=State.PENDING,
        stage=Stage.FETCH,
        reason="",
        detail="",
        attempts=0,
        starts=0,
        goal="",
        hops=0,
        asked_at=now,
        due_at=now,
        ended_at=None,
        looking=False,
    )


def _must_be_pending(record: Record, event: str) -> None:
    if not record.pending:
        raise IllegalTransitionError(f"{record.id} is {record.state}, it cannot be {event}")
