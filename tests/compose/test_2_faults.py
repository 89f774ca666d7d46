"""Whatever is killed in mid-work, nothing is lost and nothing doubled."""

from collections.abc import Iterator

import pytest

from deploy.demo.project import Project
from tests.compose.conftest import Texts
from tests.compose.engine import SERVICES, container, docker, kill_inside, state, titles, until, up

pytestmark = [pytest.mark.stack, pytest.mark.enable_socket]

KILLED = ("process", "index", "poll", "control", "beat", "fetch", "redis", "elasticsearch")
EACH = 60


def test_whatever_is_killed_in_mid_work_nothing_is_lost_or_doubled(project: Project, texts: Texts) -> None:
    wanted = []
    for service in KILLED:
        wanted += texts.add(f"killed-{service}", EACH)
        project.warraq("ingest", f"/texts/killed-{service}", "--timeout", "0")  # admitted, and hardly begun
        kill_inside(project, service)
    until(lambda: all(state(project, one)["Health"]["Status"] == "healthy" for one in SERVICES), "all healthy again")
    last = project.warraq("ingest", *(f"/texts/killed-{service}" for service in KILLED))
    assert last.returncode == 0, last.stdout[-2000:] + last.stderr[-2000:]
    assert titles(project, "killed-") == sorted(wanted)


def test_what_the_engine_killed_comes_back_with_up(project: Project, texts: Texts) -> None:
    wanted = texts.add("engine", EACH)
    project.warraq("ingest", "/texts/engine", "--timeout", "0")
    docker("kill", *(container(project, service) for service in ("process", "index", "redis")))
    up(project)
    last = project.warraq("ingest", "/texts/engine")
    assert last.returncode == 0, last.stdout[-2000:] + last.stderr[-2000:]
    assert titles(project, "engine") == wanted


@pytest.fixture(scope="module")
def without_elasticsearch(project: Project) -> Iterator[Project]:
    docker("kill", container(project, "elasticsearch"))
    yield project
    if state(project, "elasticsearch")["Status"] != "running":  # else the last test has started it
        up(project)


def test_a_command_says_soon_that_elasticsearch_is_away(without_elasticsearch: Project) -> None:
    for command in (("search", "القطن"), ("failures",)):
        done = without_elasticsearch.warraq(*command, timeout=60)
        assert done.returncode == 2
        assert "Elasticsearch does not answer" in done.stderr + done.stdout


def test_ingest_gives_up_with_a_count_and_a_way_on(without_elasticsearch: Project, texts: Texts) -> None:
    texts.add("away", EACH)
    done = without_elasticsearch.warraq("ingest", "/texts/away", "--outage", "3")
    assert done.returncode == 1
    assert "0 articles are admitted" in done.stderr
    assert "run the same command again" in done.stderr


def test_ingest_waits_for_elasticsearch_and_goes_on(without_elasticsearch: Project, texts: Texts) -> None:
    wanted = texts.add("waits", EACH)
    waiting = without_elasticsearch.start("ingest", "/texts/waits")
    try:
        up(without_elasticsearch)
        told, _ = waiting.communicate(timeout=300)
    finally:
        waiting.kill()
    assert waiting.returncode == 0, told
    assert "Elasticsearch does not answer" in told
    assert titles(without_elasticsearch, "waits") == wanted
