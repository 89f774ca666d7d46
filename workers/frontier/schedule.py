"""When each source is due, in Redis. Rebuilt from Elasticsearch; sweep looks whether any is missing.

warraq:sources      ZSET  source id -> when it is due (ms); a poll that runs has moved it to the end of its lease
warraq:polls        ZSET  source id -> until when its message in the poll queue counts (ms)
warraq:poll-starts  HASH  source id -> polls that began since one came to an end
warraq:poll-cuts    HASH  source id -> polls that an outage of our own services cut short since one came to an end
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, cast

from redis import Redis

from workers.frontier.lanes import milliseconds
from workers.frontier.lua import load

CLAIM_S: Final = 600
"""Seconds after which an unclaimed message counts as lost. One that arrives later finds its source not due."""
TAKEN_S: Final = 15
"""The same where the queue is empty: somebody took the message, and should have begun."""
RETRY_S: Final = 5
RETRY_CAP_S: Final = 600
"""Seconds until a source is due again after an outage of our own services cut its poll short: twice as many each time.

Elasticsearch's disk may be full for days. Its sources can be read then, and their sites would be asked for nothing.
"""


class Schedule:
    """Which source is next. `lease_s`: how long a poll may run before its worker is taken for dead."""

    def __init__(self, redis: Redis, *, lease_s: float) -> None:
        self._redis = redis
        self._lease_ms = int(lease_s * 1000)
        self._due = redis.register_script(load("due_sources"))
        self._begin = redis.register_script(load("begin_poll"))
        self._end = redis.register_script(load("end_poll"))

    def due(self, queue: int) -> list[str]:
        """Return due sources for the poll queue, the longest overdue first, until it holds `queue` messages.

        Those that a call before has returned count, whether or not their messages have arrived.
        """
        return [item.decode() for item in cast("list[bytes]", self._due(args=[queue, CLAIM_S * 1000, TAKEN_S * 1000]))]

    def begin(self, source_id: str) -> int:
        """Begin a poll; return how many have begun since one ended, including this one, or 0 if it is not due."""
        return cast("int", self._begin(args=[source_id, self._lease_ms]))

    def interrupt(self, source_id: str, now: datetime) -> None:
        """Take back a start cut short by an outage of our own services; the source is due again, each time later."""
        cuts = int(self._redis.hincrby("warraq:poll-cuts", source_id, 1))
        pause_s = min(RETRY_CAP_S, RETRY_S << min(cuts - 1, 16))
        pipe = self._redis.pipeline(transaction=True)
        pipe.hdel("warraq:poll-starts", source_id)
        pipe.zadd("warraq:sources", {source_id: milliseconds(now) + pause_s * 1000}, xx=True)
        pipe.execute()

    def end(self, source_id: str, at: datetime | None) -> None:
        """End a poll: its source is next due then, None = never, unless `set` has said otherwise since it began."""
        self._end(args=[source_id, "" if at is None else milliseconds(at)])

    def set(self, source_id: str, at: datetime | None) -> None:
        """Set when a source is next due, whatever a poll of it that runs will find; None = never."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.hdel("warraq:poll-starts", source_id)
        pipe.hdel("warraq:poll-cuts", source_id)
        if at is None:
            pipe.zrem("warraq:sources", source_id)
            pipe.zrem("warraq:polls", source_id)
        else:
            pipe.zadd("warraq:sources", {source_id: milliseconds(at)})
        pipe.execute()

    def add_missing(self, due: Mapping[str, datetime]) -> int:
        """Schedule the sources that are missing from the schedule; return how many were."""
        if not due:
            return 0
        return int(self._redis.zadd("warraq:sources", {one: milliseconds(at) for one, at in due.items()}, nx=True) or 0)

    def missing(self, ids: Iterable[str]) -> list[str]:
        """Return those of the sources that are not scheduled."""
        wanted = list(ids)
        scores = self._redis.zmscore("warraq:sources", wanted) if wanted else []
        return [source_id for source_id, score in zip(wanted, scores, strict=True) if score is None]

    def count(self) -> int:
        """Return how many sources are scheduled."""
        return self._redis.zcard("warraq:sources")

    def count_due(self, now: datetime, for_s: float) -> int:
        """Return how many sources have been due for at least that many seconds."""
        return self._redis.zcount("warraq:sources", "-inf", milliseconds(now) - int(for_s * 1000))
