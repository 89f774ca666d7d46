"""One clock for all workers: Redis'. A machine whose own clock is off must not decide when an article is due."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

AGAIN_S: Final = 30.0
"""Seconds between two questions to Redis; quartz drifts less than a millisecond in that time."""
JUMP_S: Final = 1.0
"""By so many seconds our own clock must be set for us to ask at once: it may be Redis', too."""


class RedisClock:
    """Redis' time, asked for now and then and extrapolated with the monotonic clock in between."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._known = (time.monotonic(), datetime.now(UTC))
        """A monotonic time and the wall-clock time it stands for: our own until Redis has answered."""
        self._ask_at = 0.0
        self._set_to = 0.0
        """Our own clock against the monotonic one, when Redis was last asked."""

    def __call__(self) -> datetime:
        """Return the time; while Redis is away, extrapolated from its last answer."""
        set_to = time.time() - time.monotonic()
        if time.monotonic() >= self._ask_at or abs(set_to - self._set_to) > JUMP_S:
            self._ask_at, self._set_to = time.monotonic() + AGAIN_S, set_to
            with suppress(RedisError):
                self._known = self._ask()
        moment, answer = self._known
        return answer + timedelta(seconds=time.monotonic() - moment)

    def _ask(self) -> tuple[float, datetime]:
        sent = time.monotonic()
        seconds, micros = self._redis.time()
        return (sent + time.monotonic()) / 2, datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)
