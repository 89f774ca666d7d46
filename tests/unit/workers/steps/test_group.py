"""Documents become stories: in any order, over any crash, and an edit that comes in between wins."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.lock import Lock

from ingest.document import ALIAS, FINGERPRINTS, STORIES, index_of
from ingest.ledger.record import Record, State
from ingest.model import Article, Entry
from ingest.stories.fingerprint import Fingerprint, links
from ingest.urls import article_id
from tests.fakes import World
from tests.fakes import world as make_world
from tests.twins import twin
from tests.unit.ingest.stories.texts import NOON, prose
from tests.unit.workers.steps.site import SOURCE
from workers.runtime import Runtime
from workers.steps import admit, check, gather, group, sweep, tick, ungrouped
from workers.steps.dispatch import Dispatch
from workers.store.documents import Place
from workers.store.outcomes import Outcome

PROSE = prose(1)
TEXTS = {
    "one.example": " ".join(PROSE),
    "two.example": " ".join(PROSE),
    "three.example": " ".join(PROSE[:70]),
    "four.example": f"{' '.join(prose(2, 300))} {' '.join(PROSE)}",
    "five.example": " ".join(prose(3)),
    "six.example": " ".join(prose(3)),
    "seven.example": " ".join(prose(4)),
}


class Killed(BaseException):
    """This process is gone."""


def key_of(host: str) -> str:
    return article_id(f"http://{host}/a")


def write(world: World, host: str, body: str, **more: Any) -> None:
    """Do what the flusher does with an outcome."""
    record = world.ledger.records.get(key_of(host)) or admitted(world, host)
    minutes = list(TEXTS).index(host)
    article = Article(
        id=record.id,
        url=f"http://{host}/a",
        title="",
        body=body,
        host=host,
        source_id=SOURCE.id,
        admitted_at=NOON + timedelta(minutes=minutes),
        **more,
    )
    ended = replace(record, state=State.INDEXED, version=record.version + 1, ended_at=world.rt.now())
    world.rt.index.write([Outcome(ended, article)], world.rt.now())
    world.rt.ungrouped.add({(index_of(record), record.id): len(body)}, world.rt.now())


def admitted(world: World, host: str) -> Record:
    admit.admit(world.rt, SOURCE, [Entry(f"http://{host}/a")])
    return world.ledger.records[key_of(host)]


def documents(world: World) -> dict[str, dict[str, Any]]:
    """Return the documents by host."""
    months = [name for name in world.elastic.names if name.startswith("news-articles")]
    return {source["host"]: source for name in months for _, (_, source) in sorted(world.elastic.indexed(name).items())}


def told(world: World) -> Any:
    """Return all that is known of stories."""
    fields = ("story", "story_role", "copied_from", "similarity", "agencies", "agency_by")
    said = {host: tuple(one.get(name) for name in fields) for host, one in sorted(documents(world).items())}
    return said, world.rt.stories.all  # type: ignore[attr-defined]  # the fake's


def group_all(world: World) -> None:
    while group.group_waiting(world.rt):
        pass


@pytest.fixture(scope="module")
def all_grouped() -> World:
    made = make_world("all_grouped")
    for host, body in TEXTS.items():
        write(made, host, body)
        made.clock.forward(1)
    group_all(made)
    return made


@pytest.fixture
def grouped(all_grouped: World, request: pytest.FixtureRequest) -> World:
    return twin(all_grouped, request.node.name)


def test_documents_become_stories(grouped: World) -> None:
    said, (large, small) = told(grouped)
    assert {host: (one[1], one[2]) for host, one in said.items()} == {
        "one.example": ("first", None),
        "two.example": ("copy", key_of("one.example")),
        "three.example": ("version", key_of("one.example")),
        "four.example": ("version", key_of("one.example")),
        "five.example": ("first", None),
        "six.example": ("copy", key_of("five.example")),
        "seven.example": (None, None),
    }
    assert said["seven.example"][0] == key_of("seven.example")
    stories = {story.id: (story.articles, story.first_publisher) for story in (large, small)}
    assert stories == {key_of("one.example"): (4, "one.example"), key_of("five.example"): (2, "five.example")}
    assert grouped.rt.ungrouped.count() == 0


def test_the_same_stories_in_any_order_and_in_batches_of_any_size(
    grouped: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = told(grouped)
    for seed in range(8):
        rnd, again = random.Random(seed), make_world(f"order-{seed}")
        monkeypatch.setattr(group, "BATCH", rnd.choice([1, 2, 3]))
        for host in rnd.sample(list(TEXTS), len(TEXTS)):
            write(again, host, TEXTS[host])
            if rnd.random() < 0.5:
                group_all(again)
        group_all(again)
        assert told(again) == expected


@contextmanager
def killed_at(world: World, write_number: int) -> Iterator[None]:
    """Die at one of the writes to Elasticsearch, before it or after it."""
    real, seen = world.elastic.bulk, 0

    def bulk(operations: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == write_number // 2 and write_number % 2 == 0:
            raise Killed
        done = real(operations)
        if seen == write_number // 2:
            raise Killed
        return done

    world.elastic.bulk = bulk  # type: ignore[method-assign]
    with suppress(Killed):
        yield
    world.elastic.bulk = real  # type: ignore[method-assign]


@pytest.mark.parametrize("write_number", range(2, 16))
def test_a_kill_at_any_write_changes_nothing(write_number: int, grouped: World) -> None:
    expected, again = told(grouped), make_world(f"killed-{write_number}")
    for host in ("two.example", "six.example", "four.example", "seven.example"):
        write(again, host, TEXTS[host])
    group_all(again)
    for host in ("one.example", "three.example", "five.example"):
        write(again, host, TEXTS[host])
    with killed_at(again, write_number):
        group_all(again)
    again.redis.delete("warraq:claim:stories")  # its time is over
    group_all(again)
    assert told(again) == expected


@pytest.mark.parametrize("write_number", range(2, 16))
def test_a_kill_at_any_write_and_an_edit_before_the_next_try_leave_nothing_behind(
    write_number: int, world: World
) -> None:
    others = ("two.example", "three.example", "four.example")
    for host in others:
        write(world, host, TEXTS[host])
    group_all(world)
    expected = told(world)
    for host in ("one.example", "seven.example"):  # the first of them, and the last
        write(world, host, TEXTS["one.example"])
        world.clock.forward(1)
        with killed_at(world, write_number):
            group_all(world)
        world.redis.delete("warraq:claim:stories")
        world.clock.forward(1)
        write(world, host, " ".join(prose(77 if host == "one.example" else 78)))
        group_all(world)
        said, stories = told(world)
        assert ({key: said[key] for key in others}, stories) == expected
        assert said[host][:2] == (key_of(host), None)


def test_an_edit_takes_an_article_out_of_its_story_over_a_kill_too(grouped: World) -> None:
    for write_number in range(2, 14):
        other = " ".join(prose(50 + write_number)) if write_number % 2 else TEXTS["one.example"]
        write(grouped, "one.example", other)
        with killed_at(grouped, write_number % 9 + 2):
            group_all(grouped)
        grouped.redis.delete("warraq:claim:stories")
        group_all(grouped)
        said, stories = told(grouped)
        first = "two.example" if write_number % 2 else "one.example"
        assert said["three.example"][0] == key_of(first)
        assert {story.id for story in stories} == {key_of(first), key_of("five.example")}
        assert said["one.example"][0] == key_of("one.example")


def test_an_edit_that_comes_in_between_wins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write(world, "one.example", TEXTS["one.example"])
    write(world, "two.example", TEXTS["two.example"])
    real = world.rt.documents.write
    edited = " ".join(prose(77))

    def late(found: Any) -> Any:
        world.clock.forward(1)
        write(world, "two.example", edited)
        return real(found)

    monkeypatch.setattr(type(world.rt.documents), "write", lambda _, found: late(found))
    group.group_waiting(world.rt)
    assert documents(world)["two.example"]["body"] == edited
    monkeypatch.setattr(type(world.rt.documents), "write", lambda _, found: real(found))
    group_all(world)
    said, stories = told(world)
    assert (said["two.example"][0], stories) == (key_of("two.example"), [])


def test_an_agency_is_found_by_content(world: World) -> None:
    write(world, "one.example", TEXTS["one.example"], agencies=("فريق التحرير",))
    write(world, "two.example", TEXTS["two.example"], agencies=("وكالة الأنباء السعودية",))
    group_all(world)
    said, (story,) = told(world)
    assert said["one.example"][4:] == (["فريق التحرير", "واس"], "content")
    assert said["two.example"][4:] == (["وكالة الأنباء السعودية"], "credit")
    assert story.publishers == 1
    write(world, "two.example", " ".join(prose(88)))
    group_all(world)
    assert told(world)[0]["one.example"][4:] == (["فريق التحرير"], None)


def test_the_papers_of_one_owner_are_one_voice(world: World) -> None:
    world.sources.put(replace(SOURCE, owner="دار"))
    for host in ("one.example", "two.example"):
        write(world, host, TEXTS[host])
    group_all(world)
    (story,) = told(world)[1]
    assert (story.articles, story.publishers, story.first_publisher) == (2, 1, "دار")


def test_what_redis_has_forgotten_is_found_by_sweep(grouped: World) -> None:
    expected = told(grouped)
    grouped.redis.flushall()
    for name in (FINGERPRINTS, STORIES):
        grouped.elastic.names.pop(name, None)
    grouped.clock.forward(300)
    grouped.rt.gauge.remember()
    sweep.sweep(grouped.rt)
    assert grouped.rt.ungrouped.count() == len(TEXTS)
    group_all(grouped)
    assert told(grouped) == expected
    sweep.sweep(grouped.rt)
    assert grouped.rt.ungrouped.count() == 0


def test_what_ended_long_ago_is_found_by_the_check(grouped: World) -> None:
    expected = told(grouped)
    for name in (FINGERPRINTS, STORIES):
        grouped.elastic.names.pop(name, None)
    grouped.clock.forward(3 * 86_400)
    ungrouped.find_late(grouped.rt)
    assert grouped.rt.ungrouped.count() == 0
    check.check_some(grouped.rt)
    assert grouped.rt.ungrouped.count() == len(TEXTS)
    group_all(grouped)
    assert told(grouped) == expected


def test_what_is_found_again_waits_no_longer_for_that(grouped: World) -> None:
    grouped.elastic.names.pop(FINGERPRINTS, None)
    check.check_some(grouped.rt)
    since = grouped.rt.ungrouped.oldest()
    grouped.clock.forward(2)
    check.check_some(grouped.rt)
    assert grouped.rt.ungrouped.count() == len(TEXTS)
    assert grouped.rt.ungrouped.oldest() == since


def test_a_walk_goes_on_where_it_was(grouped: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ungrouped, "PORTION", 2)
    grouped.clock.forward(300)
    seen = 0
    while not (walked := ungrouped.walk(grouped.rt, grouped.rt.reached.stories)).over:
        seen += walked.records
        assert walked.found == 0
        assert seen < 50
    assert seen + walked.records >= len(TEXTS)


def test_an_article_that_breaks_the_comparison_is_left_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = gather._printed

    def printed(document: Any, *known: Any) -> Any:
        if document.source["host"] == "three.example":
            raise ValueError("no text")
        return real(document, *known)

    monkeypatch.setattr(gather, "_printed", printed)
    for host, body in TEXTS.items():
        write(world, host, body)
    group_all(world)
    assert world.rt.ungrouped.count() == 0
    assert told(world)[0]["two.example"][1] == "copy"
    assert told(world)[0]["three.example"][1] is None


def test_elasticsearch_away_is_no_loss_and_no_haste(world: World) -> None:
    write(world, "one.example", TEXTS["one.example"])
    world.elastic.break_off = 1
    assert group.group_waiting(world.rt) == 0
    assert group.group_waiting(world.rt) == 0, "it rests"
    assert world.rt.ungrouped.count() == 1
    world.redis.delete("warraq:claim:stories")
    assert group.group_waiting(world.rt) == 1
    assert world.rt.ungrouped.count() == 0


def test_tick_calls_for_it(world: World) -> None:
    called: list[str] = []
    nothing: Any = lambda *_: None  # noqa: E731
    dispatch = Dispatch(nothing, nothing, nothing, lambda: None, lambda: called.append("group"))
    tick.tick(world.rt, dispatch)
    assert called == []
    write(world, "one.example", TEXTS["one.example"])
    tick.tick(world.rt, dispatch)
    assert called == [], "it waits for others"
    world.clock.forward(group.WAIT.total_seconds())
    tick.tick(world.rt, dispatch)
    assert called == ["group"]
    world.redis.rpush("stories", "a message")
    tick.tick(world.rt, dispatch)
    assert called == ["group"]


def test_a_new_document_is_a_story_of_one(world: World) -> None:
    write(world, "one.example", TEXTS["one.example"])
    assert documents(world)["one.example"]["story"] == key_of("one.example")
    assert ALIAS == "news"


def test_an_agency_in_the_credit_line_is_told_at_once(world: World) -> None:
    write(world, "one.example", TEXTS["one.example"], agencies=("رويترز", "فريق التحرير"))
    write(world, "two.example", TEXTS["five.example"], agencies=("فريق التحرير",))
    before, written = told(world), len(world.elastic.bulks)
    assert {host: one[5] for host, one in before[0].items()} == {"one.example": "credit", "two.example": None}
    group_all(world)
    assert told(world) == before
    assert len(world.elastic.bulks) == written + 1, "the fingerprints"


def test_a_story_takes_in_no_more_than_fit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST", 3)
    for host in TEXTS:
        write(world, host, TEXTS["one.example"])
        group_all(world)
        assert all(story.articles <= 3 for story in told(world)[1])
    _, stories = told(world)
    assert sorted(story.articles for story in stories) == [3, 3]
    assert world.rt.ungrouped.count() == 0
    world.clock.forward(1)
    write(world, "one.example", " ".join(prose(99)))
    group_all(world)
    assert documents(world)["one.example"]["story"] == key_of("one.example")


def test_a_full_story_stays_whole_though_only_a_part_of_it_is_compared(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "MOST", 4)
    monkeypatch.setattr("tests.fakes.MOST", 2)
    *full, late = list(TEXTS)[:5]
    for host in full:
        write(world, host, TEXTS["one.example"])
    group_all(world)
    (before,) = told(world)[1]
    write(world, late, TEXTS["one.example"])
    group_all(world)
    assert told(world)[1] == [before]
    assert {documents(world)[host]["story"] for host in full} == {before.id}
    assert documents(world)[late]["story"] == key_of(late)


def test_another_agency_by_content_is_told_too(world: World) -> None:
    write(world, "three.example", TEXTS["three.example"], agencies=("رويترز",))
    write(world, "one.example", TEXTS["one.example"])
    group_all(world)
    assert told(world)[0]["one.example"][4:] == (["رويترز"], "content")
    write(world, "two.example", TEXTS["two.example"], agencies=("واس",))  # more like it
    group_all(world)
    assert told(world)[0]["one.example"][4:] == (["واس"], "content")


def test_a_batch_that_would_make_a_story_too_large_is_halved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (gather, group):
        monkeypatch.setattr(module, "MOST", 3)
    for host in TEXTS:
        write(world, host, TEXTS["one.example"])
    group_all(world)
    assert sorted(story.articles for story in told(world)[1]) == [3, 3]
    assert world.rt.ungrouped.count() == 0


def alone(monkeypatch: pytest.MonkeyPatch, then: Callable[[int], object]) -> None:
    """Let each article be compared alone, and something happen after each."""
    real, compared = group.group, 0

    def one(rt: Runtime, places: Sequence[Place], lock: Lock) -> None:
        nonlocal compared
        if len(places) > 1:
            raise gather.CrowdedError
        real(rt, places, lock)
        compared += 1
        then(compared)

    monkeypatch.setattr(group, "group", one)


def test_what_a_killed_worker_has_compared_is_not_compared_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(compared: int) -> None:
        if compared == 4:
            raise Killed

    for host in TEXTS:
        write(world, host, " ".join(prose(list(TEXTS).index(host) + 20)))
    alone(monkeypatch, killed)
    with pytest.raises(Killed):
        group.group_waiting(world.rt)
    assert world.rt.ungrouped.count() == len(TEXTS) - 3


def test_a_crowd_that_takes_long_goes_behind_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for host in TEXTS:
        write(world, host, " ".join(prose(list(TEXTS).index(host) + 20)))
        world.clock.forward(1)
    alone(monkeypatch, lambda _: world.clock.forward(group.TURN.total_seconds() * 0.6))
    *crowd, last = list(TEXTS)
    monkeypatch.setattr(group, "BATCH", len(crowd))
    turns = [group.group_waiting(world.rt) for _ in range(2)]
    assert turns == [2, 2]
    assert key_of(last) not in {one.id for one in world.rt.ungrouped.first(9)}, (
        "it had its turn before the crowd's rest"
    )
    group_all(world)
    assert world.rt.ungrouped.count() == 0


def test_a_crowd_is_noticed_at_its_first_article(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of hundreds takes a second."""
    *there, one, other = list(TEXTS)
    for host in there:
        write(world, host, TEXTS["one.example"])
    group_all(world)
    for host in (one, other):
        write(world, host, TEXTS["one.example"])
    linked: list[str] = []

    def noted(new: Fingerprint, others: Sequence[Fingerprint]) -> Any:
        linked.append(new.id)
        return links(new, others)

    monkeypatch.setattr(gather, "links", noted)
    monkeypatch.setattr(gather, "MOST", len(there))
    places = [Place(each.index, each.id) for each in world.rt.ungrouped.first(9)]
    with pytest.raises(gather.CrowdedError):
        gather.gather(world.rt, places, lambda: None)
    assert len(linked) == 1


