"""Stopping, starting anew, another image, a full disk, and the end."""

import subprocess
import time

import pytest

from deploy.demo.project import Project
from tests.compose.conftest import Texts
from tests.compose.engine import docker, image, state, titles, until, up

pytestmark = [pytest.mark.stack, pytest.mark.enable_socket]

GRACE_S = 20
"""A stop takes 1 to 5 s; the one whose child waited for its parent took 33 s."""


def test_workers_stop_soon_under_load(project: Project, texts: Texts) -> None:
    for turn in range(4):
        texts.add(f"load-{turn}", 100)
        project.warraq("ingest", f"/texts/load-{turn}", "--timeout", "0")
        began = time.monotonic()
        project.compose("stop", "process")
        assert time.monotonic() - began < GRACE_S
        assert project.compose("start", "process").returncode == 0


def test_a_restart_of_all_leaves_nothing_failed_and_no_dump(project: Project) -> None:
    assert project.compose("restart").returncode == 0
    until(lambda: state(project, "setup")["Status"] == "exited", "setup has run")
    assert state(project, "setup")["ExitCode"] == 0
    logs = project.compose("logs", "--no-log-prefix")
    assert "EMERGENCY DUMP" not in logs.stdout + logs.stderr


def test_down_keeps_the_data_and_a_new_image_is_taken(project: Project, texts: Texts) -> None:
    wanted, old = sorted(texts.add("kept", 60)), image(project, "index")
    assert project.warraq("ingest", "/texts/kept").returncode == 0
    build = ["docker", "build", "--quiet", "--tag", "warraq:0.1.0", "-"]
    subprocess.run(build, input="FROM warraq:0.1.0\nLABEL next=1\n", text=True, check=True, capture_output=True)
    began = time.monotonic()
    project.compose("stop", "control", "poll", "fetch", "process", "index", "beat", "flower")
    assert time.monotonic() - began < GRACE_S
    up(project, "--no-build")
    assert image(project, "index") != old
    project.compose("down")
    up(project, "--scale", "process=2")  # which builds this checkout's own image again
    assert image(project, "index") == old
    assert len(project.compose("ps", "--quiet", "process").stdout.split()) == 2
    assert titles(project, "kept") == wanted


def test_down_with_volumes_leaves_nothing(project: Project) -> None:
    project.compose("down", "--volumes")
    mine = ("--filter", f"label=com.docker.compose.project={project.name}", "--quiet")
    assert docker("ps", "--all", *mine) + docker("volume", "ls", *mine) + docker("network", "ls", *mine) == ""
