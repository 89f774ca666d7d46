"""Whatever is killed in mid-work, nothing is lost and nothing doubled; without Elasticsearch a command says so."""

import time

import pytest

from deploy.demo.project import Project
from tests.compose.conftest import Texts
from tests.compose.engine import SERVICES, container, docker, healthy, kill_inside, state, titles, until, up

pytestmark = [pytest.mark.stack, pytest.mark.enable_socket]

KILLED = ("process", "index", "poll", "control", "beat", "fetch", "redis")
MANY = 240
"""What takes longer than seven kills."""
FEW = 40
SOON_S = 20
"""It takes 3 s, or 6 where no name server answers; on a busy machine a multiple."""


def test_what_dies_in_mid_work_comes_back_and_nothing_is_lost_or_doubled(project: Project, texts: Texts) -> None:
    wanted = texts.add("killed", MANY)
    project.warraq("ingest", "/texts/killed", "--timeout", "0")  # admitted, and hardly begun
    for service in KILLED:
        kill_inside(project, service)
    docker("kill", *(container(project, service) for service in ("process", "fetch")))  # these stay dead without `up`
    up(project)
    last = project.warraq("ingest", "/texts/killed")
    assert last.returncode == 0, last.stdout[-2000:] + last.stderr[-2000:]
    assert titles(project, "killed ") == wanted


@pytest.fixture(scope="module")
def without_elasticsearch(project: Project) -> Project:
    docker("kill", container(project, "elasticsearch"))
    return project


def test_a_command_says_soon_that_elasticsearch_is_away(without_elasticsearch: Project) -> None:
    began = time.monotonic()
    done = without_elasticsearch.warraq("search", "القطن", timeout=60)
    assert time.monotonic() - began < SOON_S
    assert done.returncode == 2
    assert "Elasticsearch does not answer" in done.stderr + done.stdout


def test_ingest_gives_up_with_a_count_and_a_way_on(without_elasticsearch: Project, texts: Texts) -> None:
    texts.add("away", FEW)
    done = without_elasticsearch.warraq("ingest", "/texts/away", "--outage", "2")
    assert done.returncode == 1
    assert "0 articles are admitted" in done.stderr
    assert "run the same command again" in done.stderr


def test_ingest_waits_through_a_restart_of_all(without_elasticsearch: Project, texts: Texts) -> None:
    project, wanted = without_elasticsearch, texts.add("waits", FEW)
    waiting = project.start("ingest", "/texts/waits")
    try:
        assert project.compose("restart").returncode == 0
        told, _ = waiting.communicate(timeout=300)
    finally:
        waiting.kill()
    assert waiting.returncode == 0, told
    assert titles(project, "waits") == wanted


def test_a_restart_of_all_leaves_nothing_failed_and_no_dump(project: Project) -> None:
    until(lambda: state(project, "setup")["Status"] == "exited", "setup has run")
    assert state(project, "setup")["ExitCode"] == 0
    until(lambda: all(healthy(project, service) for service in SERVICES), "all are healthy")
    logs = project.compose("logs", "--no-log-prefix")
    assert "EMERGENCY DUMP" not in logs.stdout + logs.stderr
