"""What all tests share: the local stack (real Redis, Elasticsearch, workers), started once.

What only the stack needs is imported where it is used: a unit test of `ingest` starts in a second.
"""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import structlog

from deploy.local import places

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch
    from redis import Redis

    from deploy.local.stack import Stack

OWN_HOME = f"{places.home()}-test"
"""Never the stack that a person works with."""
os.environ.setdefault("WARRAQ_HOME", OWN_HOME)
CI = bool(os.environ.get("CI"))
OVERRIDES = {
    "WARRAQ_FETCH_ALLOW": "127.0.0.0/8,::1/128",
    "WARRAQ_POLITENESS_S": "0",
    "WARRAQ_SWEEP_S": "2",
    "WARRAQ_LEASE_S": "12",
    "WARRAQ_METRICS_SELDOM_S": "2",
    "WARRAQ_BATCH_MOST": "1",
}
"""Loopback may be fetched, what a killed worker held comes back soon, and Flower has a task for each article: batches
are the chaos suite's."""
HEAP = "256m"

sys.modules.setdefault("aiohttp", None)  # type: ignore[arg-type]
"""Elasticsearch's client imports it where it can, for half of its time; it is installed for a benchmark."""

gc.disable()  # until all tests are imported: what that makes stays

# Tracebacks as text, as the workers log them; by default structlog draws them with all local variables, for seconds.
structlog.configure([structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the unit suite off the network."""
    for item in items:
        if item.get_closest_marker("stack") is None:
            item.add_marker(pytest.mark.disable_socket)


def pytest_collection_finish() -> None:
    """Have the garbage collector pass over everything imported so far: it would walk through it every few tests."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session")
def stack() -> Iterator["Stack"]:
    """Start the local stack in a home of its own; a missing prerequisite is a skip at home, a failure in CI."""
    from deploy.local import stack as local  # noqa: PLC0415  # see above
    from deploy.local.errors import PrerequisitesMissingError  # noqa: PLC0415
    from workers.settings import settings  # noqa: PLC0415

    local.down()
    if str(local.home()) == OWN_HOME:  # articles of an earlier run are due for looks at sites that are gone
        shutil.rmtree(OWN_HOME, ignore_errors=True)
    try:
        running = local.up(OVERRIDES, HEAP)
    except PrerequisitesMissingError as error:
        if CI:
            raise
        pytest.skip(str(error))
    settings.cache_clear()  # on a machine that never had a stack, modules that ask at import know nothing of this one
    yield running
    local.down()


@pytest.fixture(scope="session")
def elasticsearch(stack: "Stack") -> Iterator["Elasticsearch"]:
    """Hand over a client that may do everything."""
    from elasticsearch import Elasticsearch  # noqa: PLC0415  # see above

    from workers.settings import secret  # noqa: PLC0415

    password = secret(stack.home / "secrets" / "elasticsearch" / "elastic_password")
    url = f"http://127.0.0.1:{stack.elasticsearch_port}"
    with Elasticsearch(url, basic_auth=("elastic", password), request_timeout=60) as client:
        yield client


@pytest.fixture
def stack_redis(stack: "Stack") -> Iterator["Redis"]:
    """Hand over an empty database of the real Redis, away from the workers' own."""
    from workers.runtime import redis_client  # noqa: PLC0415  # see above
    from workers.settings import settings  # noqa: PLC0415

    assert stack.redis_port
    config = settings()
    client = redis_client(config.model_copy(update={"redis_url": config.redis_url.rsplit("/", 1)[0] + "/15"}))
    for key in client.scan_iter():
        client.delete(key)
    yield client
    client.close()


@pytest.fixture
def redis(stack_redis: "Redis") -> "Redis":
    """Hand over the same; files that run on a fake as well have a `redis` of their own."""
    return stack_redis
