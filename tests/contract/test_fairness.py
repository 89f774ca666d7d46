"""Fifty hosts, one slow, one with 10,000 URLs: each asked one at a time with its rest between, none kept waiting.

Real time, with a politeness of 0.1 s in place of 5, on fakeredis and on the real server; what asks are threads, as the
fetch workers are.
"""

import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from redis import Redis

from tests.contract.servers import REDIS, redis_of
from workers.frontier.lanes import Lanes
from workers.frontier.turns import Turns

POLITE_S = 0.1
ANSWER_S = 0.005
SLOW_S = 0.6
WORKERS = 12
FOR_S = 4.0
HOSTS = 50
Span = tuple[float, float]


@pytest.fixture(params=REDIS)
def full(request: pytest.FixtureRequest) -> tuple[Lanes, Turns]:
    """Return lanes that are full; written past the script that pushes one article, as there are 13,000."""
    redis: Redis = redis_of(request)
    for host in range(HOSTS):
        urls = 10_000 if host == 1 else 60
        redis.zadd(f"warraq:lane:h{host}", {f"{host}-{number}": 0 for number in range(urls)})
        redis.zadd("warraq:lanes", {f"h{host}": 0})
    lanes = Lanes(redis, busy_s=30, lease_s=30, host_budget=100_000)
    return lanes, Turns(redis, busy_s=30, host_budget=100_000)


def crawl(lanes: Lanes, turns: Turns, seconds: float) -> tuple[dict[str, list[Span]], list[float]]:
    """Hand out and fetch for some seconds; return when each host was asked, and how long each pop took."""
    asked: dict[str, list[Span]] = defaultdict(list)
    pops: list[float] = []
    slots = threading.Semaphore(WORKERS)

    def fetch(lane: str, key: str) -> None:
        if not turns.acquire(lane, key):
            start = time.monotonic()
            time.sleep(SLOW_S if lane == "h0" else ANSWER_S)
            asked[lane].append((start, time.monotonic()))
            turns.release(lane, key, max(POLITE_S, time.monotonic() - start))
        slots.release()

    deadline = time.monotonic() + seconds
    with ThreadPoolExecutor(WORKERS) as pool:
        while time.monotonic() < deadline:
            room = sum(slots.acquire(blocking=False) for _ in range(WORKERS))
            started = time.monotonic()
            taken = lanes.pop(room)
            pops.append(time.monotonic() - started)
            for _ in range(room - len(taken)):
                slots.release()
            for lane, key in taken:
                pool.submit(fetch, lane, key)
            time.sleep(0.005)
    return asked, pops


def rests(spans: list[Span]) -> list[float]:
    spans.sort()
    return [after[0] - before[1] for before, after in pairwise(spans)]


def test_no_host_is_hurried_and_none_starves(full: tuple[Lanes, Turns]) -> None:
    asked, pops = crawl(*full, FOR_S)
    shortest = min(min(rests(spans), default=POLITE_S) for spans in asked.values())
    counts = {lane: len(spans) for lane, spans in asked.items()}
    ordinary = [counts.get(f"h{host}", 0) for host in range(2, HOSTS)]
    assert shortest >= POLITE_S - 0.005, "one at a time, and a whole rest after each answer"
    assert min(ordinary) >= max(ordinary) / 2, f"one host starves: {counts}"
    assert counts["h1"] <= 1.5 * max(ordinary), "many URLs give no right to more turns"
    assert 1 <= counts["h0"] <= FOR_S / (2 * SLOW_S) + 1, "who answers slowly is asked less"
    assert sorted(pops)[len(pops) // 2] < 0.1, "10,000 URLs make handing out no slower"
