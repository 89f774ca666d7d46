"""The queues, each worked by one kind of worker: what it carries, how long that may take, how the worker is started.

The app's queues, routes and limits and Flower's rights in Redis are made from this table. docker-compose.yml and
deploy/k8s repeat it, as they must: their lints compare, with what `python -m workers.queues` prints.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workers.settings import settings

HEARTBEAT_S: Final = 5
"""Seconds between two signs of life: each is a message to Flower and one to Redis, and a dead process has 30 s."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task and the seconds it may take."""

    name: str
    soft_s: int
    """After these the task is asked to end, if the pool can do that (prefork)."""
    hard_s: int
    """After these the task is killed."""
    shown: bool = True
    """Whether Flower hears of it from the moment that its message comes."""
    request: str = "workers.celery_ext.request:Telling"
    """The class that sends its events."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue and its kind of worker."""

    name: str
    tasks: tuple[Task, ...]
    concurrency: int
    pool: str = "threads"
    options: tuple[str, ...] = ()
    """Further options of the pool."""
    preload: tuple[str, ...] = ()
    """Modules that no other kind of worker loads: the tasks import them where they use them."""
    internet: bool = False
    """Whether its workers may reach the internet."""
    beside: str = ""
    """The queue whose workers work on this one too; '' = it has workers of its own."""

    @property
    def longest_s(self) -> int:
        """How long a worker must be given to end."""
        return max(task.hard_s for task in self.tasks)

    def command(self) -> list[str]:
        """Return the command that starts a worker."""
        names = [self.name, *(one.name for one in QUEUES if one.beside == self.name)]
        mine = ["--queues", ",".join(names), "--hostname", f"{self.name}@%h", "--pool", self.pool]
        mine += ["--concurrency", str(self.concurrency), *self.options]
        mine += [word for module in self.preload for word in ("--include", module)]
        return [
            "python",
            "-m",
            "workers",
            "worker",
            *mine,
            "--loglevel",
            "info",
            "--without-gossip",
            "--without-mingle",
            "--heartbeat-interval",
            f"{HEARTBEAT_S}",
        ]


PROCESS_S: Final = settings().process_limit_s

QUEUES: Final = (
    # one thread for each of its tasks: tick, sweep, and the grouping of stories
    Queue("control", (Task("tick", 50, 60, shown=False), Task("sweep", 50, 60, shown=False)), concurrency=3),
    Queue(
        "poll",
        (Task("poll_source", 110, 120), Task("obey", 110, 120)),
        concurrency=8,
        preload=("workers.steps.poll",),
        internet=True,
    ),
    Queue("fetch", (Task("fetch_article", 80, 90),), concurrency=50, internet=True),
    Queue(
        "process",
        (Task("process_article", PROCESS_S - 5, PROCESS_S),),
        concurrency=3,
        pool="prefork",
        options=("-O", "fair"),
        preload=("workers.steps.process",),
    ),
    Queue(
        "index",
        (Task("index_flush", 50, 60, shown=False, request="workers.celery_ext.request:Late"),),
        concurrency=2,
    ),
    Queue(
        "stories",
        (Task("group_articles", 50, 60, shown=False, request="workers.celery_ext.request:Late"),),
        concurrency=1,
        beside="control",
    ),
    # the only worker that may delete: its key is no other's
    Queue(
        "upkeep",
        (
            Task("retention", 50, 60, shown=False, request="workers.celery_ext.request:Late"),
            Task("backup", 50, 60, shown=False, request="workers.celery_ext.request:Late"),
        ),
        concurrency=1,
        preload=("workers.steps.retention",),
    ),
)
WORKERS: Final = tuple(one for one in QUEUES if not one.beside)
"""The queues with workers of their own."""


def described() -> list[Mapping[str, Any]]:
    """Return each queue as deployment tools need it, since they may not import this module."""
    return [
        {"name": one.name, "longest_s": one.longest_s, "internet": one.internet, "command": one.command()}
        for one in QUEUES
        if not one.beside
    ]


if __name__ == "__main__":
    print(json.dumps(described()))  # noqa: T201  # its output is its purpose
