"""The articles that wait for being compared with others.

warraq:ungrouped  ZSET  index/id -> since when, in milliseconds

May be lost: sweep finds the documents that nobody has compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, cast

from redis import Redis

from workers.frontier.lua import load

KEY: Final = "warraq:ungrouped"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that waits: where its document is, and since when."""

    index: str
    id: str
    since_ms: float


class Ungrouped:
    """Articles in the order in which they were written."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._done = redis.register_script(load("grouped"))

    def add(self, places: Iterable[tuple[str, str]], now: datetime) -> None:
        """Have the articles of these documents compared; one that waits already waits from now on."""
        if scores := {f"{index}/{key}": int(now.timestamp() * 1000) for index, key in places}:
            self._redis.zadd(KEY, scores)

    def keep(self, places: Iterable[tuple[str, str]], now: datetime) -> list[Waiting]:
        """Have articles compared unless they are `done` before; return those that did not wait already."""
        waiting = [Waiting(index, key, int(now.timestamp() * 1000)) for index, key in dict.fromkeys(places)]
        pipe = self._redis.pipeline(transaction=False)
        for one in waiting:
            pipe.zadd(KEY, {f"{one.index}/{one.id}": one.since_ms}, nx=True)
        return [one for one, added in zip(waiting, pipe.execute(), strict=True) if added]

    def first(self, count: int) -> list[Waiting]:
        """Return those that have waited longest; they wait until they are `done`."""
        found = cast("list[tuple[bytes, float]]", self._redis.zrange(KEY, 0, count - 1, withscores=True))
        parted = [(*name.decode().rpartition("/"), score) for name, score in found]
        return [Waiting(index, key, score) for index, _, key, score in parted]

    def done(self, waiting: Sequence[Waiting]) -> None:
        """Take articles off, but those that were written again meanwhile."""
        pairs = [part for one in waiting for part in (f"{one.index}/{one.id}", int(one.since_ms))]
        self._done(keys=[KEY], args=pairs)

    def remove(self, places: Iterable[tuple[str, str]]) -> None:
        """Have some articles not compared after all: they are no more."""
        if names := [f"{index}/{key}" for index, key in places]:
            self._redis.zrem(KEY, *names)

    def count(self) -> int:
        """Return how many wait."""
        return self._redis.zcard(KEY)

    def oldest(self) -> datetime | None:
        """Return since when the first one has waited."""
        first = self.first(1)
        return datetime.fromtimestamp(first[0].since_ms / 1000, UTC) if first else None
