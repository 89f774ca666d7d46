"""On what the cases about Redis run: a fake, the server of the stack, and Valkey, which the local extra brings."""

import pytest
from fakeredis import FakeRedis
from redis import Redis

REDIS = [
    "fake",
    pytest.param("stack_redis", marks=pytest.mark.stack),
    pytest.param("valkey", marks=pytest.mark.stack),
]


def redis_of(request: pytest.FixtureRequest) -> Redis:
    """Return the client that the case's parameter names."""
    if request.param == "fake":
        return FakeRedis()
    client: Redis = request.getfixturevalue(request.param)
    return client
