"""The tasks. Each only unpacks its message and calls a step; messages carry ids.

Queues and limits: `workers.queues`.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

from celery.signals import celeryd_init

from ingest.errors import Unavailable
from ingest.policy.backlog import Batches
from ingest.upshot import Ending, Upshot
from workers.app import app, touch_heartbeat
from workers.celery_ext.publisher import in_words
from workers.celery_ext.upshots import Packed
from workers.runtime import SERVICES, elasticsearch_client, runtime
from workers.settings import settings
from workers.steps import fetch as fetching
from workers.steps import group, index
from workers.steps import revisit as revisiting
from workers.steps import sweep as sweeping
from workers.steps import tick as ticking
from workers.steps.batch import batch
from workers.steps.dispatch import Dispatch
from workers.store.ready import wait_for_setup

ROUND_S: Final = 0.2
ROUNDS: Final = 5
"""A tick looks five times in its second while anything moves: a lane emptied early in it is filled again at once."""
PULSE: Final = ticking.Pulse()
TICK_S: Final = 0.7
"""Closer ticks count as one: those of a second beat, or those queued while the control worker was away."""
FLUSH_FOR_S: Final = 20.0
GROUP_FOR_S: Final = 20.0


@celeryd_init.connect  # before anything is consumed; the runtime is built later, after a pool has forked
def _wait_for_setup(**_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    with elasticsearch_client(settings()) as client:
        wait_for_setup(client, touch_heartbeat)  # alive while it waits: no restart needed


@app.task(name="tick")
def tick() -> None:
    """Every second: due sources to poll, due lanes to fetch, a call to the flusher."""
    ticking.follow_clock(runtime())
    if runtime().locks.take("tick", TICK_S) is None:
        return
    if runtime().mailbox.calls():
        obey.delay()
    dispatch = _dispatch()
    for turn in range(ROUNDS):
        time.sleep(ROUND_S if turn else 0)
        if not PULSE.note(moves=ticking.tick(runtime(), dispatch)):
            return


def _dispatch() -> Dispatch:
    send = runtime().post.send
    fetch, process = partial(send, fetch_article), partial(send, process_article)
    return Dispatch(_poll, fetch, process, index_flush.delay, group_articles.delay)


def _poll(source_id: str) -> None:
    poll_source.apply_async((source_id,), **in_words(source_id, f"source {source_id[:12]}"))


@app.task(name="sweep")
def sweep() -> None:
    """Every 30 s: pending articles that got lost go back to work."""
    sweeping.sweep(runtime())
    revisiting.open_due(runtime(), settings().sweep_s)


@app.task(name="poll_source")
def poll_source(source_id: str) -> Packed:
    """Read one listing and admit what is new."""
    from workers.steps import poll  # noqa: PLC0415  # see process_article

    done = poll.poll(runtime(), source_id)
    with suppress(*SERVICES):  # the next tick does it
        ticking.hand_out(runtime(), _dispatch())
    return Packed(done)


@app.task(name="obey")
def obey() -> Packed | None:
    """Do what editors ask for at the desk."""
    from workers.steps import obey as obeying  # noqa: PLC0415  # see process_article

    done = obeying.obey(runtime())
    return Packed(done) if done else None


@app.task(name="fetch_article", throws=SERVICES)
def fetch_article(article_id: str) -> Packed:
    """Bring a page into the page store, and have it processed."""
    process = partial(runtime().post.send, process_article)
    return _batch(fetch_article, article_id, lambda one: fetching.fetch(runtime(), one, process))


@app.task(name="process_article", throws=SERVICES)
def process_article(article_id: str) -> Packed:
    """Make a page an article."""
    from workers.steps import process  # noqa: PLC0415  # 8 MB for those who need it: loaded at their start by --include

    return _batch(process_article, article_id, partial(process.process_page, runtime()))


def _batch(task: Any, article_id: str, work: Callable[[str], Upshot]) -> Packed:  # noqa: ANN401  # celery-types knows little of tasks
    """Work on an article, and while the queue is long on those behind it."""
    return Packed(batch(article_id, work, runtime().post.backlog(task), _batches()))


def _batches() -> Batches:
    config = runtime().settings
    return Batches(most=config.batch_most, behind=config.batch_behind)


@app.task(name="index_flush")
def index_flush() -> Packed | None:
    """Write what waits in the index stream, until it is empty."""
    if runtime().stream.rests():
        return None  # the flusher that paused it has logged why
    deadline, written = time.monotonic() + FLUSH_FOR_S, 0
    pages = runtime().post.backlog(process_article)
    while time.monotonic() < deadline and (
        settled := index.flush(runtime(), linger_s=_batches().linger_s(pages.waiting()))
    ):
        written += settled
    if runtime().stream.rests():
        return Packed(Upshot("", f"{written} written; Elasticsearch cannot take more now", Ending.PUT_BACK))
    return Packed(Upshot("", f"{written} written")) if written else None


@app.task(name="group_articles")
def group_articles() -> Packed | None:
    """Compare the articles that wait for it with all others, until too few wait to be worth it.

    All of them in one task, and not each in its own: a task without work costs more than the comparison.
    """
    deadline, compared = time.monotonic() + GROUP_FOR_S, 0
    while time.monotonic() < deadline and group.is_due(runtime()) and (count := group.group_waiting(runtime())):
        compared += count
    return Packed(Upshot("", f"{compared} compared")) if compared else None


@app.task(name="backup", throws=(*SERVICES, Unavailable))
def backup() -> Packed | None:
    """Once in WARRAQ_BACKUP_HOURS: back up what there is, a step at a time."""
    from workers.steps import backup as backing_up  # noqa: PLC0415  # only its worker loads it
    from workers.steps.operator import keeper  # noqa: PLC0415  # as above

    if not settings().backup_hours:
        return None
    done = backing_up.scheduled(keeper(settings(), settings().elasticsearch_key_file))
    return Packed(done) if done else None


@app.task(name="retention", throws=(*SERVICES, Unavailable))
def retention() -> Packed | None:
    """Once a day, or when the page store is nearly full: remove what is older than it is to be kept."""
    from workers.steps import retention as upkeep  # noqa: PLC0415  # only its worker loads it

    done = upkeep.daily(runtime(), time.monotonic)
    return Packed(done) if done else None