def test_those_beside_a_crowd_are_compared_together_before_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    *there, one, other, another, late = list(TEXTS)
    for host in there:
        write(world, host, TEXTS["one.example"])
    group_all(world)
    world.rt.fingerprints.refresh()
    monkeypatch.setattr(gather, "MOST", len(there))
    write(world, one, " ".join(prose(71)))
    for host in (other, another):
        write(world, host, TEXTS["one.example"])
    write(world, late, " ".join(prose(72)))
    world.clock.forward(1)
    real, sizes = group.group, list[int]()

    def counted(rt: Runtime, places: Sequence[Place], lock: Lock) -> None:
        sizes.append(len(places))
        real(rt, places, lock)

    monkeypatch.setattr(group, "group", counted)
    group.group_waiting(world.rt)
    assert sizes == [4, 2, 1, 1]


def test_a_full_batch_does_not_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "BATCH", 2)
    write(world, "one.example", TEXTS["one.example"])
    assert not group.is_due(world.rt)
    write(world, "two.example", TEXTS["two.example"])
    assert group.is_due(world.rt)


def test_long_articles_are_compared_in_smaller_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "SHINGLES", 150)  # one and a half of them
    looked_at: list[int] = []
    real = gather._round

    def counting(rt: Any, fresh: Any, *rest: Any) -> Any:
        looked_at.append(len(fresh))
        return real(rt, fresh, *rest)

    monkeypatch.setattr(gather, "_round", counting)
    for host in TEXTS:
        write(world, host, TEXTS["one.example"])
    group_all(world)
    assert set(looked_at) == {1}
    assert [story.articles for story in told(world)[1]] == [len(TEXTS)]


