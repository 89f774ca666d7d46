"""The Celery app: queues, limits, beat, heartbeat file. Reasons and numbers: docs/design/queues.md."""

import gc
import logging
import resource
from functools import cache
from typing import Any, Final

from billiard import pool
from celery import Celery
from celery.signals import (
    beat_init,
    before_task_publish,
    celeryd_after_setup,
    celeryd_init,
    heartbeat_sent,
    setup_logging,
    worker_process_init,
    worker_ready,
    worker_shutdown,
    worker_shutting_down,
)
from kombu import Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES
from redis import Redis

from ingest.upshot import LONGEST, LONGEST_OF_ALL
from workers.celery_ext import logs
from workers.celery_ext.broker import DEAD_S
from workers.celery_ext.events import EventLots
from workers.celery_ext.watchdog import Watchdog
from workers.frontier.heartbeats import Heartbeats
from workers.queues import QUEUES
from workers.settings import SettingsError, settings

RESULT: Final = LONGEST + LONGEST_OF_ALL + 100
"""Characters of a task's result that are not cut off: what is said of a batch, and its own words."""

TRANSPORT_ALIASES |= dict.fromkeys(
    ("redis", "rediss"),
    "workers.celery_ext.broker:Transport",  # under Redis' own name: Flower's broker page goes by it
)
app = Celery("warraq", include=["workers.tasks"], set_as_current=True)
app.conf.update(
    broker_url=settings().broker_url,
    broker_transport_options={
        "ack_emulation": False,  # leases bring a dead worker's articles back, so messages need no second copy
        "socket_timeout": DEAD_S,
        "socket_keepalive": True,
        "socket_connect_timeout": 5,
        "health_check_interval": 10,  # a consumer notices a half-open connection after 5 s + twice this (kombu: 51 s)
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    task_send_sent_event=False,
    task_default_queue="control",
    # each with its own exchange: without one a queue inherits the default's, and every banner says `control`
    task_queues=[Queue(one.name, Exchange(one.name), routing_key=one.name) for one in QUEUES],
    task_create_missing_queues=False,
    task_routes={task.name: {"queue": queue.name} for queue in QUEUES for task in queue.tasks},
    task_annotations={
        task.name: {
            "soft_time_limit": task.soft_s,
            "time_limit": task.hard_s,
            "send_events": task.shown,
            "Request": task.request,
            "resultrepr_maxsize": RESULT,
        }
        for queue in QUEUES
        for task in queue.tasks
    },
    worker_prefetch_multiplier=1,
    worker_send_task_events=settings().task_events,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_max_tasks_per_child=2000,
    worker_max_memory_per_child=settings().process_data_mb
    * 1024
    * 3
    // 4,  # KB: a task may be a batch, so tasks say little
    timezone="UTC",
    beat_scheduler="workers.celery_ext.beat:BoundedScheduler",
    beat_schedule={
        "tick": {"task": "tick", "schedule": 1.0},
        "sweep": {"task": "sweep", "schedule": settings().sweep_s},
        # once a day it does something; it is asked each minute, for a full page store cannot wait
        "retention": {"task": "retention", "schedule": 60.0},
        "backup": {"task": "backup", "schedule": 60.0},
    },
)
app.steps["consumer"].add(EventLots)


@setup_logging.connect
def _set_up_logging(**_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    logs.set_up(logging.getLevelNamesMapping()[settings().log_level.upper()])


@celeryd_init.connect
def _refuse_to_be_anonymous(**_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    try:
        settings().user_agent  # noqa: B018  # reading it is the check
    except SettingsError as error:
        raise SystemExit(f"warraq: {error}") from error  # no plain exception: Celery would log it and go on


@celeryd_after_setup.connect  # everything is imported, and no pool has forked yet
def _share_memory(**_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    gc.freeze()  # what the collector never touches stays shared by all children


@worker_process_init.connect  # a child of a prefork pool: `process`
def _limit_memory(**_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    limit = settings().process_data_mb * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


@worker_process_init.connect
def _end_soon(**_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    """Make an ending child wait 2 s, not 30, for its parent, which may have stopped listening."""
    pool.GUARANTEE_MESSAGE_CONSUMPTION_RETRY_LIMIT = 20  # tries of 0.1 s; a lost article comes back by its lease


WATCHDOG: Final = Watchdog()


@worker_ready.connect  # not before: a slow start is no hang
def _watch(**_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    WATCHDOG.watch()


@worker_shutting_down.connect  # by a signal; not when the worker fails
def _dismiss(**_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    WATCHDOG.dismiss()


@cache
def _heartbeats() -> Heartbeats:
    patience: dict[str, Any] = {"socket_timeout": 2, "socket_connect_timeout": 2, "retry": None}  # the loop waits
    return Heartbeats(Redis.from_url(settings().broker_url, **patience))


@heartbeat_sent.connect  # a worker's loop is alive and talks to Redis
def _hear(sender: Any = None, **_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    eventer = getattr(sender, "eventer", None)
    touch_heartbeat()
    _heartbeats().beat(eventer.hostname if eventer else "beat")


@beat_init.connect
def _hear_beat(**_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    before_task_publish.connect(_hear, weak=False)  # it publishes every second


@worker_shutdown.connect
def _end(sender: Any = None, **_: Any) -> None:  # noqa: ANN401  # Celery's signal arguments
    _heartbeats().end(sender.hostname)


def touch_heartbeat() -> None:
    """Show the health check that this process is alive."""
    WATCHDOG.beat()
    if (file := settings().heartbeat_file) is not None:
        file.touch()
