"""The sandbox with real children: limits hold, and the next listing is read."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from ingest.discover import discover
from ingest.errors import Permanent, Transient, Unavailable
from ingest.model import Page, Source
from workers.web.sandbox import BUSY, TOO_LARGE, TOO_SLOW, Sandbox

SOURCE = Source("s", "feed", "http://h/feed")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(time_s=10)
    yield made
    made.close()


def page(body: bytes, kind: str = "application/rss+xml") -> Page:
    return Page("http://h/feed", 200, (("Content-Type", kind),), body, datetime.now(UTC))


RSS = page(b"<rss version='2.0'><channel><item><link>http://h/1</link><title>x</title></item></channel></rss>")


def fail() -> None:
    raise Transient("http_503", "http://h/", retry_after_s=7)


def eat() -> int:
    return len(bytearray(2**30))


def test_a_listing_is_read_as_without(sandbox: Sandbox) -> None:
    assert sandbox.call(discover, SOURCE, RSS) == discover(SOURCE, RSS)


def test_errors_come_back_whole(sandbox: Sandbox) -> None:
    with pytest.raises(Transient) as raised:
        sandbox.call(fail)
    assert (raised.value.reason, raised.value.detail, raised.value.retry_after_s) == ("http_503", "http://h/", 7)


def test_what_takes_too_much_memory_fails_and_nothing_else_does(sandbox: Sandbox) -> None:
    with pytest.raises(Permanent, match=TOO_LARGE):
        sandbox.call(eat)
    assert sandbox.call(discover, SOURCE, RSS).entries


def test_a_small_json_feed_that_grows_in_memory_ends_with_a_reason_or_is_read(sandbox: Sandbox) -> None:
    """269 KB of compressed JSON took 545 MB in the poll worker; all of its threads died with it."""
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{}] * 5_000_000}).encode()
    with pytest.raises(Permanent):
        sandbox.call(discover, SOURCE, page(body, "application/feed+json"))
    assert sandbox.call(discover, SOURCE, RSS).entries


def test_what_takes_too_long_is_killed() -> None:
    sandbox, started = Sandbox(time_s=1), time.monotonic()
    with pytest.raises(Permanent, match=TOO_SLOW):
        sandbox.call(time.sleep, 60)
    assert time.monotonic() - started < 10
    sandbox.close()


def test_a_poll_does_not_wait_for_ever_behind_others_slow_listings() -> None:
    sandbox = Sandbox(time_s=3, wait_s=0.2)
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(sandbox.call, time.sleep, 60)
        while not sandbox._lock.locked():
            time.sleep(0.01)
        with pytest.raises(Unavailable, match=BUSY):
            sandbox.call(len, "ab")
        assert isinstance(slow.exception(), Permanent)
    assert sandbox.call(len, "ab") == 2
    sandbox.close()


def test_a_child_that_was_killed_is_replaced(sandbox: Sandbox) -> None:
    assert sandbox.call(len, "ab") == 2
    assert sandbox._child is not None
    sandbox._child.process.kill()
    sandbox._child.process.wait()
    assert sandbox.call(len, "abc") == 3
