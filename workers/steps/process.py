"""Process: Page -> Article -> index stream. Before: `fetch.py`. After: `index.py`.

Only the worker that processes loads this module, and with it the extraction: 8 MB that the others do without.
"""

import time
from dataclasses import replace
from typing import Final

from celery.exceptions import SoftTimeLimitExceeded

from ingest.errors import Missing, Permanent
from ingest.extract.repeated import line_hashes
from ingest.ledger.history import last_moved
from ingest.ledger.looks import planned, went_home
from ingest.ledger.record import Record, Stage, State
from ingest.ledger.transitions import CUT, ended, page_missing
from ingest.ledger.upshots import indexed, moved_on
from ingest.model import Article, Page, Source
from ingest.pipeline import process
from ingest.policy.rights import may_keep
from ingest.upshot import NOTHING, Upshot
from ingest.urls import INLINE, article_id, canonical, host_of, lane_of
from workers.runtime import Runtime
from workers.site_rules import site_rules
from workers.steps.ask import NotYet
from workers.steps.attempt import (
    attempt,
    begin,
    enqueue_outcome,
    is_look,
    move_on,
    source_of,
    stored,
    uncount_on_outage,
)
from workers.steps.forgotten import bury, take_back
from workers.steps.revise import keep_versions, revised
from workers.store.outcomes import Outcome

TWIN_S: Final = 30.0
"""Seconds until a page is looked at again whose own address is at work: at least, and longer each time."""
SHARE: Final = 10
"""A page is too slow that has had this part of the limit, as CPU time, for its own work: 3 s, where most take 0.01."""
TWIN_MOST_S: Final = 86_400.0
"""Seconds after which it no longer waits for that."""


def process_page(rt: Runtime, article_id: str) -> Upshot:
    """Turn an article's stored page into an outcome in the index stream."""
    with uncount_on_outage(rt, article_id):
        record = begin(rt, article_id, Stage.PROCESS)
        done = attempt(rt, record, lambda: _process(rt, record)) if record else NOTHING
        if isinstance(done, Upshot):
            return done
        _enqueue(rt, done)
        return indexed(done.record, done.article.words) if done.article else moved_on(done.record)


def _process(rt: Runtime, record: Record) -> Outcome | Upshot:
    """Return what became of an article; an upshot if it must be fetched first."""
    page = stored(rt, record)
    if page is None:
        return _fetch_after_all(rt, record)
    if went_home(record, page):
        raise Missing("not_an_article", f"it leads to {page.url}, a home page or a section")
    source = source_of(rt, record)
    article = _article(rt, source, record, page)
    now = rt.now()
    record = replace(record, fetched_at=page.fetched_at, processed_at=now)
    other = _same_page(rt, record, article, page)
    if other and other.state is State.FORGOTTEN:
        bury(rt, [record.id])
        if record.indexed_at:  # it was listed before the other: no worker may delete its document
            take_back(rt, list(rt.ledger.get_many([record.id]).values()))
        return Upshot("", "its page shows an article that was forgotten")
    if other:
        outcome = Outcome(ended(record, State.DUPLICATE, now, "same_page", other.url or _own_address(article, page)))
    else:
        outcome = revised(rt, planned(record, source, page), article, CUT if article.truncated else "")
    if is_look(record):
        keep_versions(rt, outcome, keep=may_keep(article.rights))
    return replace(outcome, unkept=not may_keep(article.rights))


def _same_page(rt: Runtime, record: Record, article: Article, page: Page) -> Record | None:
    """Return the record of the address that the page calls its own, or came from, if that has a document, or had.

    Raises NotYet while that is at work for the first time; two pages may name each other, so it has an end.
    """
    variant = article_id(_own_address(article, page))
    other = rt.ledger.get(variant) if variant != record.id else None
    if other and other.pending and not other.indexed_at:
        waited_s = (rt.now() - last_moved(record)).total_seconds()
        if waited_s < TWIN_MOST_S:
            raise NotYet(max(TWIN_S, waited_s / 4), f"{other.url} comes first")
    return other if other and (other.indexed_at or other.state is State.FORGOTTEN) else None


def _own_address(article: Article, page: Page) -> str:
    return canonical(article.canonical_url or page.url)


def _article(rt: Runtime, source: Source, record: Record, page: Page) -> Article:
    seen = rt.memory.seen(host_of(canonical(page.url)))
    rules, began = site_rules(), time.process_time()
    try:
        article = process(source, record.entry, page, rules=rules, seen=seen)
    except SoftTimeLimitExceeded as error:
        if time.process_time() - began < rt.settings.process_limit_s / SHARE:
            raise  # the time had passed before, or the machine stood still
        raise Permanent("time_limit", "more than WARRAQ_PROCESS_LIMIT_S") from error
    return replace(article, admitted_at=record.admitted_at)


def _fetch_after_all(rt: Runtime, record: Record) -> Upshot:
    if lane_of(record.url) == INLINE:
        raise Permanent("page_missing", f"{record.url} is not in the page store; ingest the file again")
    after = page_missing(record, rt.now())
    move_on(rt, after)
    return moved_on(after)


def _enqueue(rt: Runtime, outcome: Outcome) -> None:
    """Put an outcome into the stream; with its article its title and lines are remembered for the host."""
    pipe = rt.leases.transaction()
    record = outcome.record
    if record.state is State.INDEXED and record.fetched_at and record.lane != INLINE:
        # of a page that waited, or is processed again, the site says nothing now
        rt.looks.note(lane_of(record.url), record.id, record.fetched_at, ok=True, pipe=pipe)
    if (article := outcome.article) is None:
        enqueue_outcome(rt, outcome, pipe)
        return
    rt.memory.remember(article.host, article.id, line_hashes(f"{article.title}\n{article.body}").values(), pipe)
    remembered, *_ = enqueue_outcome(rt, outcome, pipe)
    rt.memory.look(article.host, remembered)
