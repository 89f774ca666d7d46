"""A host `h` in a world of fakes: its pages, and what tests ask of it."""

from datetime import UTC, datetime

from ingest.model import Page, Source
from ingest.policy.tdmrep import PATH
from ingest.urls import article_id
from tests.fakes import World
from workers.steps.ask import ask

URL = "http://h/1"
KEY = article_id(URL)
FEED = "http://h/feed"
SOURCE = Source("s", "feed", FEED)
ROBOTS = "http://h/robots.txt"
RESERVED = f"http://h{PATH}"
DISALLOW = b"User-agent: *\nDisallow: /\n"


def page(url: str, body: bytes = b"x", moved: str = "", **headers: str) -> Page:
    pairs = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Page(moved or url, 200, pairs, body, datetime.now(UTC))


def get(world: World, url: str = URL, who: str = KEY) -> Page:
    return ask(world.rt, url, "h", who)


def hold(world: World) -> float:
    return world.redis.pttl("warraq:hold:h") / 1000


def rested(world: World) -> World:
    """Let the host's rest be over."""
    world.redis.delete("warraq:hold:h")
    return world
