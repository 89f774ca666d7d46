"""How often somebody may try a password."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

TRIES: Final = 10
WITHIN_S: Final = 300.0
ADDRESSES: Final = 10_000
"""Beyond that the one that tried longest ago is forgotten."""


class Limiter:
    """Counts failed tries by address, in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: OrderedDict[str, list[float]] = OrderedDict()

    def wait_s(self, address: str) -> int:
        """Return the seconds until an address may try again; 0 = now."""
        failed = self._recent(address)
        return max(1, int(failed[0] + WITHIN_S - self._clock())) if len(failed) >= TRIES else 0

    def fail(self, address: str) -> None:
        """Count a failed try."""
        self._failed[address] = [*self._recent(address), self._clock()][-TRIES:]
        self._failed.move_to_end(address)
        if len(self._failed) > ADDRESSES:
            self._failed.popitem(last=False)

    def _recent(self, address: str) -> list[float]:
        since = self._clock() - WITHIN_S
        return [at for at in self._failed.get(address, ()) if at > since]
