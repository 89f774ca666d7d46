"""What a process remembers for a minute."""

import pytest

from workers import ttl_cache as brief
from workers.ttl_cache import TTLCache


def test_a_value_is_known_until_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("workers.ttl_cache.time.monotonic", lambda: now)
    some: TTLCache[str] = TTLCache()
    assert some.get("a") is None
    assert some.put("a", "one") == "one"
    now += brief.KEPT_S - 0.1
    assert some.get("a") == "one"
    now += 0.2
    assert some.get("a") is None


def test_a_change_here_is_seen_at_once() -> None:
    some: TTLCache[str] = TTLCache()
    some.put("a", "one")
    some.drop("a")
    some.drop("unknown")
    assert some.get("a") is None


def test_it_never_holds_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief, "MOST", 3)
    some: TTLCache[int] = TTLCache()
    for number in range(4):
        some.put(str(number), number)
    assert [some.get(str(number)) for number in range(4)] == [None, None, None, 3]
