"""How far a walk that takes days has come, in Redis; if that is lost, it begins again."""

from typing import Final, cast

from redis import Redis

PREFIX: Final = "warraq:checkpoint:"


class Checkpoint:
    """A place in an order of ids; '' is the beginning."""

    def __init__(self, redis: Redis, name: str) -> None:
        self._redis = redis
        self._key = PREFIX + name

    def get(self) -> str:
        """Return the place that was reached."""
        return (cast("bytes | None", self._redis.get(self._key)) or b"").decode()

    def set(self, place: str) -> None:
        """Note the place that is reached now."""
        self._redis.set(self._key, place)
