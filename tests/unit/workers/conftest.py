"""Worlds that several files need."""

import pytest

from tests.fakes import World
from tests.fakes import world as make_world
from tests.unit.host import ROBOTS, URL, page


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    return make_world(request.node.name)


@pytest.fixture
def polite(request: pytest.FixtureRequest) -> World:
    made = make_world(request.node.name, politeness_s=60)
    made.web.answers = {URL: page(URL), ROBOTS: page(ROBOTS, b"User-agent: *\nAllow: /")}
    made.rt.tdm.learn(URL, page)  # known: only its own tests ask for it
    return made
