"""Versions and due looks: the same cases on the fakes and on the real Elasticsearch."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.document import LEDGER, REVISION, REVISIONS
from ingest.ledger.record import Record, State
from ingest.ledger.revisit import Revisit
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from ingest.revisions.revision import next_version
from tests.contract.indices import indices
from tests.fake_elastic import FakeElastic
from tests.fakes import FakeLedger, FakeRevisions
from workers.store.bulk import Write, send
from workers.store.ledger import Ledger
from workers.store.revisions import Revisions

NOW = datetime(1999, 1, 15, 12, tzinfo=UTC)
SOURCE = Source("s", "feed", "http://h/feed")


@dataclass
class Stores:
    ledger: Ledger
    revisions: Revisions
    index: str


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "fake":
        elastic = FakeElastic()
        yield Stores(FakeLedger(elastic), FakeRevisions(elastic), REVISIONS)
        return
    client = request.getfixturevalue("elasticsearch")
    with indices(client, LEDGER, REVISIONS) as (ledger, revisions):
        yield Stores(Ledger(client, ledger), Revisions(client, revisions), revisions)


def due(host: str, number: int, minutes: int | None, state: State = State.INDEXED) -> Record:
    record = admitted(SOURCE, Entry(f"http://{host}/{number}"), NOW)
    over = ended(record, state, NOW)
    at = NOW + timedelta(minutes=minutes) if minutes is not None else None
    return replace(over, revisit=Revisit(hours=(1, 6), due_at=at))


def test_looks_that_are_due_are_shared_out_among_hosts_those_that_wait_longest_first(stores: Stores) -> None:
    crowd = [due("crowd.example", number, -100 - number) for number in range(30)]
    lone, late = due("lone.example", 0, -5), due("lone.example", 1, 5)
    never, failed = due("never.example", 0, None), due("failed.example", 0, -50, State.FAILED)
    stores.ledger.create([*crowd, lone, late, never, failed])
    stores.ledger.refresh()
    found = stores.ledger.due_looks(NOW, 10, 3)
    assert [(one.lane, one.id) for one in found] == [
        *(("crowd.example", one.id) for one in (crowd[29], crowd[28], crowd[27])),
        ("lone.example", lone.id),
    ]
    assert len(stores.ledger.due_looks(NOW, 1, 1000)) == 30
    assert [one.id for one in stores.ledger.due_looks(NOW, 1, 1000, ["crowd.example"])] == [lone.id]


def test_versions_come_by_number_and_changes_by_time_kind_and_source(stores: Stores) -> None:
    old = Article("a" * 32, "http://h/1", "عنوان", "قال الوزير إن 3 وصلوا.", host="h", source_id="s", fetched_at=NOW)
    once = next_version(old, replace(old, body="قال الوزير إن 5 وصلوا.", fetched_at=NOW + timedelta(hours=1)), NOW)
    assert once.article is not None
    later = replace(once.article, title="عنوان آخر", fetched_at=NOW + timedelta(hours=2))
    twice = next_version(once.article, later, NOW)
    client = stores.revisions._client
    writes = [
        Write(stores.index, one.id, REVISION.dump_python(one, mode="json"), version, "external_gte")
        for version, made in enumerate((once, twice), 2)
        for one in made.revisions
    ]
    assert {answer.status for answer in send(client, writes)} <= {200, 201}
    assert [one.number for one in stores.revisions.of(old.id)] == [0, 1, 2]
    assert stores.revisions.of(old.id)[1] == once.revisions[1]
    assert stores.revisions.of("b" * 32) == []

    def since(hours: float, kinds: tuple[str, ...] = (), *sources: str) -> list[int]:
        return [one.number for one in stores.revisions.since(NOW + timedelta(hours=hours), kinds, sources)]

    assert since(0) == [1, 2]
    assert since(1.5) == [2]
    assert since(0, ("headline",)) == [2]
    assert since(0, ("substantive", "gone")) == [1]
    assert since(0, (), "h") == since(0, (), "s") == [1, 2]
    assert since(0, (), "elsewhere", "s") == [1, 2]
    assert since(0, (), "elsewhere") == []
