"""How often somebody may try a password."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

TRIES: Final = 10
WITHIN_S: Final = 300.0
ADDRESSES: Final = 10_000
"""Beyond that the one that tried longest ago is forgotten."""
CUSTOMER: Final = 64
"""Bits of an IPv6 address that a provider gives to one customer, who may change the others at will."""


class Limiter:
    """Counts tries that failed, or whose answer is not known yet, by visitor, in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tried: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def attempt(self, who: str) -> int:
        """Count a try and return 0; if there were too many, return the seconds until the next one instead."""
        with self._lock:
            tried = self._recent(who)
            if len(tried) >= TRIES:
                return max(1, int(tried[0] + WITHIN_S - self._clock()))
            self._tried[who] = [*tried, self._clock()]
            self._tried.move_to_end(who)
            if len(self._tried) > ADDRESSES:
                self._tried.popitem(last=False)
            return 0

    def succeeded(self, who: str) -> None:
        """Take back the last try alone: who knows one password does not get more tries at the other."""
        with self._lock:
            self._tried[who] = self._recent(who)[:-1]

    def _recent(self, who: str) -> list[float]:
        since = self._clock() - WITHIN_S
        return [at for at in self._tried.get(who, ()) if at > since]


def visitor(address: str) -> str:
    """Return what counts as one visitor: an IPv4 address, or the network of an IPv6 address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, CUSTOMER), strict=False))