def test_a_clock_that_was_set_back_keeps_no_article_out_of_its_story(world: World) -> None:
    for host in ("one.example", "two.example"):
        write(world, host, TEXTS[host])
    group_all(world)
    world.clock.forward(-3600)
    write(world, "three.example", TEXTS["three.example"])
    group_all(world)
    (story,) = told(world)[1]
    assert story.articles == 3


def test_an_article_that_a_clock_ahead_has_put_there_is_due(world: World) -> None:
    write(world, "one.example", TEXTS["one.example"])
    world.clock.forward(-3600)
    assert group.is_due(world.rt)


def test_a_document_that_cannot_be_written_holds_up_no_other(world: World) -> None:
    """Its month is read-only, or being reindexed: 403."""
    for host in ("one.example", "two.example", "five.example"):
        write(world, host, TEXTS[host])
    world.elastic.verdicts["document", key_of("two.example")] = 403
    assert group.group_waiting(world.rt) == 2
    world.clock.forward(1)
    write(world, "six.example", TEXTS["six.example"])
    assert group.group_waiting(world.rt) == 2, "and the first one of the story that was about to be written"
    assert told(world)[0]["six.example"][1] == "copy"
    world.elastic.verdicts.clear()
    group_all(world)
    assert told(world)[0]["two.example"][1] == "copy"
    assert world.rt.ungrouped.count() == 0


