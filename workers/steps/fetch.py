"""Fetch: an article's page goes into the page store. Before: `admit.py`. After: `process.py`."""

from dataclasses import replace
from http import HTTPStatus

from ingest.ledger.looks import conditions
from ingest.ledger.record import Record, Stage
from ingest.upshot import NOTHING, Upshot, place, size
from ingest.urls import lane_of
from workers.runtime import Runtime
from workers.steps.ask import ask
from workers.steps.attempt import attempt, begin, enqueue_outcome, is_look, stored, uncount_on_outage
from workers.steps.dispatch import Enqueue
from workers.steps.revise import not_modified


def fetch(rt: Runtime, article_id: str, process: Enqueue) -> Upshot:
    """Store an article's page and have it processed."""
    with uncount_on_outage(rt, article_id):
        record = begin(rt, article_id, Stage.FETCH)
        return attempt(rt, record, lambda: _fetch(rt, record, process)) if record else NOTHING


def _fetch(rt: Runtime, record: Record, process: Enqueue) -> Upshot:
    page = stored(rt, record)
    if page is None:
        asked = ask(rt, record.goal or record.entry.url, record.lane, record.id, conditions(record))
        page = replace(asked, fetched_at=rt.now())
        if page.status == HTTPStatus.NOT_MODIFIED:
            return _not_modified(rt, record)
        (rt.pages.put_look if is_look(record) else rt.pages.put)(record.id, page, record.asked_at)
    else:
        rt.turns.cancel(record.lane, record.id)  # nobody is asked; `ask` ends its turn itself
    pipe = rt.leases.transaction()
    rt.leases.finish(replace(record, fetched_at=page.fetched_at), pipe=pipe)
    about = place(record.url)
    process({record.id: about}, pipe)
    pipe.execute()
    return Upshot(about, f"{page.status}, {size(len(page.body))}")


def _not_modified(rt: Runtime, record: Record) -> Upshot:
    outcome = not_modified(record, rt)
    pipe = rt.leases.transaction()
    rt.looks.note(lane_of(record.url), record.id, rt.now(), ok=True, pipe=pipe)
    enqueue_outcome(rt, outcome, pipe)
    return Upshot(place(record.url), "304, unchanged")
