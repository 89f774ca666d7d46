"""The profile `monitoring`, but for Grafana: Prometheus asks the exporter, in compose, and has our rules."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from deploy.demo.project import FILES, Project
from tests.compose.engine import asked, docker, until

pytestmark = [pytest.mark.stack, pytest.mark.enable_socket, pytest.mark.usefixtures("prometheus")]

PORT = 29090


def answer(path: str) -> Any:
    status, text = asked(f"http://127.0.0.1:{PORT}/api/v1/{path}")
    assert status == 200, text
    return json.loads(text)["data"]


def ready() -> bool:
    try:
        return asked(f"http://127.0.0.1:{PORT}/-/ready")[0] == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def prometheus(project: Project) -> Iterator[Project]:
    if shutil.which("prometheus") != "/usr/bin/prometheus":
        pytest.skip("no Prometheus to stand in for the image (Debian: apt-get install prometheus)")
    settings = {**project.settings, "WARRAQ_PROMETHEUS_PORT": str(PORT)}
    watched = replace(project, settings=settings, files=(*FILES, "tests/compose/prometheus.yml"))
    started = watched.compose("--profile", "monitoring", "up", "--detach", "--no-deps", "metrics", "prometheus")
    assert started.returncode == 0, started.stderr
    until(ready, "Prometheus is ready")
    yield watched
    watched.compose("rm", "--stop", "--force", "metrics", "prometheus")  # without the profile `down` would leave them
    docker("volume", "rm", f"{project.name}_prometheus-data")


def test_prometheus_scrapes_the_exporter_and_every_worker_is_heard() -> None:
    until(lambda: [one["health"] for one in answer("targets")["activeTargets"]] == ["up"], "the exporter is scraped")
    heard = answer("query?query=time()-warraq_worker_heartbeat_timestamp_seconds<45")["result"]
    assert {one["metric"]["queue"] for one in heard} >= {"beat", "control", "poll", "fetch", "process", "index"}
    away = answer("query?query=warraq_service_up==0")["result"]
    assert away == []


def test_all_rules_are_loaded_and_answer() -> None:
    def rules() -> list[dict[str, Any]]:
        return [rule for group in answer("rules")["groups"] for rule in group["rules"]]

    until(lambda: rules() and all(rule["health"] == "ok" for rule in rules()), "every rule was evaluated")
    assert sum(rule["type"] == "alerting" for rule in rules()) >= 16
    assert [rule["name"] for rule in rules() if rule.get("state") == "firing"] == []
