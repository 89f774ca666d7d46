"""The index stream: outcomes on their way to Elasticsearch, in a Redis Stream with a consumer group.

    warraq:index-stream      STREAM  outcomes
    warraq:index-bytes       text    the size of them all
    warraq:index-failures    text    bulks that Elasticsearch could not take; each success halves it
    warraq:index-rests       text    exists while no bulk may be sent
    warraq:index-restores    text    exists while a backup is restored: nobody may write then
    warraq:index-unreadable  STREAM  the last entries that this version could not read, and why

An item stays in the group's pending list until it is acknowledged. What a dead flusher leaves there, another claims.
"""

import time
from collections.abc import Callable, Collection, Sequence
from importlib.resources import files
from typing import Any, Final, cast

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ResponseError

from workers.store.outcomes import FIELD, OUTCOME, Batch, Item, Outcome, Unreadable
from workers.store.stream_gauge import BYTES, KEY, UNREADABLE, StreamGauge

FAILURES: Final = "warraq:index-failures"
RESTS: Final = "warraq:index-rests"
RESTORES: Final = "warraq:index-restores"
GROUP: Final = "flushers"
CLAIM_AFTER_MS: Final = 30_000
"""Longer than a bulk may take (15 s), so that nobody takes over a batch that is being written."""
POSTPONED_MS: Final = 5_000
"""Until an item that was refused for now is tried again, when others were taken."""
REST_S: Final = 0.5
REST_CAP_S: Final = 10.0
PORTION: Final = 16
"""Entries read at once: a heavy one has about 3 MB, and nobody knows before."""
BATCH_BYTES: Final = 8 * 2**20
UNREADABLE_KEPT: Final = 100
PAYLOAD_KEPT: Final = 256 * 2**10
"""Bytes that are kept of an entry which cannot be read."""
FORGOTTEN_AFTER_MS: Final = 86_400_000


