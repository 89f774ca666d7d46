"""Process: Page -> Article -> index stream. Before: `fetch.py`. After: `index.py`.

Only the worker that processes loads this module, and with it the extraction: 8 MB that the others do without.
"""

from dataclasses import replace

from ingest.errors import Permanent
from ingest.extract.repeated import line_hashes
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
from workers.steps.attempt import attempt, begin, enqueue_outcome, move_on, source_of, stored, uncount_on_outage
from workers.store.outcomes import Outcome


def process_page(rt: Runtime, article_id: str) -> Upshot:
    """Turn an article's stored page into an outcome in the index stream."""
    with uncount_on_outage(rt, article_id):
        record = begin(rt, article_id, Stage.PROCESS)
        done = attempt(rt, record, lambda: _unkept_gone(rt, _process(rt, record))) if record else NOTHING
        if isinstance(done, Upshot):
            return done
        outcome, keep = done
        _finish(rt, outcome, keep=keep)
        return indexed(outcome.record, outcome.article.words) if outcome.article else moved_on(outcome.record)


def _process(rt: Runtime, record: Record) -> tuple[Outcome, bool] | Upshot:
    """Return what became of an article, and whether its page may be kept; an upshot if it must be fetched first."""
    page = stored(rt, record)
    if page is None:
        return _fetch_after_all(rt, record)
    article = _article(rt, source_of(rt, record), record, page)
    now = rt.now()
    record = replace(record, fetched_at=page.fetched_at, processed_at=now)
    variant = article_id(canonical(article.canonical_url or page.url))
    if variant != record.id and (other := rt.ledger.get(variant)) and other.state is State.INDEXED:
        return Outcome(ended(record, State.DUPLICATE, now, "same_page", other.url)), may_keep(article.rights)
    return Outcome(ended(record, State.INDEXED, now, CUT if article.truncated else ""), article), may_keep(
        article.rights
    )


def _article(rt: Runtime, source: Source, record: Record, page: Page) -> Article:
    seen = rt.memory.seen(host_of(canonical(page.url)))
    article = process(source, record.entry, page, rules=site_rules(), seen=seen)
    return replace(article, admitted_at=record.admitted_at)


def _fetch_after_all(rt: Runtime, record: Record) -> Upshot:
    if lane_of(record.url) == INLINE:
        raise Permanent("page_missing", f"{record.url} is not in the page store; ingest the file again")
    after = page_missing(record, rt.now())
    move_on(rt, after)
    return moved_on(after)


def _unkept_gone(rt: Runtime, done: tuple[Outcome, bool] | Upshot) -> tuple[Outcome, bool] | Upshot:
    """Remove a web page that may not be kept, within the attempt: a store that is away puts the article off."""
    if not isinstance(done, Upshot) and not done[1] and lane_of(done[0].record.url) != INLINE:
        rt.pages.remove(done[0].record.id)
    return done


def _finish(rt: Runtime, outcome: Outcome, *, keep: bool) -> None:
    """Hand an outcome over, and remove a page that may not be kept.

    Before it is handed over: if this worker dies in between, the page is fetched again. A file's would not be.
    """
    _enqueue(rt, outcome)
    if not keep and lane_of(outcome.record.url) == INLINE:
        rt.pages.remove(outcome.record.id)


def _enqueue(rt: Runtime, outcome: Outcome) -> None:
    """Put an outcome into the stream; with its article its title and lines are remembered for the host."""
    if (article := outcome.article) is None:
        enqueue_outcome(rt, outcome)
        return
    pipe = rt.leases.transaction()
    rt.memory.remember(article.host, article.id, line_hashes(f"{article.title}\n{article.body}").values(), pipe)
    remembered, *_ = enqueue_outcome(rt, outcome, pipe)
    rt.memory.look(article.host, remembered)
