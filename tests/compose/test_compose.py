"""What a user of `docker compose` meets, on a real engine, in the order in which they would meet it."""

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import replace
from typing import Any

import pytest

from deploy.demo.newsroom import Newsroom
from deploy.demo.on_compose import project_url, reader_key, show
from deploy.demo.project import NEWSROOM_PORT, Project
from tests.compose.conftest import TEXTS

pytestmark = [pytest.mark.stack, pytest.mark.enable_socket]

SERVICES = ("control", "poll", "fetch", "process", "index", "beat", "flower", "redis", "elasticsearch")
MEMORY_MIB = 3072
"""What the containers may take at once on a machine of 4 GB."""


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout.strip()


def container(project: Project, service: str) -> str:
    return project.compose("ps", "--all", "--quiet", service).stdout.split()[0]


def state(project: Project, service: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(docker("inspect", "--format", "{{json .State}}", container(project, service)))
    return told


def asked(url: str, header: str = "", data: bytes | None = None) -> tuple[int, bytes]:
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    if header:
        request.add_header("Authorization", header)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def documents(project: Project) -> int:
    key = f"ApiKey {reader_key(project)}"
    asked(f"{project_url(project)}/news/_refresh", key)
    return int(json.loads(asked(f"{project_url(project)}/news/_count", key)[1])["count"])


def test_everything_is_up_and_no_worker_takes_itself_for_root(project: Project) -> None:
    for service in SERVICES:
        assert state(project, service)["Health"]["Status"] == "healthy", service
    assert "superuser" not in project.compose("logs").stdout


@pytest.mark.parametrize(("contact", "said"), [("", "set it in .env"), ("nobody", "WARRAQ_CONTACT_URL is 'nobody'")])
def test_a_wrong_contact_is_said_at_the_start_and_once(project: Project, contact: str, said: str) -> None:
    other = replace(project, name="warraq-test-wrong", settings={**project.settings, "WARRAQ_CONTACT_URL": contact})
    began = time.monotonic()
    started = other.compose("up", "--detach", "--wait")
    told = started.stderr + other.compose("logs", "secrets").stdout
    replace(other, settings=project.settings).compose("down", "--volumes")
    assert started.returncode
    assert told.count(said) == 1
    assert time.monotonic() - began < 60


def test_the_newsroom_becomes_searchable(project: Project) -> None:
    assert show(project) == []


def test_the_commands_of_the_readme(project: Project) -> None:
    told = project.warraq("keys").stdout
    assert f"{project_url(project)}/news/_search" in told
    for command in (
        ("search", "القطن", "--size", "1"),
        ("sources", "import", "deploy/sources.toml"),
        ("sources", "list"),
        ("status",),
        ("reindex", "--yes"),
    ):
        done = project.warraq(*command)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    fetched = project.warraq("rules", "try", "https://nowhere.invalid/")
    assert "resolve" in fetched.stdout + fetched.stderr  # it asks the web, and says what the web says


def test_doors_are_shut(project: Project) -> None:
    elastic, flower = project_url(project), f"http://127.0.0.1:{project.flower_port}"
    reader = f"ApiKey {reader_key(project)}"
    password = json.loads(project.warraq("keys", "--json").stdout)["flower_password"]
    known = "Basic " + base64.b64encode(f"warraq:{password}".encode()).decode()
    assert asked(f"{elastic}/news/_count")[0] == 401
    assert asked(f"{elastic}/news/_count", reader)[0] == 200
    assert asked(f"{elastic}/news-articles-2026.01/_doc/1", reader, b"{}")[0] == 403
    assert asked(f"{flower}/workers")[0] == 401
    assert asked(f"{flower}/workers", known)[0] == 200
    published = docker("ps", "--filter", f"label=com.docker.compose.project={project.name}", "--format", "{{.Ports}}")
    assert "0.0.0.0:" not in published
    assert ":::" not in published


def test_whatever_is_killed_in_mid_work_nothing_is_lost_or_doubled(project: Project) -> None:
    before = documents(project)
    for service in ("process", "index", "poll", "control", "beat", "fetch", "redis", "elasticsearch"):
        project.warraq("ingest", "/texts", "--timeout", "1")
        docker("kill", container(project, service))
        project.compose("up", "--detach", "--wait")
    last = project.warraq("ingest", "/texts")
    assert last.returncode == 0, last.stdout[-2000:]
    assert documents(project) == before + TEXTS


def test_down_under_load_takes_ten_seconds_and_keeps_the_data(project: Project) -> None:
    before = documents(project)
    project.warraq("ingest", *Newsroom(NEWSROOM_PORT, project.started_at).feeds(), "--timeout", "1")
    began = time.monotonic()
    project.compose("stop", "control", "poll", "fetch", "process", "index", "beat")
    assert time.monotonic() - began < 10
    project.compose("down")
    assert project.compose("up", "--detach", "--wait", "--scale", "process=2").returncode == 0
    assert len(project.compose("ps", "--quiet", "process").stdout.split()) == 2
    assert documents(project) == before


def test_a_new_image_replaces_the_old_one_and_the_data_stay(project: Project) -> None:
    before, old = documents(project), docker("inspect", "--format", "{{.Image}}", container(project, "index"))
    label = "version-of-the-test"
    build = ["docker", "build", "--quiet", "--tag", "warraq:0.1.0", "-"]
    subprocess.run(build, input=f"FROM warraq:0.1.0\nLABEL {label}=1\n", text=True, check=True, capture_output=True)
    assert project.compose("up", "--detach", "--wait", "--no-build").returncode == 0
    assert docker("inspect", "--format", "{{.Image}}", container(project, "index")) != old
    assert documents(project) == before
    assert project.compose("up", "--detach", "--wait").returncode == 0  # and `up` brings the checkout's own code back
    assert docker("inspect", "--format", "{{.Image}}", container(project, "index")) == old


def test_a_restart_of_all_leaves_nothing_failed_and_no_dump(project: Project) -> None:
    assert project.compose("restart").returncode == 0
    deadline = time.monotonic() + 120
    while state(project, "setup")["Status"] == "running" and time.monotonic() < deadline:
        time.sleep(1)
    assert state(project, "setup")["ExitCode"] == 0
    assert "EMERGENCY DUMP" not in project.compose("logs").stderr + project.compose("logs").stdout


def test_without_elasticsearch_a_command_says_so_soon(project: Project) -> None:
    project.compose("stop", "elasticsearch")
    began = time.monotonic()
    done = project.warraq("search", "القطن")
    took = time.monotonic() - began
    project.compose("up", "--detach", "--wait")
    assert done.returncode == 2
    assert "Elasticsearch does not answer" in done.stderr + done.stdout
    assert took < 10


def test_all_fits_a_machine_of_4_gb(project: Project) -> None:
    names = docker("ps", "--filter", f"label=com.docker.compose.project={project.name}", "--format", "{{.Names}}")
    told = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", *names.split())
    used = [amount.split("/")[0].strip() for amount in told.splitlines()]
    units = {"GiB": 1024.0, "MiB": 1.0, "KiB": 1 / 1024}
    assert sum(float(amount[:-3]) * units[amount[-3:]] for amount in used) < MEMORY_MIB, used


def test_down_with_volumes_leaves_nothing(project: Project) -> None:
    project.compose("down", "--volumes")
    mine = ("--filter", f"label=com.docker.compose.project={project.name}", "--quiet")
    assert docker("ps", "--all", *mine) + docker("volume", "ls", *mine) + docker("network", "ls", *mine) == ""
