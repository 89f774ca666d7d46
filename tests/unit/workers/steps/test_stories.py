"""Stories as people ask for them, and the rebuild of all of them."""

import pytest

from ingest.stories import fingerprint
from tests.fakes import World
from tests.unit.workers.steps.test_group import TEXTS, group_all, key_of, write
from workers.steps import stories, ungrouped
from workers.steps.story import find
from workers.store import checkpoint
from workers.store.checkpoint import Reached


@pytest.fixture
def grouped(world: World) -> World:
    for host, text in TEXTS.items():
        write(world, host, text)
        world.clock.forward(1)
    group_all(world)
    world.clock.forward(300)
    return world


def unneeded(_: float) -> None:
    pytest.fail("nothing is to be waited for")


@pytest.mark.parametrize("article", [key_of("three.example"), key_of("three.example")[:12], "http://three.example/a"])
def test_a_story_tells_who_had_it_when_and_who_copied_whom(grouped: World, article: str) -> None:
    found = stories.told(grouped.rt, article=article)
    assert found is not None
    rows = [(one.publisher, one.role, one.copied_from, one.similarity) for one in found.tellings]
    assert rows == [
        ("one.example", "first", "", None),
        ("two.example", "copy", "one.example", 1.0),
        ("three.example", "version", "one.example", 1.0),
        ("four.example", "version", "one.example", 1.0),
    ]
    assert found.tellings[1].changes == ()
    assert {change.kind for change in found.tellings[2].changes} == {"added", "removed"}


@pytest.mark.parametrize("article", ["http://seven.example/a", "http://nowhere.example/a", "nothing"])
def test_an_article_alone_is_no_story(grouped: World, article: str) -> None:
    assert stories.told(grouped.rt, article=article) is None


def test_the_largest_of_a_day(grouped: World) -> None:
    found = stories.largest(grouped.rt, day="2026-11-20", size=9)
    assert [(one.story.publishers, one.url) for one in found] == [
        (4, "http://one.example/a"),
        (2, "http://five.example/a"),
    ]
    assert stories.largest(grouped.rt, day="2026-11-21", size=9) == []


def test_a_rebuild_compares_what_was_not_and_goes_on_where_it_was(
    grouped: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(ungrouped.rebuild(grouped.rt, unneeded))[-1] == ungrouped.Progress(7, 7, 0)
    monkeypatch.setattr(ungrouped, "PORTION", 3)
    monkeypatch.setattr(ungrouped, "RULES", fingerprint.RULES + 1)
    first = next(iter(ungrouped.rebuild(grouped.rt, unneeded)))  # and it is killed
    assert (first.done, grouped.rt.ungrouped.count()) == (3, 3)
    place = grouped.rt.reached.rebuild.get()
    assert place
    compared = 0

    def work(_: float) -> None:
        nonlocal compared
        compared = grouped.rt.ungrouped.count()
        group_all(grouped)

    told = list(ungrouped.rebuild(grouped.rt, work))
    assert (told[-1], compared, grouped.rt.reached.rebuild.get()) == (ungrouped.Progress(7, 7, 0), 7, "")


def test_a_rebuild_by_other_rules_begins_anew(grouped: World, monkeypatch: pytest.MonkeyPatch) -> None:
    grouped.rt.reached.rebuild.set("2026-11-20T00:00:00+00:00")
    assert Reached.of(grouped.redis).rebuild.get()
    monkeypatch.setattr(checkpoint, "RULES", fingerprint.RULES + 1)
    assert Reached.of(grouped.redis).rebuild.get() == ""


def test_a_rebuild_that_nobody_works_on_is_stuck(grouped: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ungrouped, "RULES", fingerprint.RULES + 1)
    progress = ungrouped.rebuild(grouped.rt, lambda _: None)
    assert next(at for at in progress if at.stuck).waiting == len(TEXTS)


def test_a_story_whose_first_document_is_lost_still_has_a_title_and_an_address(grouped: World) -> None:
    month = next(name for name in grouped.elastic.names if name.startswith("news-articles-"))
    del grouped.elastic.names[month][key_of("one.example")]
    assert [one.url for one in stories.largest(grouped.rt, day="2026-11-20", size=9)] == [
        "http://two.example/a",
        "http://five.example/a",
    ]
    found = stories.told(grouped.rt, article="http://two.example/a")
    assert found is not None
    assert [one.publisher for one in found.tellings] == ["two.example", "three.example", "four.example"]


@pytest.mark.parametrize("article", ["", " "])
def test_nothing_is_no_article(grouped: World, article: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client refuses an empty id with a traceback."""

    def refused(_: str) -> None:
        pytest.fail("Elasticsearch is asked for the id ''")

    monkeypatch.setattr(grouped.rt.ledger, "get", refused)
    assert find(grouped.rt, article) is None
