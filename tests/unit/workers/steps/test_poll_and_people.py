"""What people do to a source while it is polled stays: a poll changes only where the listing is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ingest.errors import Permanent
from ingest.model import Page, Source
from ingest.polling.poll import Poll
from tests.fakes import World, polled, world
from tests.unit.workers.steps.test_poll_rounds import HOME, ITEM, RSS, add, serve
from workers.steps import ask
from workers.steps import poll as polling
from workers.steps.ingest import admit_url
from workers.steps.source_file import source_id
from workers.steps.sources import pause, remove

EDITED: dict[str, Any] = {"name": "اسم آخر", "interval_s": 900, "paused": True}
Case = tuple[Source, str]
"""A source that is due, and where its poll will find its listing."""


def moved(one: World) -> Case:
    serve(one, rss=RSS.format(ITEM.format(1)))
    page = one.web.answers.pop(f"{HOME}rss")
    assert isinstance(page, Page)
    one.web.answers[f"{HOME}old.xml"] = replace(page, moved_to=f"{HOME}rss")
    source = add(one, kind="feed", url=f"{HOME}old.xml")
    since = one.clock() - timedelta(days=30)
    one.sources.note("s", Poll(moved_to=f"{HOME}rss", moved_since=since, moved_times=9))
    return source, f"{HOME}rss"


def found(one: World) -> Case:
    serve(one, home=RSS.format(ITEM.format(1)))
    return add(one), HOME


def searched_again(one: World) -> Case:
    one.web.answers[f"{HOME}old.xml"] = Permanent("http_404", "")
    source = add(one, kind="feed", url=f"{HOME}old.xml", home=HOME)
    one.sources.note("s", Poll(failures=polling.SEARCH_AGAIN - 1))
    return source, HOME


@pytest.fixture(name="one")
def _one(request: pytest.FixtureRequest) -> World:
    return world(request.node.name, politeness_s=0.0)


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Let something happen while the listing is asked for."""

    def asked(*arguments: Any) -> Page:
        do()
        return ask.ask(*arguments)

    monkeypatch.setattr(polling, "ask", asked)


CASES = pytest.mark.parametrize("case", [moved, found, searched_again])


@CASES
def test_what_an_editor_changes_stays(
    one: World, monkeypatch: pytest.MonkeyPatch, case: Callable[[World], Case]
) -> None:
    source, url = case(one)
    meanwhile(monkeypatch, lambda: one.sources.put(replace(source, **EDITED)))
    polled(one, "s")
    after = one.sources.sources["s"]
    assert (after.url, after.kind) != (source.url, source.kind), "the poll has found something"
    assert after == replace(source, **EDITED, url=url, kind=after.kind, home=after.home)


@CASES
def test_what_was_removed_stays_so(one: World, monkeypatch: pytest.MonkeyPatch, case: Callable[[World], Case]) -> None:
    case(one)
    meanwhile(monkeypatch, lambda: one.sources.remove("s"))  # by somebody who then dies: the schedule still has it
    polled(one, "s")
    assert (one.sources.all(), one.sources.polls) == ([], {})
    assert one.rt.schedule.due(10) == []
    assert one.redis.zcard("warraq:sources") == 0


def test_a_pause_changes_nothing_else_and_brings_nothing_back(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    source = add(one, kind="feed")
    every = one.sources.all

    def outdated() -> list[tuple[Source, Poll]]:
        seen = every()
        one.sources.locate(replace(source, url=f"{HOME}found.xml"))
        return seen

    monkeypatch.setattr(one.sources, "all", outdated)
    assert pause(one.rt, named="s", paused=True)
    assert one.sources.sources["s"] == replace(source, paused=True, url=f"{HOME}found.xml")
    monkeypatch.setattr(one.sources, "all", lambda: [(source, Poll())])
    remove(one.rt, named="s")
    assert pause(one.rt, named="s", paused=False) == ()
    assert one.sources.sources == {}


def test_a_known_address_that_is_ingested_keeps_its_settings(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"{HOME}feed.xml"
    known = Source(source_id(url), "feed", url, name="آخر", interval_s=900)
    one.sources.put(known)
    monkeypatch.setattr(one.sources, "get", lambda _: replace(known, name="a minute old"))
    admit_url(one.rt, url=url)
    assert one.sources.sources[known.id] == known
