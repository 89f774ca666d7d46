"""The index stream: outcomes on their way to Elasticsearch, in a Redis Stream with a consumer group.

An item stays in the group's pending list until it is acknowledged; another flusher claims what a dead one leaves.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ResponseError

from ingest.ledger.record import Record
from ingest.model import Article

KEY: Final = "warraq:index-stream"
GROUP: Final = "flushers"
CLAIM_AFTER_MS: Final = 30_000
"""Longer than a bulk may take (15 s), so that nobody takes over a batch that is being written."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the processing of one article ended: its record in a terminal state, and the article if there is one."""

    record: Record
    article: Article | None = None


FAILURES: Final = "warraq:index-failures"
"""Number of bulks in a row that Elasticsearch could not take."""
RESTS: Final = "warraq:index-rests"
"""Key that exists while no bulk may be sent."""
REST_S: Final = 0.5
REST_CAP_S: Final = 10.0

OUTCOME: Final = TypeAdapter(Outcome)


@dataclass(frozen=True, slots=True)
class Item:
    """An outcome and its id in the stream."""

    name: bytes
    outcome: Outcome


class Stream:
    """Add outcomes, read them in batches, acknowledge them one by one."""

    def __init__(self, redis: Redis, consumer: str) -> None:
        self._redis = redis
        self._consumer = consumer

    def add(self, outcome: Outcome, pipe: Pipeline | None = None) -> None:
        """Append an outcome, as part of a transaction if one is given."""
        (pipe or self._redis).xadd(KEY, {"outcome": OUTCOME.dump_json(outcome)})

    def read(self, count: int, block_ms: int, linger_s: float = 0.0) -> list[Item]:
        """Return abandoned items, else new ones: wait up to `block_ms` for the first, then `linger_s` for company."""
        items = self._claim(count) or self._new(count, block_ms)
        if linger_s and 0 < len(items) < count:
            time.sleep(linger_s)
            items += self._new(count - len(items), block_ms=1)
        return items

    def acknowledge(self, items: Sequence[Item]) -> None:
        """Remove items whose effect is in Elasticsearch."""
        if not items:
            return
        names = [item.name for item in items]
        pipe = self._redis.pipeline(transaction=True)
        pipe.xack(KEY, GROUP, *names)
        pipe.xdel(KEY, *names)
        pipe.delete(FAILURES)
        pipe.execute()

    def give_back(self, items: Sequence[Item], jitter: float) -> float:
        """Return items that Elasticsearch cannot take now to all flushers, and pause them; return for how many seconds.

        The pause doubles with each failure in a row, up to REST_CAP_S; `jitter` in [0, 1) spreads it.
        """
        failures = self._redis.incr(FAILURES)
        pause_ms = int(1000 * min(REST_CAP_S, REST_S * 2 ** min(failures, 10)) * (1 + jitter) / 2)
        pipe = self._redis.pipeline(transaction=True)
        pipe.set(RESTS, 1, px=pause_ms)
        if items:
            names: list[Any] = [item.name for item in items]
            pipe.xclaim(KEY, GROUP, self._consumer, 0, names, idle=CLAIM_AFTER_MS, justid=True)
        pipe.execute()
        return pause_ms / 1000

    def rests(self) -> bool:
        """Return whether flushing is paused."""
        return bool(self._redis.exists(RESTS))

    def depth(self) -> int:
        """Return the number of items that wait or are being written."""
        return self._redis.xlen(KEY)

    def ensure_group(self) -> None:
        """Create the stream and its group, reading from the beginning; harmless when they exist."""
        try:
            self._redis.xgroup_create(KEY, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    def _claim(self, count: int) -> list[Item]:
        answer = self._call(lambda: self._redis.xautoclaim(KEY, GROUP, self._consumer, CLAIM_AFTER_MS, count=count))
        return _items(answer[1]) if answer else []

    def _new(self, count: int, block_ms: int) -> list[Item]:
        answer = self._call(
            lambda: self._redis.xreadgroup(GROUP, self._consumer, {KEY: ">"}, count=count, block=block_ms)
        )
        return _items(answer[0][1]) if answer else []

    def _call(self, ask: Any) -> Any:  # noqa: ANN401  # redis-py's answers are untyped
        try:
            return ask()
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            self.ensure_group()  # Redis was wiped; sweep restores its contents
            return ask()


def _items(raw: Sequence[tuple[bytes, dict[bytes, bytes] | None]]) -> list[Item]:
    return [Item(name, OUTCOME.validate_json(fields[b"outcome"])) for name, fields in raw if fields]
