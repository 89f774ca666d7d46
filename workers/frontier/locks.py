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
