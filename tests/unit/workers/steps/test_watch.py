"""Watching articles until they have ended."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from ingest.errors import Unavailable
from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended, put_off
from ingest.model import Entry, Source
from tests.fakes import World
from workers.steps import watch
from workers.steps.watch import Watch
from workers.store.ledger import End

FEED, FILES = Source("feed", "feed", "http://h/feed"), Source("files", "files", "file:///x")


def admit(world: World, source: Source, count: int) -> list[Record]:
    return world.ledger.create(
        [admitted(source, Entry(f"http://h/{source.id}/{n}"), world.clock.at) for n in range(count)]
    )


def end(world: World, records: list[Record], state: State = State.INDEXED, reason: str = "") -> None:
    world.ledger.save([ended(record, state, world.clock.at + timedelta(seconds=1), reason) for record in records])


def test_ids_are_counted_by_how_they_ended(world: World) -> None:
    records = admit(world, FILES, 6)
    watched = Watch()
    watched.add(record.id for record in records)
    assert watched.look(world.rt) == {("pending", ""): 6}
    end(world, records[:3])
    end(world, records[3:4], State.FAILED, "empty")
    world.ledger.save([put_off(records[4], Unavailable("page_store"), world.clock.at, 0.5)])
    wanted = {("indexed", ""): 3, ("failed", "empty"): 1, ("pending", "page_store"): 1, ("pending", ""): 1}
    assert watched.look(world.rt) == wanted
    assert watched.look(world.rt) == wanted


def test_an_article_of_a_watched_source_counts_once(world: World) -> None:
    records = [*admit(world, FEED, 3), *admit(world, FILES, 2)]
    watched = Watch([FEED])
    watched.add(record.id for record in records[2:])
    assert watched.look(world.rt) == {("pending", ""): 5}


def test_it_asks_for_a_few_and_for_what_has_ended_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LOOK", 10)
    records = admit(world, FILES, 100)
    asked: list[int] = []
    ends = world.ledger.ends

    def count(ids: Sequence[str]) -> dict[str, End]:
        asked.append(len(ids))
        return ends(ids)

    monkeypatch.setattr(world.ledger, "ends", count)
    watched = Watch()
    watched.add(record.id for record in records)
    assert watched.look(world.rt) == {("pending", ""): 100}
    assert asked == [10]
    end(world, records)
    assert watched.look(world.rt) == {("indexed", ""): 100}
    assert sum(asked) == 110
    watched.look(world.rt)
    assert sum(asked) == 110