def test_an_elasticsearch_that_can_write_nothing_is_left_alone(world: World) -> None:
    for host in TEXTS:
        write(world, host, TEXTS["one.example"])
        world.elastic.verdicts["document", key_of(host)] = 429
    tried = len(world.elastic.bulks)
    group.group_waiting(world.rt)
    assert len(world.elastic.bulks) - tried < 4 * len(TEXTS)
    assert world.rt.ungrouped.count() >= len(TEXTS) - 1
    before = len(world.elastic.bulks)
    assert group.group_waiting(world.rt) == 0
    assert len(world.elastic.bulks) == before, "it rests"


def test_a_slow_elasticsearch_is_no_dead_worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each request is slow, and all of them together take longer than the lock is kept."""
    monkeypatch.setattr("workers.store.documents.PORTION", 1)
    real, asked = world.elastic.mget, 0

    def slow(**query: Any) -> Any:
        nonlocal asked
        asked += 1
        world.redis.pexpire("warraq:claim:stories", max(1, world.redis.pttl("warraq:claim:stories") - 15_000))
        return real(**query)

    monkeypatch.setattr(world.elastic, "mget", slow)
    for host, body in TEXTS.items():
        write(world, host, body)
    assert group.group_waiting(world.rt) == len(TEXTS)
    assert asked > 3


def test_a_worker_that_took_too_long_writes_nothing_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for host in TEXTS:
        write(world, host, TEXTS["one.example"])
    real = world.rt.stories.write

    def late(*what: Any) -> None:
        real(*what)
        world.redis.set("warraq:claim:stories", "another worker")

    monkeypatch.setattr(world.rt.stories, "write", late)
    assert group.group_waiting(world.rt) == 0
    assert all(one.get("story_role") is None for one in documents(world).values())
    assert world.redis.get("warraq:claim:stories") == b"another worker"


def test_redis_away_at_once_is_no_failure_of_the_task(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: int) -> Any:
        raise RedisConnectionError

    monkeypatch.setattr(world.rt.ungrouped, "first", away)
    assert group.group_waiting(world.rt) == 0


def test_what_a_cut_round_has_left_in_a_list_is_taken_out_of_no_other_story(grouped: World) -> None:
    expected, (_, small) = told(grouped), told(grouped)[1]
    stale = replace(small, members=(*small.members, key_of("three.example")))
    grouped.clock.forward(1)
    grouped.rt.stories.write([stale], grouped.rt.now())
    write(grouped, "five.example", TEXTS["five.example"])
    group_all(grouped)
    assert told(grouped) == expected


def counted(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets longer with each refresh."""
    seen, real = list[str](), world.rt.fingerprints.refresh

    def refresh() -> None:
        seen.append("refresh")
        real()

    monkeypatch.setattr(world.rt.fingerprints, "refresh", refresh)
    return seen


