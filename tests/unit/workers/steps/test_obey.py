"""What editors ask for is done, and every order is answered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.desk.order import Answer, Order
from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry
from tests.fakes import World
from tests.unit.host import FEED, SOURCE, page
from workers.steps.obey import obey
from workers.steps.sweep import schedule_missing

RSS = "<rss version='2.0'><channel><title>x</title><item><title>خبر أول</title><link>http://h/a</link></item></channel></rss>"
AT = datetime(2026, 11, 27, tzinfo=UTC)


def ordered(world: World, **fields: Any) -> Answer:
    """Have an order done; return its answer."""
    assert world.rt.mailbox.put(Order(id="1", asked_at=AT, **fields))
    upshot = obey(world.rt)
    assert upshot is not None
    return world.rt.mailbox.answers()[0]


def test_without_orders_nothing_is_said(world: World) -> None:
    assert obey(world.rt) is None


def test_a_source_is_added_and_due_at_once(world: World) -> None:
    assert ordered(world, what="add", url="https://new.example/", name="جديد").ok
    ((source, _),) = world.sources.all()
    assert (source.name, source.kind, source.url) == ("جديد", "site", "https://new.example/")
    assert world.rt.schedule.due(10) == [source.id]


def test_a_source_is_paused_goes_on_and_is_removed(world: World) -> None:
    ordered(world, what="add", url="https://new.example/")
    ((source, _),) = world.sources.all()
    assert ordered(world, what="pause", source=source.id).ok
    assert (world.sources.all()[0][0].paused, world.rt.schedule.due(10)) == (True, [])
    schedule_missing(world.rt)
    assert world.rt.schedule.due(10) == [], "a paused source is no lost one"
    assert ordered(world, what="resume", source=source.id).ok
    assert world.sources.all()[0][0] == source, "its interval, say"
    assert world.rt.schedule.due(10) == [source.id]
    assert ordered(world, what="remove", source=source.id).ok
    assert world.sources.all() == []


@pytest.mark.parametrize("what", ["pause", "resume", "remove"])
def test_a_source_that_is_not_there_is_said(world: World, what: str) -> None:
    answer = ordered(world, what=what, source="x")
    assert (answer.ok, answer.said.partition(";")[0]) == (False, "no_source: x")


def test_a_dry_run_lists_entries_and_admits_nothing(world: World) -> None:
    world.web.answers = {FEED: page(FEED, RSS.encode())}
    answer = ordered(world, what="try", url=FEED)
    assert (answer.ok, answer.said, answer.number, answer.found) == (True, "", 1, ("خبر أول",))
    assert (world.sources.all(), world.ledger.records) == ([], {})


def test_a_site_that_does_not_answer_is_said(world: World) -> None:
    answer = ordered(world, what="try", url="https://nobody.example/")
    assert not answer.ok
    assert answer.said


def test_an_order_that_breaks_is_answered_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.sources, "put", None)
    answer = ordered(world, what="add", url="https://new.example/")
    assert (answer.ok, "TypeError" in answer.said) == (False, True)


def test_a_retry_reopens_what_failed_for_a_reason(world: World) -> None:
    start = world.clock.at - timedelta(hours=1)
    for number, reason in enumerate(("http_404", "http_404", "robots")):
        record = admitted(SOURCE, Entry(f"http://h/{number}"), start)
        world.ledger.save([ended(record, State.FAILED, start, reason)])
    assert ordered(world, what="retry", reason="http_404").number == 2
    assert sum(record.pending for record in world.ledger.records.values()) == 2


def test_workers_are_called_once_however_long_they_are_away(world: World) -> None:
    assert not world.rt.mailbox.calls(), "nothing waits"
    for number in range(2):
        world.rt.mailbox.put(Order(id=str(number), asked_at=AT, what="add", url=f"https://{number}.example/"))
    assert [world.rt.mailbox.calls() for _ in range(3)] == [True, False, False]
    obey(world.rt)
    world.rt.mailbox.put(Order(id="3", asked_at=AT, what="add", url="https://3.example/"))
    assert world.rt.mailbox.calls(), "it came after they had"
