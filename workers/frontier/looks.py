"""Looks at articles that are indexed already: how many a host has room for, and what its other articles answered.

warraq:looks:<lane>    text  looks handed out in a window of 24 hours, which begins with the first
warraq:looked:<lane>   text  exists while the last ones still fill the share of the turns that looks may have
warraq:answers:<lane>  LIST  what the host's articles brought of late, the newest first: `<id> <1 or 0> <ms>`
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from redis import Redis
from redis.client import Pipeline

from workers.frontier.lanes import milliseconds

DAY_S: Final = 86_400
SHARE: Final = 0.3
"""Share of a host's turns that looks may have; fresh articles come first in any case."""
REMEMBERED: Final = 20
MEMORY: Final = timedelta(days=8)
"""Longer than an article that is missing is looked for."""


class Looks:
    """Room for looks. `politeness_s`, `host_budget`: as in the settings."""

    def __init__(self, redis: Redis, *, politeness_s: float, host_budget: int) -> None:
        self._redis = redis
        self._politeness_s = politeness_s
        self._budget = int(host_budget * SHARE)

    def room(self, lanes: Sequence[str], seconds: float, now: datetime) -> dict[str, int]:
        """Return how many more looks each host has room for in some seconds: none behind fresh articles.

        Articles that are due later than that wait for their next try, some for an hour: they are in nobody's way.
        """
        pipe = self._redis.pipeline(transaction=False)
        until = milliseconds(now + timedelta(seconds=seconds))
        for lane in lanes:
            pipe.get(f"warraq:looks:{lane}")
            pipe.exists(f"warraq:looked:{lane}")
            pipe.zcount(f"warraq:lane:{lane}", "-inf", until)
            pipe.zcount(f"warraq:archive:{lane}", "-inf", until)
        answers = pipe.execute()
        each = self.most(seconds)
        parts = zip(lanes, answers[::4], answers[1::4], answers[2::4], answers[3::4], strict=True)
        return {
            lane: 0 if fresh or rests else max(0, min(each - old, self._budget - int(spent or 0)))
            for lane, spent, rests, fresh, old in parts
        }

    def most(self, seconds: float) -> int:
        """Return how many looks any host has room for in some seconds, at its share of the turns."""
        return max(1, round(seconds * SHARE / self._politeness_s)) if self._politeness_s else self._budget

    def spend(self, lanes: Sequence[str], seconds: float) -> None:
        """Count one look for each mention of a lane; its host rests from looks while these fill their share of turns.

        Half of the seconds until the next round are left out, or each second round would come a moment too soon.
        """
        pipe = self._redis.pipeline(transaction=True)
        for lane, count in Counter(lanes).items():
            pipe.incrby(f"warraq:looks:{lane}", count)
            pipe.expire(f"warraq:looks:{lane}", DAY_S, nx=True)
            if (rest_s := count * self._politeness_s / SHARE - seconds / 2) > 0:
                pipe.set(f"warraq:looked:{lane}", count, px=int(rest_s * 1000))
        pipe.execute()

    def note(self, lane: str, article_id: str, now: datetime, *, ok: bool, pipe: Pipeline | None = None) -> None:
        """Remember whether an article was found at its host, as part of a transaction if one is given."""
        mine = pipe if pipe is not None else self._redis.pipeline(transaction=True)
        key = f"warraq:answers:{lane}"
        mine.lpush(key, f"{article_id} {int(ok)} {milliseconds(now)}")
        mine.ltrim(key, 0, REMEMBERED - 1)
        mine.expire(key, MEMORY)
        if pipe is None:
            mine.execute()

    def others(self, lane: str, article_id: str, since: datetime) -> tuple[int, int]:
        """Return how many of a host's other articles were found, and not found, since then: the latest of each."""
        latest: dict[str, bool] = {}
        for line in cast("list[bytes]", self._redis.lrange(f"warraq:answers:{lane}", 0, -1)):
            one, ok, at = line.decode().split()
            if one != article_id and int(at) >= milliseconds(since):
                latest.setdefault(one, ok == "1")
        good = sum(latest.values())
        return good, len(latest) - good
