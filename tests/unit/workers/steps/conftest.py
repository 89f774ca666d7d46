"""Worlds that the tests of several steps need."""

import pytest

from ingest.errors import Permanent
from tests.fakes import World
from tests.unit.workers.steps.site import FEED, HTML, RSS, SOURCE, page


@pytest.fixture
def listed(world: World) -> World:
    """A world whose one feed lists a good article and one that is gone."""
    world.web.answers = {
        FEED: page(FEED, RSS, "application/rss+xml"),
        "http://h/1?utm_source=rss": page("http://h/1", HTML),
        "http://h/gone": Permanent("http_404", "http://h/gone"),
    }
    world.sources.put(SOURCE)
    world.rt.schedule.set(SOURCE.id, world.clock())
    return world
