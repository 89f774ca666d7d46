"""Fetch: an article's page goes into the page store. Before: `admit.py`. After: `process.py`."""

from dataclasses import replace

from ingest.ledger.record import Record, Stage
from ingest.upshot import NOTHING, Upshot, place, size
from workers.runtime import Runtime
from workers.steps.ask import ask
from workers.steps.attempt import attempt, begin, stored, uncount_on_outage
from workers.steps.dispatch import Enqueue


def fetch(rt: Runtime, article_id: str, process: Enqueue) -> Upshot:
    """Store an article's page and have it processed."""
    with uncount_on_outage(rt, article_id):
        record = begin(rt, article_id, Stage.FETCH)
        return attempt(rt, record, lambda: _fetch(rt, record, process)) if record else NOTHING


def _fetch(rt: Runtime, record: Record, process: Enqueue) -> Upshot:
    page = stored(rt, record)
    if page is None:
        page = replace(ask(rt, record.goal or record.entry.url, record.lane, record.id), fetched_at=rt.now())
        rt.pages.put(record.id, page, record.asked_at)
    else:
        rt.turns.cancel(record.lane, record.id)  # nobody is asked; `ask` ends its turn itself
    pipe = rt.leases.transaction()
    rt.leases.finish(replace(record, fetched_at=page.fetched_at), pipe=pipe)
    about = place(record.url)
    process({record.id: about}, pipe)
    pipe.execute()
    return Upshot(about, f"{page.status}, {size(len(page.body))}")
