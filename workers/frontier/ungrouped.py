"""The articles that wait for being compared with others.

warraq:ungrouped        ZSET  index/id -> since when, in milliseconds
warraq:ungrouped:chars  HASH  index/id -> characters of its text; only of those whose writer knows
warraq:ungrouped:by     STRING  the process that compared the last ones

May be lost: sweep finds the documents that nobody has compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Final, cast

from redis import Redis

from workers.frontier.lua import load

KEY: Final = "warraq:ungrouped"
CHARS: Final = f"{KEY}:chars"
BY: Final = f"{KEY}:by"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that waits: where its document is, and since when."""

    index: str
    id: str
    since_ms: float
    chars: int | None = None
    """Characters of its text, None if nobody has said: so many documents are read at once as there is room for."""


class Ungrouped:
    """Articles in the order in which they were written."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._done = redis.register_script(load("grouped"))
        self._me = token_hex(8)

    def add(self, places: Mapping[tuple[str, str], int | None], now: datetime) -> None:
        """Have the articles of these documents compared, with the characters of each if they are known.

        One that waits already waits from now on.
        """
        if not places:
            return
        names = {f"{index}/{key}": chars for (index, key), chars in places.items()}
        unknown = [name for name, chars in names.items() if chars is None]
        pipe = self._redis.pipeline(transaction=False)
        pipe.zadd(KEY, dict.fromkeys(names, int(now.timestamp() * 1000)))
        for name, chars in names.items():
            if chars is not None:
                pipe.hset(CHARS, name, chars)
        if unknown:
            pipe.hdel(CHARS, *unknown)
        pipe.execute()

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
        if not found:
            return []
        sizes = cast("list[bytes | None]", self._redis.hmget(CHARS, [name for name, _ in found]))
        return [_waiting(name, score, chars) for (name, score), chars in zip(found, sizes, strict=True)]

    def done(self, waiting: Sequence[Waiting]) -> None:
        """Take articles off, but those that were written again meanwhile."""
        pairs = [part for one in waiting for part in (f"{one.index}/{one.id}", int(one.since_ms))]
        self._done(keys=[KEY, CHARS], args=pairs)

    def remove(self, places: Iterable[tuple[str, str]]) -> None:
        """Have some articles not compared after all: they are no more."""
        if names := [f"{index}/{key}" for index, key in places]:
            self._redis.zrem(KEY, *names)
            self._redis.hdel(CHARS, *names)

    def take_turn(self) -> bool:
        """Say that this process compares articles now; return whether nobody else did since it said so before."""
        before = cast("bytes | None", self._redis.set(BY, self._me, get=True))
        return before == self._me.encode()

    def count(self) -> int:
        """Return how many wait."""
        return self._redis.zcard(KEY)

    def oldest(self) -> datetime | None:
        """Return since when the first one has waited."""
        first = self.first(1)
        return datetime.fromtimestamp(first[0].since_ms / 1000, UTC) if first else None


def _waiting(name: bytes, score: float, chars: bytes | None) -> Waiting:
    index, _, key = name.decode().rpartition("/")
    return Waiting(index, key, score, None if chars is None else int(chars))
