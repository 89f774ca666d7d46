"""A source whose host may not be asked for long: it says so, to whoever looks or waits."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ingest.errors import Transient
from ingest.model import Page
from ingest.polling.poll import Poll
from tests.fakes import World, polled
from tests.unit.workers.cli.conftest import Command, rows
from tests.unit.workers.steps.site import FEED, RSS, SOURCE, page
from workers.steps import poll as polling
from workers.steps.ask import NotYet
from workers.steps.ingest import put_off
from workers.steps.sweep import schedule_missing


@pytest.fixture(name="resting")
def _resting(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose feed was polled in vain; now its host rests for ten minutes."""
    world.sources.put(SOURCE)
    world.web.answers = {FEED: Transient("http_503")}
    polled(world, SOURCE.id)
    rests(monkeypatch, 600)
    polled(world, SOURCE.id)
    return world


def rests(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    def ask(*_: Any) -> Page:
        raise NotYet(seconds)

    monkeypatch.setattr(polling, "ask", ask)


def test_a_long_wait_is_noted_with_its_end_and_counts_as_no_poll(resting: World) -> None:
    poll = resting.sources.poll_of(SOURCE.id)
    assert (poll.polls, poll.failures, poll.put_off) == (1, 1, "its host rests")
    assert poll.due_at == resting.clock() + timedelta(seconds=600)
    assert put_off(poll, resting.clock()).startswith(": its host rests (http_503)")
    assert put_off(poll, resting.clock() + timedelta(seconds=601)) == ""


def test_it_is_forgotten_with_the_next_poll(resting: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    resting.web.answers[FEED] = page(FEED, RSS, "application/rss+xml")
    polled(resting, SOURCE.id)
    poll = resting.sources.poll_of(SOURCE.id)
    assert (poll.polls, poll.put_off, poll.error) == (2, "", "")


def test_politeness_is_not_worth_a_word(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.sources.put(SOURCE)
    rests(monkeypatch, 5)
    polled(world, SOURCE.id)
    assert world.sources.poll_of(SOURCE.id) == Poll()


def test_a_wait_that_is_over_is_not_told_of(resting: World, monkeypatch: pytest.MonkeyPatch, warraq: Command) -> None:
    now = resting.clock.at
    resting.clock.at = now + timedelta(seconds=601)  # the queue is long
    assert rows(warraq("sources", "list", "--json"))[0]["put_off"] == ""
    resting.clock.at = now
    rests(monkeypatch, 2)
    polled(resting, SOURCE.id)
    assert resting.sources.poll_of(SOURCE.id).put_off == ""


def test_what_a_person_asked_for_and_has_to_wait_for_survives_a_wipe_of_redis(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = replace(SOURCE, interval_s=0)
    world.sources.put(asked)
    world.web.answers = {FEED: page(FEED, RSS, "application/rss+xml")}
    polled(world, asked.id)
    rests(monkeypatch, 600)
    polled(world, asked.id)
    world.redis.flushall()
    schedule_missing(world.rt)
    assert world.rt.schedule.missing([asked.id]) == []


def test_a_source_removed_meanwhile_is_not_polled_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.sources.put(SOURCE)

    def ask(*_: Any) -> Page:
        world.sources.remove(SOURCE.id)
        raise NotYet(600)

    monkeypatch.setattr(polling, "ask", ask)
    polled(world, SOURCE.id)
    assert world.rt.schedule.count() == 0


def test_who_ingests_it_hears_why_it_takes_long(resting: World, warraq: Command) -> None:
    done = warraq("ingest", FEED, "--timeout", "0")
    said = " ".join(done.stderr.split())
    at = f"it is asked again at {resting.clock() + timedelta(seconds=600):%H:%M:%S} UTC"
    assert said.count(f"{FEED} is not read yet: its host rests (http_503), {at}") == 1
    assert f"{FEED}: its listing was not read in time: its host rests" in said
    assert done.exit_code == 1


@pytest.mark.usefixtures("resting")
def test_the_list_says_so(warraq: Command) -> None:
    (row,) = rows(warraq("sources", "list", "--json"))
    assert row["put_off"] == "its host rests"
    assert "UTC: its host rests" in " ".join(warraq("sources", "list").stdout.split())
