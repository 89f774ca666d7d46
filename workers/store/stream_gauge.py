"""How full the index stream is: what back-pressure, status and metrics ask of it, without a consumer."""

from datetime import UTC, datetime
from typing import Any, Final, cast

from redis import Redis

KEY: Final = "warraq:index-stream"
BYTES: Final = "warraq:index-bytes"
UNREADABLE: Final = "warraq:index-unreadable"


class StreamGauge:
    """Reads sizes and ages, and changes nothing."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def depth(self) -> int:
        """Return the number of items that wait or are being written."""
        return self._redis.xlen(KEY)

    def oldest(self) -> datetime | None:
        """Return when the first of them was added, or None."""
        found = cast("list[Any]", self._redis.xrange(KEY, count=1))
        return datetime.fromtimestamp(int(found[0][0].partition(b"-")[0]) / 1000, UTC) if found else None

    def load(self) -> tuple[int, int]:
        """Return the number of the items that wait or are being written, and their size.

        An empty stream has none, whatever the gauge says: a flusher of a version without a gauge may have emptied it.
        """
        pipe = self._redis.pipeline(transaction=False)
        pipe.xlen(KEY)
        pipe.get(BYTES)
        depth, size = pipe.execute()
        return depth, max(0, int(size or 0)) if depth else 0

    def bytes(self) -> int:
        """Return the size of the items that wait or are being written."""
        return self.load()[1]

    def unreadable(self) -> int:
        """Return how many entries could not be read, of late: UNREADABLE_KEPT at most."""
        return self._redis.xlen(UNREADABLE)
