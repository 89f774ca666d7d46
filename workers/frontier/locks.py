"""Named locks, each with its owner's token (redis-py's Lock): a late owner cannot give back another's lock."""

from redis import Redis
from redis.lock import Lock


class Locks:
    """Locks that nobody waits for: they are free or not."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def take(self, name: str, seconds: float) -> Lock | None:
        """Return a lock that expires after `seconds` unless extended or released, or None if it is taken."""
        lock = self._redis.lock(f"warraq:claim:{name}", timeout=seconds, thread_local=False)
        return lock if lock.acquire(blocking=False) else None

    def announce(self, name: str, seconds: float) -> None:
        """Say that something goes on that others must not disturb; said again before `seconds` are over."""
        self._redis.set(f"warraq:goes-on:{name}", 1, px=int(seconds * 1000))

    def goes_on(self, name: str) -> bool:
        """Return whether somebody has announced that."""
        return bool(self._redis.exists(f"warraq:goes-on:{name}"))