class Stream(StreamGauge):
    """Add outcomes, read them in batches, acknowledge them one by one."""

    def __init__(self, redis: Redis, consumer: str) -> None:
        super().__init__(redis)
        self._consumer = consumer
        self._acknowledge = redis.register_script(_script("acknowledge"))
        self._tidy = redis.register_script(_script("tidy"))
        self._claimed_to: Any = "0-0"
        self._claims_more = 1

    def add(self, outcome: Outcome, pipe: Pipeline | None = None) -> None:
        """Append an outcome, as part of a transaction if one is given."""
        payload = OUTCOME.dump_json(outcome)
        mine = pipe if pipe is not None else self._redis.pipeline(transaction=True)
        mine.xadd(KEY, {FIELD: payload})
        mine.incrby(BYTES, len(payload))
        if pipe is None:
            mine.execute()

    def read(self, count: int, block_ms: int, linger_s: float = 0.0, most_bytes: int = BATCH_BYTES) -> Batch:
        """Return up to `count` items: abandoned ones and new ones, half of each if there are so many of both.

        Waits up to `block_ms` for the first, then `linger_s` for company. More bytes come only in the last PORTION.
        """
        batch = Batch([], [])
        self._claims_more ^= 1
        share = (count + self._claims_more) // 2
        self._fill(batch, share, most_bytes // 2, self._claim)
        more_to_claim = len(batch) >= share
        if not batch and (first := self._new(min(PORTION, count), block_ms)):
            _add(batch, first)
            if len(first) == PORTION:  # there may be enough without waiting for more
                self._fill(batch, count, most_bytes, self._new)
            time.sleep(linger_s if len(batch) < count and batch.size < most_bytes else 0)
        self._fill(batch, count, most_bytes, self._new)
        if more_to_claim:
            self._fill(batch, count, most_bytes, self._claim)
        return batch

    def acknowledge(self, items: Sequence[Item]) -> None:
        """Remove items whose effect is in Elasticsearch."""
        if items:
            self._acknowledge(args=[1, *(part for item in items for part in (item.name, item.size))])

    def put_aside(self, entry: Unreadable) -> None:
        """Remove an entry that cannot be read, and keep it with the reason where a person can look at it."""
        kept = {"item": entry.name, "reason": entry.reason, FIELD: entry.payload[:PAYLOAD_KEPT]}
        pipe = self._redis.pipeline(transaction=True)
        pipe.xadd(UNREADABLE, cast("Any", kept), maxlen=UNREADABLE_KEPT, approximate=False)
        pipe.eval(_script("acknowledge"), 0, "0", cast("Any", entry.name), str(len(entry.payload)))
        pipe.execute()

    def give_back(self, items: Sequence[Item], jitter: float) -> float:
        """Return items that Elasticsearch cannot take now to all flushers, and pause them; return for how many seconds.

        The pause doubles with each failure in a row, up to REST_CAP_S; `jitter` in [0, 1) spreads it.
        """
        failures = self._redis.incr(FAILURES)
        pause_ms = int(1000 * min(REST_CAP_S, REST_S * 2 ** min(failures, 10)) * (1 + jitter) / 2)
        self._redis.set(RESTS, 1, px=pause_ms)
        self._set_idle(items, CLAIM_AFTER_MS)
        return pause_ms / 1000

    def postpone(self, items: Sequence[Item]) -> None:
        """Return single items that Elasticsearch cannot take now; the others go on meanwhile."""
        self._set_idle(items, CLAIM_AFTER_MS - POSTPONED_MS)

    def allowed(self, count: int) -> int:
        """Return how many of `count` items the next bulk may have: half as many after each failure; 0 in a pause."""
        rests, restores, failures = self._redis.mget(RESTS, RESTORES, FAILURES)
        return 0 if rests or restores else max(1, count >> min(int(failures or 0), 16))

    def rests(self) -> bool:
        """Return whether flushing is paused."""
        return bool(self._redis.exists(RESTS, RESTORES))

    def hold(self, seconds: float) -> None:
        """Have nobody write for so long, whatever becomes of bulks that are under way; 0 = they go on."""
        self._redis.set(RESTORES, 1, px=max(1, int(seconds * 1000)))

    def tidy(self) -> int:
        """Delete consumers that have been idle for a day and hold nothing; return how many."""
        return cast("int", self._tidy(args=[FORGOTTEN_AFTER_MS]))

    def drop(self, ids: Collection[str]) -> int:
        """Remove whatever the stream holds of some articles, read or not, and what was put aside; return how many."""
        dropped, after = 0, "-"
        while found := cast("list[Any]", self._redis.xrange(KEY, min=after, count=PORTION)):
            mine = [(name, len(fields[FIELD])) for name, fields in found if _article_in(fields) in ids]
            if mine:
                self._acknowledge(args=[0, *(part for pair in mine for part in pair)])
            dropped += len(mine)
            after = f"({found[-1][0].decode()}"
        kept = cast("list[Any]", self._redis.xrange(UNREADABLE))
        aside = [name for name, fields in kept if _article_in(fields) in ids]
        if aside:
            self._redis.xdel(UNREADABLE, *aside)
        return dropped + len(aside)

    def ensure_group(self) -> None:
        """Create the stream and its group, reading from the beginning; harmless when they exist."""
        try:
            self._redis.xgroup_create(KEY, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    def _fill(self, batch: Batch, count: int, most_bytes: int, take: Callable[[int], list[Any]]) -> None:
        while len(batch) < count and batch.size < most_bytes:
            wanted = min(PORTION, count - len(batch))
            raw = take(wanted)
            _add(batch, raw)
            if len(raw) < wanted:
                return

    def _set_idle(self, items: Sequence[Item], idle_ms: int) -> None:
        if items:
            names: list[Any] = [item.name for item in items]
            self._redis.xclaim(KEY, GROUP, self._consumer, 0, names, idle=idle_ms, justid=True)

    def _claim(self, count: int) -> list[Any]:
        start = self._claimed_to
        answer = self._call(
            lambda: self._redis.xautoclaim(KEY, GROUP, self._consumer, CLAIM_AFTER_MS, start, count=count)
        )
        self._claimed_to = answer[0] if answer else "0-0"  # what others have in hand comes first: it must be passed
        return answer[1] if answer else []

    def _new(self, count: int, block_ms: int | None = None) -> list[Any]:
        answer = self._call(
            lambda: self._redis.xreadgroup(GROUP, self._consumer, {KEY: ">"}, count=count, block=block_ms)
        )
        return answer[0][1] if answer else []

    def _call(self, ask: Any) -> Any:  # noqa: ANN401  # redis-py's answers are untyped
        try:
            return ask()
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            self.ensure_group()  # Redis was wiped; sweep restores its contents
            return ask()


def _add(batch: Batch, raw: Sequence[tuple[bytes, dict[bytes, bytes] | None]]) -> None:
    for name, fields in raw:
        if fields:
            batch.add(name, fields)


def _article_in(fields: dict[bytes, bytes]) -> str:
    return Unreadable(b"", fields.get(FIELD, b""), "").article_id


def _script(name: str) -> str:
    return (files(__package__) / f"{name}.lua").read_text("utf-8")
