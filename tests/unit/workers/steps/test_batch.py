"""A task that goes on with the next article of its queue: none is lost, whatever happens to one of them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.policy.backlog import Batches
from ingest.upshot import Ending, Upshot
from tests.fake_redis import MemoryRedis
from tests.fakes import World, polled
from tests.unit.workers.steps.site import SOURCE
from workers import tasks
from workers.celery_ext.publisher import Backlog, Publisher
from workers.steps.batch import batch
from workers.tasks import fetch_article, process_article

FORCED = Batches(most=20, behind=0)


class DiedError(BaseException):
    """What ends a worker, and passes every `except Exception`."""


def queued(redis: MemoryRedis, *keys: str) -> Backlog:
    post = Publisher(redis)
    post.send(process_article, {key: f"h/{key}" for key in keys})
    return post.backlog(process_article)


def worked(done: list[str], fatal: str = "") -> Callable[[str], Upshot]:
    def work(key: str) -> Upshot:
        done.append(key)
        if key == fatal:
            raise DiedError
        return Upshot(f"h/{key}", "indexed, 3 words")

    return work


def test_a_batch_takes_what_waits_in_its_order_and_says_what_became_of_each() -> None:
    done: list[str] = []
    upshot = batch("0", worked(done), queued(MemoryRedis(), "1", "2"), FORCED)
    assert done == ["0", "1", "2"]
    assert upshot == Upshot("3 articles", "h/0: indexed, 3 words; h/1: indexed, 3 words; h/2: indexed, 3 words")


@pytest.mark.parametrize("worst", [Ending.FAILED, Ending.PUT_BACK])
def test_a_batch_is_green_only_where_all_of_it_is(worst: Ending) -> None:
    ends = {"0": Ending.DONE, "1": worst, "2": Ending.PUT_BACK, "3": Ending.DONE}
    work = lambda key: Upshot(key, "", ends[key])  # noqa: E731  # a table
    assert batch("0", work, queued(MemoryRedis(), "1", "2", "3"), FORCED).ending is worst


def test_a_short_queue_is_left_to_other_tasks() -> None:
    redis, done = MemoryRedis(), list[str]()
    assert batch("0", worked(done), queued(redis, "1", "2"), Batches(most=20, behind=2)).about == "h/0"
    assert done == ["0"]
    assert redis.llen("process") == 2


def test_a_slow_article_is_the_last_of_its_batch() -> None:
    redis, done, times = MemoryRedis(), list[str](), iter([0.0, 0.1, 30.0])
    batch("0", worked(done), queued(redis, "1", "2", "3"), FORCED, lambda: next(times))
    assert done == ["0", "1"]
    assert redis.llen("process") == 2


def test_what_is_no_article_s_message_stays_for_celery() -> None:
    redis, done = MemoryRedis(), list[str]()
    Publisher(redis).send(fetch_article, {"1": "h"})
    redis.rename("fetch", "process")
    redis.lpush("process", "no message")
    before = redis.lrange("process", 0, -1)
    for _ in range(2):
        batch("0", worked(done), Backlog(redis, "process", "process_article"), FORCED)
        assert redis.lrange("process", 0, -1) == before
        redis.rpop("process")
        before = before[:-1]
    assert done == ["0", "0"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 20), st.integers(0, 5))
def test_a_batch_that_dies_costs_what_one_article_costs(fatal: list[bool], most: int, behind: int) -> None:
    redis, done = MemoryRedis(), list[str]()
    backlog = queued(redis, *map(str, range(len(fatal))))

    def work(key: str) -> Upshot:
        done.append(key)
        if fatal[int(key)]:
            raise DiedError
        return Upshot(key, "")

    while (first := backlog.take()[0]) is not None:  # as Celery does
        with suppress(DiedError):
            batch(first, work, backlog, Batches(most=most, behind=behind))
    assert done == [str(number) for number in range(len(fatal))], (
        "each was worked on once, also those behind a dead one"
    )


def test_an_article_that_kills_a_batch_is_the_only_one_that_has_begun(
    listed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled(listed, SOURCE.id)
    config = listed.rt.settings.model_copy(update={"batch_behind": 0})
    monkeypatch.setattr(tasks, "runtime", lambda: replace(listed.rt, settings=config))
    keys = [key for _, key in listed.rt.lanes.pop(10)]
    assert len(keys) == 2
    listed.rt.post.send(fetch_article, dict.fromkeys(keys, "h"))
    first, _ = listed.rt.post.backlog(fetch_article).take()
    get: Any = listed.web.get

    def dies_at_the_second(url: str, *more: Any) -> Any:
        if listed.redis.llen("fetch") == 0:
            raise DiedError
        return get(url, *more)

    monkeypatch.setattr(listed.web, "get", dies_at_the_second)
    with pytest.raises(DiedError):
        fetch_article(first)
    assert listed.redis.hkeys("warraq:started") == [keys[1].encode()]
