"""Bounds of what is kept for each site, however many sites there are: what one site sends must not fill Redis.

warraq:charged:<name>  ZSET  who is charged to a budget -> when (ms)
warraq:sizes:<name>    HASH  who is charged to it -> bytes; '' -> their sum
warraq:slots:<name>    ZSET  who has a slot -> until when (ms)
"""

from collections.abc import Sequence
from typing import Final, cast

from redis import Redis

from workers.frontier.lua import load

OVERHEAD: Final = 400
"""Bytes that Redis takes for each member beside its value: keys and their entries in a budget."""


class Budget:
    """A number of bytes that many share. Whoever was charged longest ago makes room for the next."""

    def __init__(self, redis: Redis, name: str, most_bytes: int) -> None:
        self._keys = [f"warraq:charged:{name}", f"warraq:sizes:{name}"]
        self._most_bytes = most_bytes
        self._charge = redis.register_script(load("charge"))

    def charge(self, member: str, size: int) -> Sequence[str]:
        """Charge a member with its size, whatever it had before; return the members that must be deleted."""
        gone = self._charge(keys=self._keys, args=[member, size + OVERHEAD, self._most_bytes])
        return [one.decode() for one in cast("list[bytes]", gone)]


class Slots:
    """A number of slots, each taken for a while."""

    def __init__(self, redis: Redis, name: str, count: int) -> None:
        self._keys = [f"warraq:slots:{name}"]
        self._count = count
        self._take = redis.register_script(load("slot"))

    def take(self, member: str, seconds: float) -> bool:
        """Take a slot, or prolong the one that the member has; return whether there was one."""
        return bool(self._take(keys=self._keys, args=[member, int(seconds * 1000), self._count]))
