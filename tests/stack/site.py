"""Articles and feeds that a test serves, and waiting for what becomes of them."""

import time
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from workers.clock import RedisClock
from workers.runtime import redis_client
from workers.settings import settings

PATIENCE_S = 60
Site = tuple[str, dict[str, str]]


def article(title: str, text: str) -> str:
    """Return the page of an article."""
    return f"<html lang='ar'><title>{title}</title><article><h1>{title}</h1><p>{text}</p></article></html>"


def feed(home: str, *names: str, title: str = "خبر في الميناء", summary: str = "") -> str:
    """Return a feed that lists some pages as of now; the first has a title and a summary of its own."""
    items = "".join(
        f"<item><title>{name if number else title}</title><link>{home}/{name}</link>"
        f"<description>{'' if number else summary}</description><pubDate>{format_datetime(now())}</pubDate></item>"
        for number, name in enumerate(names)
    )
    return f"<rss version='2.0'><channel><title>أخبار</title>{items}</channel></rss>"


def now() -> datetime:
    """Return the time by Redis' clock, as the workers do."""
    return RedisClock(redis_client(settings()))()


def until(wanted: Callable[[], bool], what: str) -> None:
    """Wait for something; `what` is wrong if it does not come."""
    deadline = time.monotonic() + PATIENCE_S
    while not wanted():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)
