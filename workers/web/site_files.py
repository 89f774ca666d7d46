"""What is kept of each site's robots.txt and tdmrep.json, within bounds.

A name with a wildcard in the DNS has as many hosts, and so as many such files, as its owner likes. Of usual size they
share a budget; for large ones there are few slots: a site must not lose its own again before it was asked for a page.
"""

from collections.abc import Callable, Sequence
from typing import Final

from redis import Redis

Charge = Callable[[str, int], Sequence[str]]
"""Charges a budget for a key with its bytes; returns the keys that must be deleted."""
Take = Callable[[str, float], bool]
"""Takes a slot for a key, for so many seconds, if there is one."""
LARGE: Final = 16 * 2**10
"""Bytes above which a file is large. Of most sites the rules that apply to us have one or two KB."""
SMALL_BYTES: Final = 16 * 2**20
"""Of all others together: of 8,000 sites with 1.5 KB each and what Redis takes beside them."""
LARGE_MOST: Final = 16
LARGE_S: Final = 3600
"""Seconds for which a large file is kept; it is asked for again after that."""


class SiteFiles:
    """Texts by key, each for a while."""

    def __init__(self, redis: Redis, charge: Charge, take: Take) -> None:
        self._redis = redis
        self._charge = charge
        self._take = take

    def put(self, key: str, text: str, seconds: int) -> bool:
        """Keep a text; return False if it is large and there are too many of those now."""
        data = text.encode()
        if len(data) > LARGE:
            if not self._take(key, LARGE_S):
                return False
            seconds = min(seconds, LARGE_S)
        elif gone := self._charge(key, len(data)):
            self._redis.delete(*gone)
        self._redis.set(key, data, ex=seconds)
        return True
