"""What a user of `docker compose` meets on the first day. The files here run in the order of their names."""

import base64
import json
from dataclasses import replace

import pytest

from deploy.demo.on_compose import project_url, reader_key, show
from deploy.demo.project import Project
from tests.compose.conftest import Texts
from tests.compose.engine import SERVICES, WORKERS, asked, container, docker, healthy, state

pytestmark = [pytest.mark.stack, pytest.mark.enable_socket]


def test_everything_is_up_and_no_worker_takes_itself_for_root(project: Project) -> None:
    for service in SERVICES:
        assert healthy(project, service), service
    assert "superuser" not in project.compose("logs", *WORKERS).stdout
    assert project.compose("exec", "--no-TTY", "fetch", "sh", "-c", "ulimit -n").stdout.strip() == "16384"


@pytest.mark.parametrize(("contact", "said"), [("", "set it in .env"), ("nobody", "WARRAQ_CONTACT_URL is 'nobody'")])
def test_a_wrong_contact_is_said_at_the_start_and_once(project: Project, contact: str, said: str) -> None:
    other = replace(project, name="warraq-test-wrong", settings={**project.settings, "WARRAQ_CONTACT_URL": contact})
    started = other.compose("up", "--detach", "--wait", "--no-build")
    logs = other.compose("logs", "secrets").stdout
    replace(other, settings=project.settings).compose("down", "--volumes")
    assert started.returncode
    assert (started.stderr + logs).count(said) == 1


def test_the_newsroom_becomes_searchable(project: Project) -> None:
    assert show(project) == []


def test_the_commands_of_the_readme(project: Project) -> None:
    before = [state(project, service)["StartedAt"] for service in ("secrets", "setup")]
    for command in (
        ("search", "القطن", "--size", "1"),
        ("sources", "import", "deploy/sources.toml"),
        ("status",),
        ("reindex", "--yes"),
    ):
        done = project.warraq(*command)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        assert len(done.stderr.splitlines()) <= 4, done.stderr  # compose's own lines about the container
    assert f"{project_url(project)}/news/_search" in project.warraq("keys").stdout
    assert [
        state(project, service)["StartedAt"] for service in ("secrets", "setup")
    ] == before  # a command starts neither


def test_what_is_piped_is_whole(project: Project) -> None:
    listed = [json.loads(line)["url"] for line in project.warraq("sources", "list", "--json").stdout.splitlines()]
    shown = project.warraq("sources", "list").stdout
    assert listed
    assert [url for url in listed if url not in shown] == []


def test_the_command_line_reaches_the_web(project: Project) -> None:
    done = project.warraq("rules", "try", "https://nowhere.invalid/")
    assert "resolve" in done.stdout + done.stderr  # it asks, and says what the web says


@pytest.mark.parametrize(
    ("path", "said"),
    [("/texts/empty", "nothing to ingest"), ("/texts/closed", "Permission denied"), ("/nowhere", "no such file")],
)
def test_a_folder_without_articles_is_named(project: Project, path: str, said: str) -> None:
    done = project.warraq("ingest", path)
    assert done.returncode == 1
    assert said in done.stderr + done.stdout


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
    assert b'type="password"' in asked(f"http://127.0.0.1:{project.desk_port}/?q=x")[1]
    published = docker("ps", "--filter", f"label=com.docker.compose.project={project.name}", "--format", "{{.Ports}}")
    assert "0.0.0.0:" not in published
    assert ":::" not in published


def test_licences_come_with_the_image(project: Project) -> None:
    told = project.compose("exec", "--no-TTY", "index", "cat", "/app/NOTICE", "/app/LICENSE").stdout
    assert "CC BY-SA 4.0" in told
    assert "Apache License" in told


def test_all_fits_a_machine_of_4_gb(project: Project, texts: Texts) -> None:
    texts.add("memory", 300)
    project.warraq("ingest", "/texts/memory")
    running = [container(project, one) for one in SERVICES]
    told = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", *running)
    used = [amount.split("/")[0].strip() for amount in told.splitlines()]
    units = {"GiB": 1024.0, "MiB": 1.0, "KiB": 1 / 1024}
    assert sum(float(amount[:-3]) * units[amount[-3:]] for amount in used) < 3072, used
    assert set(docker("inspect", "--format", "{{.RestartCount}}", *running).split()) == {"0"}, "one had too little"
