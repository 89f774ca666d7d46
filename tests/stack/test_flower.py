"""Flower shows the tasks, although workers send their events in lots."""

import time
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.local.stack import Stack
from ingest.urls import article_id, canonical
from tests.stack.conftest import Command
from workers.queues import QUEUES
from workers.settings import secret

pytestmark = pytest.mark.stack
PATIENCE_S = 15.0


def ask(stack: Stack, path: str, **params: str) -> requests.Response:
    password = secret(Path(stack.env["WARRAQ_SECRETS_DIR"]) / "people" / "flower_password")
    url = f"http://127.0.0.1:{stack.flower_port}{path}"
    answer = requests.get(url, params=params, auth=("warraq", password), timeout=10)
    answer.raise_for_status()
    return answer


def tasks(stack: Stack, name: str) -> list[dict[str, Any]]:
    return list(ask(stack, "/api/tasks", taskname=name).json().values())


def test_the_broker_page_knows_the_queues(stack: Stack) -> None:
    page = ask(stack, "/broker").text
    assert [queue.name for queue in QUEUES if queue.name not in page] == []


def test_an_articles_task_is_seen_from_start_to_end(stack: Stack, warraq: Command, tmp_path: Path) -> None:
    file = tmp_path / "seen.txt"
    file.write_text("عنوان الخبر في السطر الأول\nتعليق\n" + "نص الخبر الذي يراه من يراقب العمل كله. " * 20)
    assert warraq("ingest", str(file)).returncode == 0
    key, deadline = article_id(canonical(file.resolve().as_uri())), time.monotonic() + PATIENCE_S
    mine: list[dict[str, Any]] = []
    while time.monotonic() < deadline and not any(task["state"] == "SUCCESS" for task in mine):
        time.sleep(0.2)
        mine = [task for task in tasks(stack, "process_article") if key in task["args"]]
    (task,) = mine
    assert task["state"] == "SUCCESS"
    assert task["received"] <= task["started"] <= task["succeeded"]
