"""What a host's articles repeat: lines and titles that many of its recent articles have are the site's, not theirs.

    warraq:lines:<host>    LIST  newest first: an article's id (32 digits), the hashes of its short lines (8 bytes each)
    warraq:told:<host>     ZSET  hash of a repeated line -> until when it is left out (s)

Both can be lost: they fill up again. All hosts share a budget (`charge`); what is known of the host that had an article
longest ago is forgotten first. A repeated line is remembered for a week because, once it is left out, nothing shows
whether the pages still have it. After a week it is forgotten, or learned again.
"""

import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, cast

from redis import Redis
from redis.client import Pipeline

from workers.clock import RedisClock
from workers.ttl_cache import TTLCache

ARTICLES: Final = 50
"""Of a host that are remembered."""
ENOUGH: Final = 10
"""Articles that must be known before a line counts as repeated."""
SHARE: Final = 0.3
"""Of the remembered articles, that must have a line."""
SETTLED: Final = 20
"""Articles after which a host's lines are computed seldom:"""
EVERY: Final = 5
"""with one article in so many."""
KEPT_S: Final = 7 * 24 * 3600
ID: Final = 32
LINES: Final = 100
"""Of an article that are remembered: those of the lowest hashes, so that all articles choose the same."""
BYTES: Final = 32 * 2**20
"""Of all hosts together: about 5,000 of them."""
TOLD_BYTES: Final = 120
"""What a repeated line takes in its ZSET."""


class RepeatedLines:
    """The short lines of each host's recent articles, by their hashes (ingest.extract.repeated.line_hashes)."""

    def __init__(self, redis: Redis, charge: Callable[[str, int], Sequence[str]]) -> None:
        self._redis = redis
        self._clock = RedisClock(redis)
        self._budget = charge
        self._brief: TTLCache[frozenset[int]] = TTLCache()

    def seen(self, host: str) -> frozenset[int]:
        """Return the hashes of the lines that the host repeats; what other processes find is seen a minute later."""
        if (known := self._brief.get(host)) is not None:
            return known
        members = self._redis.zrangebyscore(f"warraq:told:{host}", self._now(), "+inf")
        return self._brief.put(host, frozenset(int(member) for member in cast("list[bytes]", members)))

    def remember(self, host: str, article_id: str, hashes: Iterable[int], pipe: Pipeline) -> None:
        """Add an article's lines, as a part of a pipeline whose answer is how many articles there are then.

        Of an article that is there already the newest lines count, so that replays do not count twice.
        """
        lines = f"warraq:lines:{host}"
        some = sorted(set(hashes))[:LINES]
        pipe.lpush(lines, article_id.encode() + b"".join(struct.pack(">Q", line) for line in some))
        pipe.expire(lines, KEPT_S)

    def look(self, host: str, articles: int) -> None:
        """Compute what a host repeats: with each article until some are known, then with every fifth."""
        if articles == 1:
            self._charge(host, ENOUGH * (ID + 8 * LINES))
        if articles < ENOUGH or (articles > SETTLED and articles % EVERY):
            return
        lines = f"warraq:lines:{host}"
        pipe = self._redis.pipeline(transaction=False)  # cut short, it is an article too few or too many
        pipe.ltrim(lines, 0, ARTICLES - 1)
        pipe.lrange(lines, 0, -1)
        entries = pipe.execute()[-1]
        if repeated := _repeated(entries):
            self._tell(host, repeated)
        self._charge(host, sum(map(len, entries)) + TOLD_BYTES * len(repeated))

    def _charge(self, host: str, size: int) -> None:
        for gone in self._budget(host, size):
            self._redis.delete(f"warraq:lines:{gone}", f"warraq:told:{gone}")

    def _tell(self, host: str, repeated: Iterable[int]) -> None:
        key, now = f"warraq:told:{host}", self._now()
        pipe = self._redis.pipeline(transaction=True)
        pipe.zadd(key, dict.fromkeys(map(str, repeated), now + KEPT_S))
        pipe.zremrangebyscore(key, "-inf", now)
        pipe.expire(key, KEPT_S)
        pipe.execute()
        self._brief.drop(host)

    def _now(self) -> int:
        """Return Redis' time in seconds, so that workers' clocks do not matter."""
        return int(self._clock().timestamp())


def _repeated(entries: list[bytes]) -> list[int]:
    """Return the hashes that enough of the articles have; entries are newest first."""
    newest: dict[bytes, bytes] = {}
    for entry in entries:
        newest.setdefault(entry[:ID], entry[ID:])
    if len(newest) < ENOUGH:
        return []
    counts = Counter(line for hashes in newest.values() for (line,) in struct.iter_unpack(">Q", hashes))
    return [line for line, count in counts.items() if count >= SHARE * len(newest)]
