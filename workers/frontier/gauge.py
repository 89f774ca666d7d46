"""What must be known about Redis and the stores before more work is handed out.

warraq:epoch             text  missing = this Redis knows nothing
warraq:claim:page_store  text  exists while pages cannot be stored: sites are not asked for what we could not keep
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from redis import Redis

PAGE_STORE: Final = "warraq:claim:page_store"
FULL: Final = 0.75
"""Share of Redis' memory at which admission stops: workers could not even start on a full Redis to drain it."""
BRIM: Final = 0.85
"""Share at which nothing is handed out any more: what is in hand needs the rest for its outcomes."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What tick looks at in each round, all of one moment."""

    knows: bool
    """As `Gauge.knows`."""
    paused: bool
    """As `Gauge.fetching_paused`."""
    lane_due: bool
    """Whether any lane may hold an article that is due."""
    moves: bool
    """Whether any article waits in a lane, or is in progress."""
    source_due: bool
    queued: Mapping[str, int]
    """Messages in Celery's queues."""


class Gauge:
    """How full Redis is, how long its queues are, whether it knows our state, whether pages can be stored."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def glance(self, queues: Sequence[str]) -> Glance:
        """Look at what is due and at some queues, in one round trip: most rounds find nothing to do."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.time()
        pipe.exists("warraq:epoch")
        pipe.exists(PAGE_STORE)
        pipe.zrange("warraq:lanes", 0, 0, withscores=True)
        pipe.zrange("warraq:sources", 0, 0, withscores=True)
        pipe.exists("warraq:work")
        for queue in queues:
            pipe.llen(queue)
        (seconds, micros), knows, paused, lanes, sources, work, *lengths = pipe.execute()
        now_ms = seconds * 1000 + micros // 1000
        lane_due, source_due = (any(score <= now_ms for _, score in first) for first in (lanes, sources))
        moves = bool(lanes or work)
        return Glance(bool(knows), bool(paused), lane_due, moves, source_due, dict(zip(queues, lengths, strict=True)))

    def fullness(self) -> float:
        """Return the share of its memory that Redis uses; 0.0 where it has no limit."""
        used, limit = self.memory()
        return used / limit if limit else 0.0

    def memory(self) -> tuple[int, int]:
        """Return the bytes that Redis uses, and those it may use; 0 = no limit."""
        memory = self._redis.info("memory")
        return int(memory["used_memory"]), int(memory.get("maxmemory") or 0)

    def queued(self, queue: str) -> int:
        """Return the number of messages in a Celery queue."""
        return self._redis.llen(queue)

    def knows(self) -> bool:
        """Return whether this Redis has our state; a new or wiped one has not."""
        return bool(self._redis.exists("warraq:epoch"))

    def remember(self) -> None:
        """Mark this Redis as knowing our state."""
        self._redis.set("warraq:epoch", 1)

    def forget(self) -> None:
        """Have the next tick rebuild this Redis from the ledger, which is another one now."""
        self._redis.delete("warraq:epoch")

    def go_on_fetching(self) -> None:
        """End a pause."""
        self._redis.delete(PAGE_STORE)

    def pause_fetching(self, seconds: float) -> None:
        """Stop fetching for a while, because pages cannot be stored."""
        self._redis.set(PAGE_STORE, 1, px=int(seconds * 1000))

    def fetching_paused(self) -> bool:
        """Return whether fetching is stopped because pages cannot be stored."""
        return bool(self._redis.exists(PAGE_STORE))
