"""Lanes in Redis: the per-host queues of the URL frontier. All of it can be lost: sweep rebuilds it from the ledger.

    warraq:lanes          ZSET  lane -> when it may next be asked (ms)
    warraq:lane:<lane>    ZSET  article id -> when it is due (ms)
    warraq:archive:<lane> ZSET  the same for old articles, which come after the fresh ones
    warraq:hold:<lane>    text  exists while the lane's host may not be asked; see `turns`

A waiting article is only an id in one of these sets (`leases` explains tickets). Every script takes Redis' own
clock, so that workers' clocks do not matter. In a pipeline a script travels as text: for one that is registered,
redis-py asks first whether the server has it, a round trip more each time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, cast

from redis import Redis

from ingest.document import RECORD
from ingest.ledger.admission import is_archive
from ingest.ledger.record import Record
from ingest.urls import INLINE
from workers.frontier.lua import load

TICKETS: Final = 1000
"""Most articles that may have a ticket (2-3 KB each): enough for those in progress, however many wait."""


class Lanes:
    """The waiting articles of each host. `busy_s` and `host_budget` as in `turns`."""

    def __init__(self, redis: Redis, *, busy_s: float, lease_s: float, host_budget: int) -> None:
        self._redis = redis
        self._lease_ms = int(lease_s * 1000)
        self._busy_ms = int(busy_s * 1000)
        self._budget = host_budget
        self._pop = redis.register_script(load("pop"))
        self._waiting = redis.register_script(load("waiting"))

    def push(self, records: Iterable[Record]) -> None:
        """Put pending records into their lanes, due at their `due_at`. Idempotent."""
        pipe = self._redis.pipeline(transaction=False)
        for record in records:
            due_ms, archive = milliseconds(record.due_at), int(is_archive(record))
            ticket = RECORD.dump_json(record)
            pipe.eval(load("push"), 0, record.lane, record.id, due_ms, archive, ticket, TICKETS)
        pipe.execute()

    def pop(self, room: int) -> list[tuple[str, str]]:
        """Take up to `room` due articles out of their lanes, as (lane, id), each under a lease.

        One from each lane whose host may be asked now; nobody else gets that host until its turn ends (`turns`), or
        until the lease is over: its worker died. The inline lane asks no host. Without politeness a lane gives all
        there is room for.
        """
        if room <= 0:
            return []
        flat = cast("list[bytes]", self._pop(args=[room, self._lease_ms, self._busy_ms, INLINE, self._budget]))
        texts = [item.decode() for item in flat]
        return list(zip(texts[::2], texts[1::2], strict=True))

    def remove(self, records: Iterable[Record]) -> None:
        """Take articles out of their lanes."""
        pipe = self._redis.pipeline(transaction=False)
        for record in records:
            pipe.zrem(f"warraq:lane:{record.lane}", record.id)
            pipe.zrem(f"warraq:archive:{record.lane}", record.id)
        pipe.execute()

    def depths(self) -> dict[str, int]:
        """Return how many articles wait in each lane that has any."""
        lanes = [lane.decode() for lane in cast("list[bytes]", self._redis.zrange("warraq:lanes", 0, -1))]
        return self.depths_of(lanes)

    def waiting(self) -> tuple[int, int]:
        """Return how many lanes there are, and how many articles wait in them all."""
        lanes, articles = cast("list[int]", self._waiting())
        return lanes, articles

    def depths_of(self, lanes: Sequence[str]) -> dict[str, int]:
        """Return how many articles wait in each of some lanes."""
        pipe = self._redis.pipeline(transaction=False)
        for lane in lanes:
            pipe.zcard(f"warraq:lane:{lane}")
            pipe.zcard(f"warraq:archive:{lane}")
        counts = pipe.execute()
        return {lane: fresh + old for lane, fresh, old in zip(lanes, counts[::2], counts[1::2], strict=True)}


def milliseconds(at: datetime) -> int:
    """Return a time as a score: milliseconds since the epoch."""
    return int(at.timestamp() * 1000)
