"""`warraq stories`: which days it takes."""

from datetime import timedelta

import pytest

from ingest.errors import Permanent
from tests.fakes import World
from tests.unit.workers.cli.conftest import Command
from tests.unit.workers.steps.test_group import TEXTS, group_all, write


@pytest.fixture
def told(world: World) -> World:
    for host in ("one.example", "two.example"):
        write(world, host, TEXTS[host])
    group_all(world)
    return world


@pytest.mark.parametrize("day", ["", "today", "yesterday", "أمس", "2026-11-20", "2026-11-20T23:30-02:00"])
def test_a_day_is_named_as_everywhere(told: World, warraq: Command, day: str) -> None:
    (story,) = told.rt.stories.all  # type: ignore[attr-defined]  # the fake's
    began = story.first_at
    told.clock.at = began + timedelta(days=day in {"yesterday", "أمس"})
    given = f"{began:%Y-%m-%d}" if day == "2026-11-20" else f"{began - timedelta(days=1):%Y-%m-%d}T23:30-02:00"
    done = warraq("stories", "--day", given if day.startswith("2026") else day)
    assert (done.exit_code, "one.example" in done.stdout) == (0, True), done.output


def test_a_day_without_any_is_named(told: World, warraq: Command) -> None:
    assert told
    done = warraq("stories", "--day", "2020-01-02")
    assert (done.exit_code, "began on 2020-01-02" in done.stderr, "`--day`" in done.stderr) == (1, True, True)


@pytest.mark.parametrize("day", ["2026-02-30", "now", "2026-07", "07/01/2026", "*"])
def test_what_is_no_day_is_said_to_be_none(told: World, warraq: Command, day: str) -> None:
    assert told
    done = warraq("stories", "--day", day)
    assert isinstance(done.exception, Permanent), done.output
