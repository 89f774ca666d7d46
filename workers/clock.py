"""One clock for all workers: Redis'. A machine whose own clock is off must not decide when an article is due."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

AGAIN_S: Final = 30.0
"""Seconds between two questions to Redis; quartz drifts less than a millisecond in that time."""


class RedisClock:
    """Redis' time, asked for now and then and extrapolated with the monotonic clock in between."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._known = (time.monotonic(), datetime.now(UTC))
        """A monotonic time and the wall-clock time it stands for: our own until Redis has answered."""
        self._ask_at = 0.0

    def __call__(self) -> datetime:
        """Return the time; while Redis is away, extrapolated from its last answer."""
        if time.monotonic() >= self._ask_at:
            self._ask_at = time.monotonic() + AGAIN_S
            with suppress(RedisError):
                self._known = self._ask()
        moment, answer = self._known
        return answer + timedelta(seconds=time.monotonic() - moment)

    def _ask(self) -> tuple[float, datetime]:
        sent = time.monotonic()
        seconds, micros = self._redis.time()
        return (sent + time.monotonic()) / 2, datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)
