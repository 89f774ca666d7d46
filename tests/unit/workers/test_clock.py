"""Redis' time, whatever the machine's own clock does."""

import time
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from workers import clock as module
from workers.clock import AGAIN_S, RedisClock

START = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Server:
    """A Redis that knows the time, or is away."""

    def __init__(self) -> None:
        self.at, self.away = START, False

    def time(self) -> tuple[int, int]:
        if self.away:
            raise RedisConnectionError("away")
        return int(self.at.timestamp()), 0


@pytest.fixture
def monotonic(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    passed = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: passed[0])
    monkeypatch.setattr(time, "time", lambda: START.timestamp() + passed[0])
    return passed


class Back(datetime):
    """The machine's clock, which was set back by an hour."""

    @classmethod
    def now(cls, tz: object = None) -> "Back":
        assert tz is UTC
        return cls.fromtimestamp((START - timedelta(hours=1)).timestamp(), UTC)


def test_a_clock_that_jumps_back_an_hour_changes_nothing(
    monotonic: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()
    clock = RedisClock(cast("Redis", server))
    assert clock() == START
    monkeypatch.setattr(module, "datetime", Back)
    monotonic[0] += AGAIN_S / 2
    assert clock() == START + timedelta(seconds=AGAIN_S / 2)
    server.away = True
    monotonic[0] += AGAIN_S
    assert clock() == START + timedelta(seconds=1.5 * AGAIN_S), "counted on while Redis is away"


def test_who_starts_with_a_wrong_clock_is_told_the_time(
    monotonic: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "datetime", Back)
    server = Server()
    server.away = True
    clock = RedisClock(cast("Redis", server))
    assert clock() == START - timedelta(hours=1), "nobody has told it yet"
    server.away = False
    monotonic[0] += AGAIN_S
    assert clock() == START


def test_redis_is_asked_at_once_when_our_own_clock_is_set(
    monotonic: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two are mostly on one machine; for half a minute everything would be due three hours too late."""
    server = Server()
    clock = RedisClock(cast("Redis", server))
    assert clock() == START
    server.at = START - timedelta(hours=3)
    monotonic[0] += 1
    assert clock() == START + timedelta(seconds=1), "nobody has said anything"
    monkeypatch.setattr(time, "time", lambda: START.timestamp() + monotonic[0] - 3 * 3600)
    assert clock() == START - timedelta(hours=3)
