"""Many messages in one command: what `apply_async` sends, rendered from a template captured once per task.

To publish takes Celery and kombu 0.4 ms of CPU, and an article needs two messages.
tests/contract/test_post.py compares these messages with Celery's own.
"""

import base64
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final
from uuid import uuid4

from kombu import Connection
from redis import Redis
from redis.client import Pipeline

ARTICLE: Final = "-article-"
WORDS: Final = "-words-"
BODY: Final = "-body-"
TASK: Final = "-task-"
TAG: Final = "-tag-"
"""Placeholders for an article's id, what Flower says of it, the arguments, the task's id, and kombu's delivery tag."""


class Publisher:
    """Puts messages into Celery's queues."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def send(self, task: Any, articles: Mapping[str, str], pipe: Pipeline | None = None) -> None:  # noqa: ANN401  # see below
        """Enqueue a task for each of the articles, in this order, as part of a transaction if one is given.

        With each id come the words that Flower shows until the task has its own: of whose arguments the id tells nobody
        anything.
        """
        if articles:
            form = _form(task)
            (pipe or self._redis).lpush(queue_of(task), *(form(key, words) for key, words in articles.items()))

    def backlog(self, task: Any) -> "Backlog":  # noqa: ANN401  # celery-types knows little of tasks
        """Return the messages that wait for a task."""
        return Backlog(self._redis, queue_of(task), task.name)


class Backlog:
    """The messages that wait for a task, taken as Celery's own consumer takes them: off the queue, and then in hand.

    What a worker has in hand when it dies is brought back by the article's lease, from whomever it had it.
    """

    def __init__(self, redis: Redis, queue: str, task: str) -> None:
        self._redis = redis
        self._queue = queue
        self._task = task

    def waiting(self) -> int:
        """Return how many there are."""
        return self._redis.llen(self._queue)

    def take(self) -> tuple[str | None, int]:
        """Take the next one; return its article, None if there is none to be had, and how many wait behind it."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.rpop(self._queue)
        pipe.llen(self._queue)
        message, waiting = pipe.execute()
        if message is None:
            return None, 0
        if (article := _article_of(message, self._task)) is None:
            self._redis.rpush(self._queue, message)
        return article, waiting


def _article_of(message: bytes, task: str) -> str | None:
    """Return the article of a task's message; None if it is another task's, or Celery must look at it."""
    try:
        told = json.loads(message)
        (article,), *_ = json.loads(base64.b64decode(told["body"]))
    except (ValueError, TypeError, KeyError):
        return None
    return article if told["headers"]["task"] == task and isinstance(article, str) else None


def queue_of(task: Any) -> str:  # noqa: ANN401  # celery-types knows little of tasks
    """Return the queue that a task goes to, which is the Redis list that kombu makes of it."""
    return str(task.app.amqp.router.route({}, task.name)["queue"].name)


def in_words(key: str, words: str) -> dict[str, Any]:
    """Return the options of `apply_async` that have Flower show words as `args`, and find the id as `kwargs`."""
    return {"argsrepr": words, "kwargsrepr": key}


@cache
def _form(task: Any) -> Callable[[str, str], str]:  # noqa: ANN401  # as above
    """Return a function that renders a task's message for an article's id and words."""
    message = _blank(task)
    arguments = base64.b64decode(message["body"]).decode()
    blank = json.dumps(message | {"body": BODY})

    def filled(article_id: str, words: str) -> str:
        body = base64.b64encode(arguments.replace(ARTICLE, article_id).encode()).decode()
        whole = blank.replace(BODY, body).replace(ARTICLE, article_id)
        whole = whole.replace(TASK, str(uuid4())).replace(TAG, str(uuid4()))
        return whole.replace(WORDS, json.dumps(words)[1:-1])  # the last: nothing is replaced in what comes from outside

    return filled


def _blank(task: Any) -> dict[str, Any]:  # noqa: ANN401  # as above
    """Return the message that Celery sends for a task, captured from kombu's in-memory transport."""
    with Connection("memory://") as connection:
        task.apply_async((ARTICLE,), task_id=TASK, connection=connection, **in_words(ARTICLE, WORDS))
        channel: Any = connection.default_channel
        message: dict[str, Any] = channel._get(queue_of(task))  # noqa: SLF001  # as it lies in the queue
    message["headers"] |= {"root_id": TASK, "parent_id": None}  # not the task that happens to run now
    message["properties"]["delivery_tag"] = TAG
    return message
