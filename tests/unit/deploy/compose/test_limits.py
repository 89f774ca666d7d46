"""Memory limits of docker-compose.yml fit a machine of 4 GB, and fit what the processes may take."""

import re
from typing import Any

import pytest

from deploy.compose import plain
from deploy.local.places import CHECKOUT
from workers.settings import Settings
from workers.web.sandbox import MEMORY_MB

MACHINE_MIB = 4096
SHARED_MIB = 80
"""What a child of `process` shares with its parent, of the data that RLIMIT_DATA counts."""
PARENT_MIB = 110
ONE_SHOTS = {"secrets", "setup", "warraq"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Return the services without a profile: what `docker compose up` starts."""
    found: dict[str, Any] = plain.read(CHECKOUT / "docker-compose.yml")["services"]
    return {name: body for name, body in found.items() if not body.get("profiles")}


def mebibytes(limit: str) -> int:
    return int(limit.removesuffix("m"))


def test_the_stack_fits_a_machine_of_4_gb(services: dict[str, Any]) -> None:
    running = {name: mebibytes(body["mem_limit"]) for name, body in services.items() if name not in ONE_SHOTS}
    assert sum(running.values()) <= MACHINE_MIB, running


def test_pages_that_take_all_they_may_at_once_fit_the_container(services: dict[str, Any]) -> None:
    command = services["process"]["command"]
    children = int(command[command.index("--concurrency") + 1])
    most = PARENT_MIB + children * (Settings.model_fields["process_data_mb"].default - SHARED_MIB)
    assert most <= mebibytes(services["process"]["mem_limit"])


def test_a_listing_that_takes_all_it_may_fits_the_container(services: dict[str, Any]) -> None:
    assert mebibytes(services["poll"]["mem_limit"]) >= SHARED_MIB + MEMORY_MB


def test_redis_may_copy_all_its_data(services: dict[str, Any]) -> None:
    command = services["redis"]["command"]
    (most,) = re.findall(r"\d+", command[command.index("--maxmemory") + 1])
    assert 2 * int(most) <= mebibytes(services["redis"]["mem_limit"])


def test_elasticsearch_has_its_heap_twice(services: dict[str, Any]) -> None:
    (heap,) = re.findall(r"-Xmx(\d+)m", services["elasticsearch"]["environment"]["ES_JAVA_OPTS"])
    assert 2 * int(heap) <= mebibytes(services["elasticsearch"]["mem_limit"])
