"""Pages and documents of which the ledger knows nothing: found, and repaired if that is asked for."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.document import LEDGER, index_of
from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Page, Source
from tests.fakes import World
from workers.steps.admit import admit
from workers.steps.check import check_after
from workers.steps.orphans import Orphans, orphans
from workers.store.outcomes import Outcome
from workers.store.page_files import PageFiles
from workers.store.pages import Pages

SOURCE = Source("s", "feed", "http://h/feed")


@pytest.fixture
def made(world: World, tmp_path: Path) -> World:
    world.rt = replace(world.rt, pages=Pages(str(tmp_path)), page_files=PageFiles(str(tmp_path)))
    return world


def article(world: World, number: int) -> Record:
    """Have an indexed article with a page of two days ago."""
    now = world.clock()
    record = admitted(SOURCE, Entry(f"http://h/{number}"), now)
    world.ledger.create([record])
    world.rt.pages.put(record.id, Page(record.url, 200, (), b"<p>x", now), now)
    (file,) = Path(world.rt.page_files._root).rglob(f"{record.id}*")
    at = (now - timedelta(days=2)).timestamp()
    os.utime(file, (at, at))
    one = Article(id=record.id, url=record.url, title="خبر", body="نص", admitted_at=now, source_id="s")
    world.index.write([Outcome(ended(record, State.INDEXED, now), one)], now)
    return record


def found(world: World, *, repair: bool = False) -> tuple[int, set[str]]:
    portions: list[Orphans] = list(orphans(world.rt, repair=repair))
    return sum(one.pages for one in portions), {key for one in portions for key in one.documents}


def test_what_has_a_record_is_none(made: World) -> None:
    article(made, 1)
    assert found(made, repair=True) == (0, set())


def test_they_are_found_and_repaired(made: World) -> None:
    lone, other = article(made, 1), article(made, 2)
    made.elastic.delete(LEDGER, lone.id)
    assert found(made) == (1, {lone.id})
    assert found(made, repair=True) == (0, {lone.id}), "its page is a record's again"
    assert found(made) == (0, set())
    record = made.ledger.records[lone.id]
    assert (record.state, record.url, record.source_id) == (State.INDEXED, lone.url, "s")
    assert made.ledger.records[other.id].history[-1].what == "indexed"
    assert check_after(made.rt, "").agrees
    assert admit(made.rt, SOURCE, [Entry("http://h/1"), Entry("http://h/2")]).admitted == 0


def test_a_later_outcome_replaces_its_document(made: World) -> None:
    lone = article(made, 1)
    made.elastic.delete(LEDGER, lone.id)
    found(made, repair=True)
    (version,) = made.rt.documents.versions(made.index.after("", 9)[0]).values()
    assert made.ledger.records[lone.id].version >= version


def test_a_page_with_neither_record_nor_document_goes(made: World) -> None:
    lone, other = article(made, 1), article(made, 2)
    made.elastic.delete(LEDGER, lone.id)
    made.elastic.delete(index_of(lone), lone.id)
    assert found(made) == (1, set())
    assert made.rt.pages.has(lone.id)
    assert found(made, repair=True) == (1, set())
    assert [made.rt.pages.has(one.id) for one in (lone, other)] == [False, True]


def test_a_page_of_today_may_be_ahead_of_its_record(made: World) -> None:
    record = admitted(SOURCE, Entry("http://h/1"), made.clock())
    made.rt.pages.put(record.id, Page(record.url, 200, (), b"<p>x", made.clock()), made.clock())
    assert found(made, repair=True) == (0, set())
    assert made.rt.pages.has(record.id)
