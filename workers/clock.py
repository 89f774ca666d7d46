"""One clock for all workers: Redis'. A machine whose own clock is off must not decide when an article is due."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

AGAIN_S: Final = 30.0
"""Seconds after which Redis is asked anew: quartz drifts less than a millisecond in them."""


class RedisClock:
    """Tells Redis' time: asks for it now and then, and counts on by the monotonic clock in between."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._known = (time.monotonic(), datetime.now(UTC))
        """A moment by the monotonic clock, and the time it was: by our own clock until Redis has answered."""
        self._ask_at = 0.0

    def __call__(self) -> datetime:
        """Return the time; while Redis is away, what it would be by its last answer."""
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
