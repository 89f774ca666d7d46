"""Whose turn it is at a host: one request at a time, from whichever worker, and a rest after it.

    warraq:hold:<lane>    text  exists while the host must be left in peace: who asks it now, or `rest`
    warraq:want:<lane>    text  a poll waits for the next turn
    warraq:spent:<lane>   text  requests in a window of 24 hours, which begins with the first
    warraq:strikes:<lane> text  how often in a row the host was in trouble

An article gets its turn when `lanes` hands it out, and takes it again when it really asks: a message that comes late
finds that it is another's.
"""

from typing import Final, cast

from redis import Redis

from workers.frontier import scripts

STRIKES_S: Final = 86_400
"""Seconds after which a host's troubles are forgotten."""


class Turns:
    """Who may ask a host, and when. `busy_s`: how long a turn lasts if nobody ends it; 0 (tests) = as many as like."""

    def __init__(self, redis: Redis, *, busy_s: float, host_budget: int) -> None:
        self._redis = redis
        self._busy_ms = int(busy_s * 1000)
        self._budget = host_budget
        self._visit = redis.register_script(scripts.VISIT)
        self._rest = redis.register_script(scripts.REST)

    def visit(self, lane: str, who: str) -> float:
        """Return 0.0 if `who` (an article's id, or `poll:<source>`) may ask the lane's host now, else seconds to wait.

        It is nobody else's turn then until `rest`, or until the lease is over.
        """
        return cast("int", self._visit(args=[lane, who, self._busy_ms, self._budget])) / 1000

    def rest(self, lane: str, who: str, seconds: float, *, well: bool = True) -> None:
        """End a visit: leave the host in peace for `seconds`. `well` = it answered, its strikes are forgotten."""
        self._rest(args=[lane, who, int(seconds * 1000), int(well)])

    def give_back(self, lane: str, who: str) -> None:
        """End a turn that was not needed; one that has ended already is left to its rest."""
        self.rest(lane, who, 0.0, well=False)

    def strike(self, lane: str) -> int:
        """Count a trouble of a lane's host; return how many there have been in a row."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.incr(f"warraq:strikes:{lane}")
        pipe.expire(f"warraq:strikes:{lane}", STRIKES_S)
        return int(pipe.execute()[0])