def test_batches_share_a_refresh_until_they_are_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    refreshed = counted(world, monkeypatch)
    monkeypatch.setattr(group, "BATCH", 1)
    for host in ("one.example", "two.example", "five.example", "six.example"):
        write(world, host, TEXTS[host])
    group_all(world)
    assert [story.articles for story in told(world)[1]] == [2, 2]
    assert refreshed == ["refresh"]
    monkeypatch.setattr("workers.store.fingerprints.RECENT", 1)
    write(world, "three.example", TEXTS["three.example"])
    group_all(world)
    assert len(refreshed) == 2
    assert [story.articles for story in told(world)[1]] == [3, 2]


def test_what_another_worker_wrote_is_made_visible(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write(world, "five.example", TEXTS["five.example"])
    group_all(world)
    other = twin(world, "another worker")
    other.elastic.names = world.elastic.names
    write(other, "one.example", TEXTS["one.example"])
    group_all(other)
    world.redis.set("warraq:ungrouped:by", "another worker")
    refreshed = counted(world, monkeypatch)
    write(world, "two.example", TEXTS["two.example"])
    group_all(world)
    assert refreshed == ["refresh"]
    assert [story.articles for story in told(world)[1]] == [2]


def test_after_a_round_that_failed_all_is_made_visible(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write(world, "one.example", TEXTS["one.example"])
    group_all(world)
    refreshed = counted(world, monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(world.rt.ungrouped, "keep", lambda *_: 1 / 0)
        write(world, "two.example", TEXTS["two.example"])
        group_all(world)
    assert refreshed == []
    write(world, "two.example", TEXTS["two.example"])
    group_all(world)
    assert refreshed == ["refresh"]
    assert [story.articles for story in told(world)[1]] == [2]


def test_an_edited_article_is_known_by_its_new_text_alone(world: World) -> None:
    write(world, "one.example", TEXTS["one.example"])
    group_all(world)
    world.rt.fingerprints.refresh()  # Elasticsearch does so by itself, too
    write(world, "two.example", TEXTS["two.example"])
    write(world, "one.example", TEXTS["five.example"])
    group_all(world)
    write(world, "six.example", TEXTS["six.example"])
    group_all(world)
    assert [story.members for story in told(world)[1]] == [(key_of("one.example"), key_of("six.example"))]
    assert linked(world, "two.example") == []
    assert linked(world, "six.example") == [key_of("one.example")]


def linked(world: World, host: str) -> list[str]:
    return [link.id for link in world.rt.fingerprints.get_many([key_of(host)])[key_of(host)].links]


def test_what_is_in_memory_and_found_besides_is_linked_once(world: World) -> None:
    write(world, "one.example", TEXTS["one.example"])
    group_all(world)
    world.rt.fingerprints.refresh()
    write(world, "two.example", TEXTS["two.example"])
    group_all(world)
    assert linked(world, "two.example") == [key_of("one.example")]


def test_what_was_forgotten_while_it_is_in_memory_is_linked_to_nothing(world: World) -> None:
    write(world, "one.example", TEXTS["one.example"])
    group_all(world)
    world.elastic.delete(FINGERPRINTS, key_of("one.example"))
    write(world, "two.example", TEXTS["two.example"])
    group_all(world)
    assert linked(world, "two.example") == []
    assert world.rt.ungrouped.count() == 0
