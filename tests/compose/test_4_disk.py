"""A disk that is too full for Elasticsearch: nothing hangs, and the reason is said."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deploy.demo.project import FILES, Project
from tests.compose.engine import up

pytestmark = [pytest.mark.stack, pytest.mark.enable_socket]

FILLER = "/usr/share/elasticsearch/data/filler"
NO_ROOM = "makes no new index"


@pytest.fixture
def small(project: Project) -> Iterator[Project]:
    small = replace(project, name="warraq-test-disk", files=(*FILES, "tests/compose/small_disk.yml"))
    project.compose("stop")  # its ports
    up(small, "--no-build", "redis", "elasticsearch")
    yield small
    small.compose("down", "--volumes", "--remove-orphans")


def fill(project: Project) -> None:
    dd = ("dd", "if=/dev/zero", f"of={FILLER}", "bs=1M", "count=200")
    done = project.compose("exec", "--no-TTY", "elasticsearch", *dd)
    assert done.returncode == 0, done.stderr


def test_a_full_disk_is_named_by_setup_and_by_status(small: Project) -> None:
    fill(small)
    refused = small.compose("run", "--rm", "--no-TTY", "setup")
    assert refused.returncode == 2
    assert "Elasticsearch's disk has" in refused.stdout + refused.stderr
    small.compose("exec", "--no-TTY", "elasticsearch", "rm", FILLER)
    assert small.compose("run", "--rm", "--no-TTY", "setup").returncode == 0
    assert NO_ROOM not in small.warraq("status").stderr
    fill(small)
    assert NO_ROOM in small.warraq("status").stderr
