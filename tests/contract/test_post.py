"""Our messages against those that Celery itself puts into the real Redis."""

import base64
import json
from typing import Any, cast

import pytest
from redis import Redis

from workers.app import app
from workers.celery_ext.publisher import Publisher, in_words, queue_of
from workers.settings import settings
from workers.tasks import fetch_article, process_article

pytestmark = pytest.mark.stack

ARTICLES = {"0" * 31 + "1": "example.org/a", "0" * 31 + "2": 'example.org/"أ"\\-article-'}


def url() -> str:
    return settings().broker_url.rsplit("/", 1)[0] + "/15"


def taken(redis: Redis, queue: str) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(cast("bytes", redis.rpop(queue)))
    message["body"] = json.loads(base64.b64decode(message["body"]))
    return message


def own(message: dict[str, Any]) -> list[str]:
    """Take out what is a message's own, and its task's."""
    headers, properties = message["headers"], message["properties"]
    assert headers["id"] == headers["root_id"] == properties["correlation_id"]
    del headers["root_id"], properties["correlation_id"], properties["reply_to"]  # the last one is the thread's
    return [headers.pop("id"), properties.pop("delivery_tag")]


@pytest.mark.parametrize("task", [fetch_article, process_article], ids=lambda task: task.name)
def test_a_message_is_what_celery_would_send(redis: Redis, task: Any) -> None:
    queue = queue_of(task)
    with app.connection_for_write(url()) as connection:
        for key, words in ARTICLES.items():
            task.apply_async((key,), connection=connection, **in_words(key, words))
    theirs = [taken(redis, queue) for _ in ARTICLES]
    Publisher(redis).send(task, ARTICLES)
    ours = [taken(redis, queue) for _ in ARTICLES]
    names = [name for message in (*theirs, *ours) for name in own(message)]
    assert len(set(names)) == len(names), "each has names of its own"
    assert ours == theirs
    assert [message["body"][0] for message in ours] == [[key] for key in ARTICLES]


@pytest.mark.parametrize("task", [fetch_article, process_article], ids=lambda task: task.name)
def test_a_backlog_is_what_celery_and_we_have_sent(redis: Redis, task: Any) -> None:
    key, ours = ARTICLES
    with app.connection_for_write(url()) as connection:
        task.apply_async((key,), connection=connection, **in_words(key, "h"))
    post = Publisher(redis)
    post.send(task, {ours: "h"})
    backlog = post.backlog(task)
    assert backlog.waiting() == 2
    assert [backlog.take() for _ in range(3)] == [(key, 1), (ours, 0), (None, 0)], "as Celery would take them"


def test_nothing_to_send_is_no_message(redis: Redis) -> None:
    Publisher(redis).send(fetch_article, {})
    assert not redis.exists("fetch")
