"""Flower shows the tasks as people look for them, although workers send their events in lots."""

import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.demo.newsroom import Newsroom
from deploy.demo.pictures import open_tasks
from deploy.local.stack import Stack
from ingest.upshot import place
from ingest.urls import article_id, canonical, host_of
from tests.stack.conftest import Command
from workers.queues import QUEUES
from workers.settings import secret

pytestmark = pytest.mark.stack
PATIENCE_S = 15.0
Row = Mapping[str, Any]


def ask(stack: Stack, path: str, **params: str) -> requests.Response:
    password = secret(Path(stack.env["WARRAQ_SECRETS_DIR"]) / "people" / "flower_password")
    url = f"http://127.0.0.1:{stack.flower_port}{path}"
    answer = requests.get(url, params=params, auth=("warraq", password), timeout=10)
    answer.raise_for_status()
    return answer


def tasks(stack: Stack, name: str, search: str, wanted: Callable[[Row], bool]) -> list[Row]:
    """Return the tasks that a search finds, as soon as one of them is as it should be; their events come later."""
    deadline, found = time.monotonic() + PATIENCE_S, list[Row]()
    while time.monotonic() < deadline and not any(map(wanted, found)):
        time.sleep(0.2)
        found = list(ask(stack, "/api/tasks", taskname=name, search=search).json().values())
    assert any(map(wanted, found)), [(task["args"], task["state"], task["result"]) for task in found]
    return found


def test_the_broker_page_knows_the_queues(stack: Stack) -> None:
    page = ask(stack, "/broker").text
    assert [queue.name for queue in QUEUES if queue.name not in page] == []


def test_an_articles_task_is_seen_from_start_to_end(stack: Stack, warraq: Command, tmp_path: Path) -> None:
    file = tmp_path / "seen.txt"
    file.write_text("عنوان الخبر في السطر الأول\nتعليق\n" + "نص الخبر الذي يراه من يراقب العمل كله. " * 20)
    assert warraq("ingest", str(file)).returncode == 0
    key = article_id(canonical(file.resolve().as_uri()))
    (task,) = tasks(stack, "process_article", key, lambda task: task["state"] == "SUCCESS")
    assert (task["args"], task["kwargs"]) == (str(file.resolve()), key)
    assert task["result"] == "indexed, 160 words"
    assert task["received"] <= task["started"] <= task["succeeded"]


def test_each_end_is_told_in_words(stack: Stack, newsroom: Newsroom, warraq: Command) -> None:
    warraq("ingest", *newsroom.feeds())
    (gone,) = [one for one in newsroom.expected() if one.reason == "http_404"]
    (thin,) = [one for one in newsroom.expected() if one.state == "rejected"]
    (failed,) = tasks(stack, "fetch_article", place(gone.url), lambda task: task["state"] == "FAILURE")
    assert failed["result"] == failed["exception"] == f"http_404 {gone.url} answered 404"
    assert failed["traceback"] is None
    (rejected,) = tasks(stack, "process_article", place(thin.url), lambda task: task["state"] == "SUCCESS")
    assert rejected["result"] == "rejected: not_an_article"
    polls = tasks(stack, "poll_source", host_of(newsroom.feeds()[0]), lambda task: task["state"] == "SUCCESS")
    assert any(" listed, " in task["result"] for task in polls)
    flushes = tasks(stack, "index_flush", " written", lambda task: task["state"] == "SUCCESS")
    assert all(task["received"] == task["started"] for task in flushes)


def test_a_host_finds_its_tasks_and_nothing_else_is_in_the_list(stack: Stack) -> None:
    everything = list(ask(stack, "/api/tasks").json().values())
    shown = {"poll_source", "obey", "fetch_article", "process_article", "index_flush", "group_articles"}
    assert {task["name"] for task in everything} <= shown
    host = next(task["args"].split("/")[0] for task in everything if task["name"] == "fetch_article")
    found = ask(stack, "/api/tasks", search=host).json()
    assert found
    assert all(host in task["args"] or host in task["result"] for task in found.values())


def test_the_list_has_the_columns_that_people_look_at(stack: Stack) -> None:
    page = ask(stack, "/tasks").text
    shown = [word.split('"')[0] for word in page.split('data-column="')[1:]]
    assert shown == ["name", "args", "state", "result", "received", "runtime", "worker"]


def test_a_browser_shows_failures_in_red_with_their_reason(stack: Stack, newsroom: Newsroom) -> None:
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("chromium is not on PATH (Debian: apt-get install chromium)")
    (gone,) = [one for one in newsroom.expected() if one.reason == "http_404"]
    rows: list[str] = []
    deadline = time.monotonic() + 4 * PATIENCE_S
    while not rows and time.monotonic() < deadline:  # a busy browser is read before its table is filled
        page = open_tasks(browser, stack, "state=FAILURE", "--dump-dom")
        rows = [row for row in page.split("<tr") if place(gone.url) in row]
    (row,) = rows
    assert '<span class="badge text-bg-danger">FAILURE</span>' in row
    assert f"http_404 {gone.url} answered 404" in row
