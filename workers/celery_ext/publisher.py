"""Many messages in one command: what `delay` sends, rendered from a template captured once per task.

To publish takes Celery and kombu 0.4 ms of CPU, and an article needs two messages.
tests/contract/test_post.py compares these messages with Celery's own.
"""

import base64
import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final
from uuid import uuid4

from kombu import Connection
from redis import Redis
from redis.client import Pipeline

ARTICLE: Final = "-article-"
BODY: Final = "-body-"
TASK: Final = "-task-"
TAG: Final = "-tag-"
"""Placeholders for an article's id, the arguments, the task's id, and kombu's delivery tag."""


class Publisher:
    """Puts messages into Celery's queues."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def send(self, task: Any, article_ids: Sequence[str], pipe: Pipeline | None = None) -> None:  # noqa: ANN401  # see below
        """Enqueue a task for each of the articles, in this order, as part of a transaction if one is given."""
        if article_ids:
            (pipe or self._redis).lpush(queue_of(task), *map(_form(task), article_ids))


def queue_of(task: Any) -> str:  # noqa: ANN401  # celery-types knows little of tasks
    """Return the queue that a task goes to, which is the Redis list that kombu makes of it."""
    return str(task.app.amqp.router.route({}, task.name)["queue"].name)


@cache
def _form(task: Any) -> Callable[[str], str]:  # noqa: ANN401  # as above
    """Return a function that renders a task's message for an article's id."""
    message = _blank(task)
    arguments = base64.b64decode(message["body"]).decode()
    blank = json.dumps(message | {"body": BODY})

    def filled(article_id: str) -> str:
        body = base64.b64encode(arguments.replace(ARTICLE, article_id).encode()).decode()
        whole = blank.replace(BODY, body).replace(ARTICLE, article_id)
        return whole.replace(TASK, str(uuid4())).replace(TAG, str(uuid4()))

    return filled


def _blank(task: Any) -> dict[str, Any]:  # noqa: ANN401  # as above
    """Return the message that Celery sends for a task, captured from kombu's in-memory transport."""
    with Connection("memory://") as connection:
        task.apply_async((ARTICLE,), task_id=TASK, connection=connection)
        channel: Any = connection.default_channel
        message: dict[str, Any] = channel._get(queue_of(task))  # noqa: SLF001  # as it lies in the queue
    message["headers"] |= {"root_id": TASK, "parent_id": None}  # not the task that happens to run now
    message["properties"]["delivery_tag"] = TAG
    return message
