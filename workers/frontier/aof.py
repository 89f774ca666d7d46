"""Redis' append-only file, which has all that was ever written until it is made anew from what is there."""

import time
from collections.abc import Callable
from typing import Final, cast

from redis import Redis
from redis.exceptions import ResponseError

from ingest.errors import Unavailable

PAUSE_S: Final = 0.1
PATIENCE: Final = 6000
"""Looks at a rewrite that is under way: ten minutes."""
BUSY: Final = "in progress"


class Aof:
    """Has the file made anew. `redis`: a client of the user `operator`, the only one that may."""

    def __init__(self, redis: Redis, sleep: Callable[[float], object] = time.sleep) -> None:
        self._redis = redis
        self._sleep = sleep

    def rewrite(self) -> None:
        """Return when the file holds nothing that was deleted before this call. Raises Unavailable if it fails."""
        if not self._persistence()["aof_enabled"]:
            return
        self._wait()
        try:
            self._redis.bgrewriteaof()
        except ResponseError as error:
            if BUSY not in str(error):
                raise
            self._wait()
            self._redis.bgrewriteaof()
        self._wait()
        if self._persistence()["aof_last_bgrewrite_status"] != "ok":
            raise Unavailable("redis_log", "Redis could not make its append-only file anew; its log says why")

    def _wait(self) -> None:
        for _ in range(PATIENCE):
            now = self._persistence()
            if not now["aof_rewrite_in_progress"] and not now["aof_rewrite_scheduled"]:
                return
            self._sleep(PAUSE_S)
        raise Unavailable("redis_log", "Redis takes more than ten minutes to make its append-only file anew")

    def _persistence(self) -> dict[str, object]:
        return cast("dict[str, object]", self._redis.info("persistence"))
