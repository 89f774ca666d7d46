"""A clock that is set: back, and what Redis holds until some moment moves with it; far ahead, and nothing is too old.

Everything is timed by Redis' clock. Where that is set back by three hours, as when a machine that took local time for
UTC is put right, all that was to end in a moment would last three hours more: tick's own claim of 0.7 s, turns at
hosts, leases, and when sources are due. Nothing would be lost, and nothing would move.

A clock that leaps ahead by weeks, as on a machine whose battery is empty, may be put right in a minute. Until then all
that is kept for a month would be too old. A stack that was switched off for weeks looks the same: it loses six hours.

warraq:clock        text  the latest time that tick has seen (ms)
warraq:clock-leapt  text  by how many ms the clock has leapt ahead of late
"""

from typing import Final, cast

from redis import Redis

from workers.frontier.lua import load

SLIGHT_MS: Final = 1000
"""A clock that goes back less than this is only being adjusted: nothing waits longer than that for it."""
LEAP_MS: Final = 86_400_000
"""A clock that goes ahead by more than a day between two looks may be wrong."""
DOUBT_MS: Final = 6 * 3_600_000
"""For how long nothing is deleted for its age then."""
PORTION: Final = 200
"""Keys that are moved at once, so that nobody else waits long."""


class ClockWatch:
    """Notices that Redis' clock has gone back, and moves what is timed by it."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._seen = redis.register_script(load("clock"))
        self._move = redis.register_script(load("move_back"))

    def went_back(self) -> float:
        """Return by how many seconds the clock has gone back since the last call, 0.0 as a rule.

        It returns the same again until `moved` is called: who dies in between leaves it to the next one.
        """
        return cast("int", self._seen(args=[SLIGHT_MS, LEAP_MS, DOUBT_MS])) / 1000

    def is_doubtful(self) -> bool:
        """Return whether the clock has leapt ahead of late, or since tick has last looked."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.time()
        pipe.get("warraq:clock")
        pipe.exists("warraq:clock-leapt")
        (seconds, _), last, leapt = pipe.execute()
        return bool(leapt) or (last is not None and seconds * 1000 - int(last) > LEAP_MS)

    def move(self, seconds: float) -> None:
        """Move back what lies ahead: ends of claims, turns and leases, and when articles and sources are due.

        What was due already is due now. Twice does no harm: something is looked at too early.
        """
        keys: list[bytes] = []
        for key in self._redis.scan_iter(match="warraq:*", count=PORTION):
            keys.append(key)
            if len(keys) >= PORTION:
                self._move(keys=keys, args=[int(seconds * 1000)])
                keys.clear()
        self._move(keys=keys, args=[int(seconds * 1000)])

    def moved(self) -> None:
        """Go by the clock as it is now."""
        self._redis.delete("warraq:clock")
