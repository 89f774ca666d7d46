"""When each worker was last heard of: what tells that one is gone, since a dead worker says nothing.

warraq:heartbeats  ZSET  worker (`fetch@host`), or `beat` -> when it was last heard of (ms)
"""

import time
from contextlib import suppress
from typing import Final, cast

from redis import Redis
from redis.exceptions import RedisError

from workers.frontier.lua import load

KEY: Final = "warraq:heartbeats"
EVERY_S: Final = 4.0
"""At most so often: workers have a slower rhythm, but beat publishes every second."""
FORGOTTEN_S: Final = 900
"""Whoever was last heard of longer ago is forgotten: a container that was replaced has another name."""


class Heartbeats:
    """The heartbeats of all workers."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._last = float("-inf")

    def beat(self, worker: str) -> None:
        """Record that a worker is alive. A Redis that is away hears nothing, and that is all."""
        if time.monotonic() - self._last >= EVERY_S:
            self._last = time.monotonic()
            with suppress(RedisError):
                self._redis.eval(load("heartbeat"), 0, worker, FORGOTTEN_S * 1000)

    def end(self, worker: str) -> None:
        """Forget a worker that ends as it should."""
        with suppress(RedisError):
            self._redis.zrem(KEY, worker)

    def all(self) -> dict[str, float]:
        """Return when each was last heard of, in seconds since the epoch."""
        found = cast("list[tuple[bytes, float]]", self._redis.zrange(KEY, 0, -1, withscores=True))
        return {worker.decode(): score / 1000 for worker, score in found}
