"""The events of a task: which are sent, and what they say."""

from types import SimpleNamespace
from typing import Any

import pytest
from celery.utils.saferepr import saferepr
from celery.worker import request

from ingest.upshot import LONGEST, Ending, Upshot
from workers.app import app
from workers.celery_ext.request import Late, Telling
from workers.celery_ext.upshots import Packed, unpacked
from workers.tasks import fetch_article, index_flush, sweep, tick

Sent = list[tuple[str, dict[str, Any]]]


class Eventer:
    """Celery's dispatcher; remembers what is sent."""

    enabled = True

    def __init__(self) -> None:
        self.sent: Sent = []

    def send(self, type: str, **fields: Any) -> None:  # noqa: A002  # Celery's own signature
        self.sent.append((type, fields))


def ran(task: Any, result: object, kind: type[request.Request] = Telling) -> Sent:
    """Return the events of a task that returned something; its message must be acknowledged, whatever it returned."""
    eventer, done = Eventer(), []
    message: Any = SimpleNamespace(
        headers={"id": "1", "task": task.name, "argsrepr": "words", "kwargsrepr": "key"},
        properties={},
        delivery_info={},
        payload=[[], {}, {}],
        content_type="application/json",
        content_encoding="utf-8",
    )
    make: Any = request.create_request_cls  # type: ignore[attr-defined]  # not in celery-types' stub
    made = make(kind, task, SimpleNamespace(apply_async=None), "here", eventer, app=app)(
        message, on_ack=lambda *_: done.append(1), app=app, task=task, eventer=eventer, body=[[], {}, {}], decoded=True
    )
    made.on_accepted(1, 0.0)
    made.on_success((0, saferepr(result, task.resultrepr_maxsize), 0.5))
    assert done == [1]
    return eventer.sent


def last(upshot: Upshot) -> tuple[str, dict[str, Any]]:
    name, fields = ran(fetch_article, Packed(upshot))[-1]
    return name, fields


def test_a_good_end_says_what_it_brought() -> None:
    name, fields = last(Upshot("h/1", "200, 81 KB"))
    assert (name, fields) == (
        "task-succeeded",
        {"uuid": "1", "args": "h/1", "result": "200, 81 KB", "runtime": 0.5},
    )


@pytest.mark.parametrize(("ending", "event"), [(Ending.FAILED, "task-failed"), (Ending.PUT_BACK, "task-retried")])
def test_a_failure_is_red_without_an_exception(ending: Ending, event: str) -> None:
    name, fields = last(Upshot("h/1", 'http_404 it\'s "gone"\\', ending))
    assert name == event
    assert fields["result"] == fields["exception"] == 'http_404 it\'s "gone"\\'
    assert "traceback" not in fields


def test_what_is_not_known_of_an_article_stays_as_its_message_has_it() -> None:
    assert "args" not in last(Upshot("", "nothing to do"))[1]


def test_the_longest_upshot_is_whole() -> None:
    assert last(Upshot("ب" * LONGEST, "ج" * LONGEST))[1]["result"] == "ج" * LONGEST


@pytest.mark.parametrize("result", [None, "text", 7, "a\x1fb"])
def test_other_results_are_told_as_they_are(result: object) -> None:
    assert unpacked(saferepr(result)) is None
    *_, (name, fields) = ran(fetch_article, result)
    assert (name, fields["result"]) == ("task-succeeded", saferepr(result))


@pytest.mark.parametrize("task", [tick, sweep])
def test_the_clock_is_silent(task: Any) -> None:
    assert ran(task, None) == []


def test_a_flush_that_wrote_nothing_is_silent() -> None:
    assert ran(index_flush, None, Late) == []


def test_a_flush_that_wrote_is_told_from_its_beginning() -> None:
    received, started, ended = ran(index_flush, Packed(Upshot("", "12 written")), Late)
    assert [name for name, _ in (received, started, ended)] == ["task-received", "task-started", "task-succeeded"]
    assert received[1]["name"] == "index_flush"
    assert received[1]["timestamp"] == started[1]["timestamp"]
    assert "timestamp" not in ended[1]
    assert ended[1]["result"] == "12 written"


def test_tasks_have_the_classes_of_the_queues_table() -> None:
    assert [task.send_events for task in (tick, sweep, index_flush, fetch_article)] == [False, False, False, True]
    assert index_flush.Request == f"{Late.__module__}:Late"
    assert fetch_article.Request == f"{Telling.__module__}:Telling"
