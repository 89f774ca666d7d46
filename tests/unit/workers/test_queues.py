"""A queue is declared once; whatever has forgotten it is named here."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.compose import plain
from deploy.compose.lint import lint
from deploy.k8s.lint import command_of
from deploy.local.places import CHECKOUT
from deploy.queues import Queue, served
from workers import queues, tasks
from workers.app import app
from workers.queues import QUEUES, Task, described
from workers.runtime import POLL_LEASES
from workers.secrets import ensure_secrets
from workers.settings import Settings, settings
from workers.steps import poll
from workers.store import pages
from workers.web import sandbox
from workers.web.handle import Limits

WANTED = [Queue(**one) for one in described()]
WORKERS = [
    one
    for one in yaml.load_all((CHECKOUT / "deploy/k8s/base/workers.yaml").read_text(), Loader=yaml.CSafeLoader)
    if one
]
TASKS = {task.name: (queue.name, task) for queue in QUEUES for task in queue.tasks}


def test_every_task_has_its_queue_and_its_limits() -> None:
    assert tasks
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert ours.keys() == TASKS.keys()
    for name, task in ours.items():
        queue, limits = TASKS[name]
        assert (task.soft_time_limit, task.time_limit) == (limits.soft_s, limits.hard_s)
        assert app.amqp.router.route({}, name)["queue"].name == queue


def test_the_app_has_each_queue_with_an_exchange_of_its_own() -> None:
    assert [(one.name, one.exchange.name, one.routing_key) for one in app.conf.task_queues] == [
        (one.name, one.name, one.name) for one in QUEUES
    ]


def test_what_a_worker_loads_at_its_start_is_there() -> None:
    assert [module for queue in QUEUES for module in queue.preload if find_spec(module) is None] == []


def test_a_thread_ends_by_the_deadlines_of_what_it_calls() -> None:
    """Celery cannot stop a thread, whatever its limits say: it must be done before its lease is over."""
    one_request, lease = Limits().total_s, Settings.model_fields["lease_s"].default
    fetch_s = one_request + 2 * pages.STORE_S
    poll_s = one_request + sandbox.WAIT_S + sandbox.TIME_S + poll.STORE_S + pages.STORE_S
    assert fetch_s < TASKS["fetch_article"][1].hard_s <= lease
    assert poll_s <= TASKS["poll_source"][1].hard_s < lease * POLL_LEASES


def test_fetchers_are_handed_twice_their_threads() -> None:
    (fetch,) = [one for one in QUEUES if one.name == "fetch"]
    assert Settings.model_fields["fetch_slots"].default == 2 * fetch.concurrency


def test_flower_may_see_each_queue_also_by_its_priorities(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    (flower,) = [line for line in (tmp_path / "redis/users.acl").read_text().splitlines() if "user flower" in line]
    wanted = {pattern for one in QUEUES for pattern in (f"~{one.name}", f"~{one.name}??[0-9]")}
    assert wanted <= set(flower.split())


def test_kubernetes_has_a_worker_for_each_queue_and_lets_the_same_ones_out() -> None:
    commands = {one["metadata"]["name"]: command_of(one) for one in WORKERS}
    assert list(served(commands, WANTED)) == []
    labels = {one["metadata"]["name"]: one["spec"]["template"]["metadata"]["labels"] for one in WORKERS}
    assert {name for name, has in labels.items() if "warraq/internet" in has} == {
        one.name for one in QUEUES if one.internet
    }


def test_a_queue_that_compose_and_kubernetes_have_forgotten_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    more = replace(QUEUES[0], name="stories", tasks=(Task("cluster", 5, 6),))
    monkeypatch.setattr(queues, "QUEUES", (*QUEUES, more))
    wanted = [Queue(**one) for one in described()]
    config: dict[str, Any] = plain.read(CHECKOUT / "docker-compose.yml")
    missing = "stories: nobody works on this queue of workers/queues.py"
    assert lint(config, CHECKOUT, wanted) == [missing]
    assert list(served({one["metadata"]["name"]: command_of(one) for one in WORKERS}, wanted)) == [missing]


def test_a_child_is_replaced_before_its_memory_limit_would_fail_an_innocent_page() -> None:
    limit_kb = settings().process_data_mb * 1024
    assert limit_kb / 2 < app.conf.worker_max_memory_per_child < limit_kb
