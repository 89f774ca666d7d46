"""Values cached for a minute: what every article asks for and what seldom changes."""

import time
from typing import Final, Generic, TypeVar

T = TypeVar("T")

KEPT_S: Final = 60.0
MOST: Final = 10_000
"""Most values that are kept; beyond that all are dropped, which costs one look-up each."""


class TTLCache(Generic[T]):
    """A dict whose values expire: a change made elsewhere is seen after KEPT_S at the latest."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[float, T]] = {}

    def get(self, key: str) -> T | None:
        """Return a value put at most KEPT_S ago, else None."""
        until, value = self._held.get(key, (0.0, None))
        return value if time.monotonic() < until else None

    def put(self, key: str, value: T) -> T:
        """Store a value and return it."""
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[key] = (time.monotonic() + KEPT_S, value)
        return value

    def drop(self, key: str) -> None:
        """Drop a value that has just been changed."""
        self._held.pop(key, None)
