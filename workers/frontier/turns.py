"""Whose turn it is at a host: one request at a time across all workers, followed by a cooldown.

    warraq:hold:<lane>    text  exists while the host may not be asked: the holder of the turn, or `rest`
    warraq:want:<lane>    text  a poll waits for the next turn
    warraq:spent:<lane>   text  requests in a window of 24 hours, which begins with the first
    warraq:strikes:<lane> text  how often in a row the host was in trouble

An article gets its turn when `lanes` hands it out, and takes it again when it really asks: a late message then
finds the turn taken.
"""

from typing import Final, cast

from redis import Redis

from workers.frontier.lua import load

STRIKES_S: Final = 86_400
"""Seconds after which a host's failures are forgotten."""


class Turns:
    """Who may ask a host, and when. `busy_s`: how long a turn lasts if nobody ends it; 0 disables the limit (tests)."""

    def __init__(self, redis: Redis, *, busy_s: float, host_budget: int) -> None:
        self._redis = redis
        self._busy_ms = int(busy_s * 1000)
        self._budget = host_budget
        self._acquire = redis.register_script(load("acquire"))
        self._release = redis.register_script(load("release"))

    def acquire(self, lane: str, holder: str) -> float:
        """Return 0.0 if `holder` (an article's id, or `poll:<source>`) may ask the host now, else the seconds to wait.

        The turn lasts until `release`, or until the lease expires.
        """
        return cast("int", self._acquire(args=[lane, holder, self._busy_ms, self._budget])) / 1000

    def release(self, lane: str, holder: str, cooldown_s: float, *, ok: bool = True) -> None:
        """End a turn; nobody asks the host for `cooldown_s`. `ok`: it answered, so its strikes are forgotten."""
        self._release(args=[lane, holder, int(cooldown_s * 1000), int(ok)])

    def cancel(self, lane: str, holder: str) -> None:
        """End a turn that was not needed; a cooldown that has begun goes on."""
        self.release(lane, holder, 0.0, ok=False)

    def strike(self, lane: str) -> int:
        """Count a failure of the lane's host; return how many there have been in a row."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.incr(f"warraq:strikes:{lane}")
        pipe.expire(f"warraq:strikes:{lane}", STRIKES_S)
        return int(pipe.execute()[0])
