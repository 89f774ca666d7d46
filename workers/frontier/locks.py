"""Named locks, each with its owner's token (redis-py's Lock): a late owner cannot give back another's lock."""

from contextlib import suppress
from datetime import datetime

from redis import Redis
from redis.exceptions import LockError
from redis.lock import Lock


class Locks:
    """Locks that nobody waits for: they are free or not."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def take(self, name: str, seconds: float) -> Lock | None:
        """Return a lock that expires after `seconds` unless extended or released, or None if it is taken."""
        lock = self._redis.lock(f"warraq:claim:{name}", timeout=seconds, thread_local=False)
        return lock if lock.acquire(blocking=False) else None

    def announce(self, name: str, who: str, until: datetime) -> None:
        """Say that something goes on that others must not disturb; said again before that time."""
        self._redis.zadd(f"warraq:going-on:{name}", {who: until.timestamp()})

    def withdraw(self, name: str, who: str) -> None:
        """Say that one of those who announced it has done."""
        self._redis.zrem(f"warraq:going-on:{name}", who)

    def goes_on(self, name: str, now: datetime) -> bool:
        """Return whether somebody has announced that; who died meanwhile counts until the time that was said."""
        return bool(self._redis.zcount(f"warraq:going-on:{name}", now.timestamp(), "+inf"))


def release(lock: Lock) -> None:
    """Give a lock back; harmless if it took too long, and is another's now."""
    with suppress(LockError):
        lock.release()
