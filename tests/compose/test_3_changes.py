"""Stopping under load, starting again, another image, another number of workers, and the end."""

import subprocess
import time

import pytest

from deploy.demo.project import Project
from tests.compose.conftest import Texts
from tests.compose.engine import docker, image, titles, up

pytestmark = [pytest.mark.stack, pytest.mark.enable_socket]

GRACE_S = 20
"""A stop takes 1 to 8 s; the one whose child waited for its parent took 33 s."""


@pytest.mark.parametrize("turn", range(2))
def test_workers_stop_soon_under_load(project: Project, texts: Texts, turn: int) -> None:
    texts.add(f"load-{turn}", 100)
    project.warraq("ingest", f"/texts/load-{turn}", "--timeout", "0")
    began = time.monotonic()
    project.compose("stop", "process")
    assert time.monotonic() - began < GRACE_S
    assert project.compose("start", "process").returncode == 0


def test_down_keeps_the_data_and_a_new_image_is_taken(project: Project, texts: Texts) -> None:
    wanted, old = texts.add("kept", 60), image(project, "index")
    assert project.warraq("ingest", "/texts/kept").returncode == 0
    build = ["docker", "build", "--quiet", "--tag", "warraq:0.1.0", "-"]
    subprocess.run(build, input="FROM warraq:0.1.0\nLABEL next=1\n", text=True, check=True, capture_output=True)
    assert project.compose("down").returncode == 0
    up(project, "--no-build", "--scale", "process=2")
    assert image(project, "index") != old
    assert len(project.compose("ps", "--quiet", "process").stdout.split()) == 2
    assert titles(project, "kept") == wanted


def test_down_with_volumes_leaves_nothing(project: Project) -> None:
    project.compose("down", "--volumes")
    mine = ("--filter", f"label=com.docker.compose.project={project.name}", "--quiet")
    assert docker("ps", "--all", *mine) + docker("volume", "ls", *mine) + docker("network", "ls", *mine) == ""
