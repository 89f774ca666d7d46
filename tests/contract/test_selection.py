"""Ended records, selected, paged and counted: the same cases on the fake ledger and on the real Elasticsearch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from ingest.document import LEDGER
from ingest.ledger.record import Record, Stage, State
from ingest.ledger.reopening import reopened
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Source
from tests.contract.indices import indices
from tests.fakes import FakeLedger
from workers.store.ledger import End, Ledger
from workers.store.selection import Selection

NOW = datetime(1999, 1, 15, 12, 0, 0, 123_456, tzinfo=UTC)
ALL = Selection(states=(State.FAILED, State.REJECTED))


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    if request.param == "fake":
        yield FakeLedger()
        return
    client: Elasticsearch = request.getfixturevalue("elasticsearch")
    with indices(client, LEDGER) as (index,):
        yield Ledger(client, index)


def put(ledger: Ledger, count: int, **what: Any) -> list[Record]:
    """Store records that failed, one after the other."""
    records = failed(count, **what)
    ledger.save(records)
    ledger.refresh()
    return records


def failed(count: int, *, source: str = "s", reason: str = "http_404", apart_s: float = 1) -> list[Record]:
    found = Source(source, "feed", "http://h/")
    opened = [admitted(found, Entry(f"http://h/{source}/{reason}/{n}"), NOW) for n in range(count)]
    moments = [NOW + timedelta(seconds=apart_s * n) for n in range(count)]
    return [ended(one, State.FAILED, at, reason) for one, at in zip(opened, moments, strict=True)]


def walk(ledger: Ledger, which: Selection, size: int, *, newest: bool = False) -> list[str]:
    found: list[Record] = []
    while page := ledger.page(which, after=found[-1] if found else None, size=size, newest=newest):
        assert len(page) <= size
        found += page
    return [record.id for record in found]


@pytest.mark.parametrize("apart_s", [1, 0.0005, 0])
def test_pages_follow_each_other_without_a_gap(ledger: Ledger, apart_s: float) -> None:
    """Also where many ended in the same millisecond, which is all that Elasticsearch sorts by."""
    records = put(ledger, 20, apart_s=apart_s)
    assert sorted(walk(ledger, ALL, 3)) == sorted(record.id for record in records)
    if apart_s == 1:
        assert walk(ledger, ALL, 3) == [record.id for record in records]
        assert walk(ledger, ALL, 3, newest=True) == [record.id for record in reversed(records)]


def test_a_selection_narrows(ledger: Ledger) -> None:
    mine, others = put(ledger, 4), put(ledger, 3, source="t", reason="timeout")
    ledger.save([reopened(mine[0], NOW + timedelta(hours=1))])
    ledger.refresh()

    def ids(which: Selection) -> set[str]:
        return {record.id for record in ledger.page(which)}

    assert ids(ALL) == {record.id for record in (*mine[1:], *others)}
    assert ids(replace(ALL, states=(State.REJECTED,))) == set()
    assert ids(replace(ALL, source_ids=("t",))) == ids(replace(ALL, reason="timeout")) == {one.id for one in others}
    assert ids(replace(ALL, stage=Stage.FETCH, source_ids=("s",))) == {one.id for one in mine[1:]}
    assert ids(replace(ALL, stage=Stage.INDEX)) == set()
    assert ids(replace(ALL, ids=(mine[1].id[:12], others[0].id))) == {mine[1].id, others[0].id}
    assert ids(replace(ALL, source_ids=("s",), since=mine[2].ended_at)) == {mine[2].id, mine[3].id}
    assert ids(replace(ALL, source_ids=("s",), before=mine[2].ended_at)) == {mine[1].id}


def test_counts_are_complete_however_many_reasons_there_are(ledger: Ledger) -> None:
    ledger.save([record for number in range(120) for record in failed(1, reason=f"reason_{number}")])
    ledger.refresh()
    assert len(ledger.counts()) == 120
    grouped = ledger.grouped(replace(ALL, source_ids=("s",)).query(), "state", "stage", "reason", "source_id")
    assert len(grouped) == 120
    assert grouped["failed", "fetch", "reason_7", "s"] == 1


def test_ends_tell_where_records_are(ledger: Ledger) -> None:
    one, two = put(ledger, 2)
    ledger.save([reopened(two, NOW)])
    ends = ledger.ends([one.id, two.id, "unknown"])
    assert ends == {one.id: End(State.FAILED, "http_404", "s"), two.id: End(State.PENDING, "", "s")}
    assert ledger.ends([]) == {}
