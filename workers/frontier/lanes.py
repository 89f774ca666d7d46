"""Lanes, leases and tickets in Redis: the doorbell. All of it can be lost; sweep builds it anew from the ledger.

    warraq:lanes          ZSET  lane -> when it may next be asked (ms)
    warraq:lane:<lane>    ZSET  article id -> when it is due (ms)
    warraq:hold:<lane>    text  exists while the lane's host must be left in peace; see `turns`
    warraq:work           ZSET  article id -> when sweep should look after it (ms): in a lane, or leased
    warraq:tickets        HASH  article id -> its Record as JSON: spares the fetcher a look into Elasticsearch
    warraq:started        HASH  article id -> the step that is at work on it
    warraq:sources        ZSET  source id -> when it is due (ms)
    warraq:epoch          text  missing = this Redis knows nothing

Every script takes Redis' own clock, so that workers' clocks do not matter. In a pipeline a script travels as text: for
one that is registered, redis-py asks first whether the server has it, a round trip more each time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, cast

from redis import Redis
from redis.client import Pipeline

from ingest.document import RECORD
from ingest.ledger.record import Record, Stage
from ingest.urls import INLINE
from workers.frontier import scripts

IN_PROGRESS: Final = "held"
FORGOTTEN: Final = "forgotten"
"""What `whereabouts` says beside a Stage."""
LET_GO_S: Final = 5
"""Seconds until sweep looks after an article whose step was cut short."""
RESIDENCE_S: Final = 3600
"""Seconds an article may wait in a lane or in the index stream before sweep looks whether it is still there."""


class Lanes:
    """What waits, what is under way, and when a host or a source may next be asked.

    `busy_s` and `host_budget` as in `turns`.
    """

    def __init__(self, redis: Redis, *, busy_s: float, lease_s: float, host_budget: int) -> None:
        self._redis = redis
        self._lease_ms = int(lease_s * 1000)
        self._busy_ms = int(busy_s * 1000)
        self._budget = host_budget
        self._pop = redis.register_script(scripts.POP)
        self._due_sources = redis.register_script(scripts.DUE_SOURCES)
        self._lost = redis.register_script(scripts.LOST)

    def push(self, records: Iterable[Record]) -> None:
        """Put pending records into their lanes, due at their `due_at`. Twice is the same as once."""
        pipe = self._redis.pipeline(transaction=False)
        for record in records:
            ticket = RECORD.dump_json(record)
            pipe.eval(scripts.PUSH, 0, record.lane, record.id, _ms(record.due_at), RESIDENCE_S * 1000, ticket)
        pipe.execute()

    def pop(self, room: int) -> list[tuple[str, str]]:
        """Take up to `room` due articles out of their lanes, as (lane, id), each under a lease.

        One from each lane whose host may be asked now; nobody else gets that host until its turn ends (`turns`), or
        until the lease is over: its worker died. The held lane asks no host. Without politeness a lane gives all
        there is room for.
        """
        if room <= 0:
            return []
        flat = cast("list[bytes]", self._pop(args=[room, self._lease_ms, self._busy_ms, INLINE, self._budget]))
        texts = [item.decode() for item in flat]
        return list(zip(texts[::2], texts[1::2], strict=True))

    def begin(self, article_id: str, stage: Stage) -> tuple[bool, Record | None]:
        """Note that a step starts; return whether it may, and the ticket. Sweep counts a start that comes to no end.

        It may not while another step is at work on the article: the message has come twice.
        """
        pipe = self._redis.pipeline(transaction=False)
        pipe.hsetnx("warraq:started", article_id, str(stage))
        pipe.hget("warraq:tickets", article_id)
        mine, text = pipe.execute()
        return bool(mine), RECORD.validate_json(text) if text else None

    def stop(self, article_id: str) -> None:
        """Take back a start that had nothing to do."""
        self._redis.hdel("warraq:started", article_id)

    def let_go(self, article_id: str) -> None:
        """Take back a start that one of our own services has cut short: nobody counts it, sweep brings it back soon."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.hdel("warraq:started", article_id)
        pipe.eval(scripts.LEASE, 0, LET_GO_S * 1000, article_id)
        pipe.execute()

    def end(self, record: Record, lease_s: float | None = None, pipe: Pipeline | None = None) -> None:
        """Note that a step has come to its end; the next has `lease_s` (the usual lease when None) from now.

        As a part of a transaction if there is one.
        """
        lease = self._lease_ms if lease_s is None else int(lease_s * 1000)
        (pipe or self._redis).eval(scripts.END, 0, record.id, RECORD.dump_json(record), lease)

    def transaction(self) -> Pipeline:
        """Return a transaction: all of what is put into it happens, or nothing, when it is executed."""
        return self._redis.pipeline(transaction=True)

    def done(self, ids: Sequence[str]) -> None:
        """Forget articles that have ended."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.zrem("warraq:work", *ids)
        pipe.hdel("warraq:tickets", *ids)
        pipe.hdel("warraq:started", *ids)
        pipe.execute()

    def whereabouts(self, records: Sequence[Record]) -> list[str]:
        """Tell for each pending record whether Redis holds it.

        `held`: it waits or is under way. A Stage: its lease is over, and that step had started. `forgotten`: its lease
        is over, but nothing had started; or Redis does not know it.
        """
        args = [part for record in records for part in (record.lane, record.id)]
        return [word.decode() for word in cast("list[bytes]", self._lost(args=args))] if args else []

    def due_sources(self, limit: int, claim_s: float) -> list[str]:
        """Return the ids of due sources and claim them for `claim_s`, so that the next tick leaves them alone."""
        return [item.decode() for item in cast("list[bytes]", self._due_sources(args=[limit, int(claim_s * 1000)]))]

    def schedule(self, source_id: str, at: datetime | None) -> None:
        """Set when a source is next due; None = never."""
        if at is None:
            self._redis.zrem("warraq:sources", source_id)
        else:
            self._redis.zadd("warraq:sources", {source_id: _ms(at)})

    def in_progress(self) -> int:
        """Return how many articles are in a lane, under way or in the index stream."""
        return self._redis.zcard("warraq:work")

    def claim(self, name: str, seconds: float) -> bool:
        """Take a named lock for at most `seconds`; False if somebody has it."""
        return bool(self._redis.set(f"warraq:claim:{name}", 1, nx=True, px=int(seconds * 1000)))

    def claimed(self, name: str) -> bool:
        """Tell whether somebody has a named lock."""
        return bool(self._redis.exists(f"warraq:claim:{name}"))

    def hold(self, name: str, seconds: float) -> None:
        """Keep a named lock for another `seconds`."""
        self._redis.set(f"warraq:claim:{name}", 1, px=int(seconds * 1000))

    def release(self, name: str) -> None:
        """Give a named lock back."""
        self._redis.delete(f"warraq:claim:{name}")

    def knows(self) -> bool:
        """Tell whether this Redis has our state, or is new or wiped."""
        return bool(self._redis.exists("warraq:epoch"))

    def remember(self) -> None:
        """Mark this Redis as knowing our state."""
        self._redis.set("warraq:epoch", 1)

    def fullness(self) -> float:
        """Return the share of its memory that Redis uses; 0.0 where it has no limit."""
        memory = self._redis.info("memory")
        return float(memory["used_memory"] / memory["maxmemory"]) if memory.get("maxmemory") else 0.0

    def depths(self) -> dict[str, int]:
        """Return how many articles wait in each lane."""
        lanes = [lane.decode() for lane in cast("list[bytes]", self._redis.zrange("warraq:lanes", 0, -1))]
        pipe = self._redis.pipeline(transaction=False)
        for lane in lanes:
            pipe.zcard(f"warraq:lane:{lane}")
        return dict(zip(lanes, pipe.execute(), strict=True))

    def queued(self, queue: str) -> int:
        """Return the messages that wait in a Celery queue."""
        return self._redis.llen(queue)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
