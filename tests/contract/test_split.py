"""`warraq ledger split` on the real server while records are admitted, moved and admitted again."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from elasticsearch import Elasticsearch

from ingest.document import LEDGER
from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Source
from tests.contract.indices import KINDS
from workers.store.bulk import ItemError
from workers.store.ledger import Ledger
from workers.store.split import Split
from workers.store.versions import ReindexError

pytestmark = pytest.mark.stack

NOW = datetime(1999, 1, 5, tzinfo=UTC)
BEFORE = 300


def record(number: int) -> Record:
    return admitted(Source("s", "feed", "http://h/"), Entry(f"http://split/{number}"), NOW)


class Writer(threading.Thread):
    """Admits records, ends them, and admits them again, as workers do: what is refused for now, once more."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self._ledger = ledger
        self._over = threading.Event()
        self.admitted = 0
        self.refused = 0
        self.twice = 0

    def write(self, count: int) -> None:
        batch = [record(number) for number in range(self.admitted, self.admitted + count)]
        created = self._until_taken(lambda: self._ledger.create(batch))
        self.twice += len(self._until_taken(lambda: self._ledger.create(batch))) if created else 0
        self._until_taken(lambda: self._ledger.save([ended(one, State.FAILED, NOW, "x") for one in batch]))
        self.admitted += count

    def run(self) -> None:
        while not self._over.is_set():
            self.write(10)

    def stop(self) -> None:
        self._over.set()
        self.join()

    def _until_taken(self, do: Callable[[], list[Record]]) -> list[Record]:
        deadline = time.monotonic() + 60
        while True:
            try:
                return do()
            except ItemError:
                self.refused += 1
                assert time.monotonic() < deadline, "writes are refused for good"
                time.sleep(0.05)


@pytest.fixture
def name(elasticsearch: Elasticsearch) -> Iterator[str]:
    made = f"news-splits{uuid.uuid4().hex[:6]}"
    patient, kind = elasticsearch.options(request_timeout=60), KINDS[LEDGER]
    patient.indices.create(index=made, mappings=kind.mapping, settings=kind.settings())
    yield made
    patient.options(ignore_status=404).indices.delete(index=",".join(elasticsearch.indices.get_alias(index=made)))


def test_ids_and_versions_hold_while_writes_go_on(elasticsearch: Elasticsearch, name: str) -> None:
    ledger, work = Ledger(elasticsearch, name), Split(elasticsearch, name)
    writer = Writer(ledger)
    writer.write(BEFORE)
    writer.start()
    work.split(2)
    work.split(4)
    seen = writer.admitted
    while writer.admitted < seen + 20:
        assert writer.is_alive(), "its own error is told above"
        time.sleep(0.05)
    writer.stop()
    assert (work.shards(), list(elasticsearch.indices.get_alias(index=name))) == (
        4,
        [name.replace("news-", "news-v3-")],
    )
    assert work.records() == writer.admitted
    assert writer.twice == 0, "what was known is known"
    old = record(0)
    assert ledger.create([old]) == []
    assert ledger.save([replace(old, version=1)]) == [], "an old version loses"
    found = ledger.get(old.id)
    assert found
    assert (found.state, found.version) == (State.FAILED, 2)
    ledger.refresh()
    ids, place = [], ""
    while True:
        records, place = ledger.after(place, 50, pending=False)
        ids += [one.id for one in records]
        if not place:
            break
    assert ids == sorted(record(number).id for number in range(writer.admitted))


@pytest.mark.parametrize("dies_in", ["split", "update_aliases"])
def test_what_fails_leaves_everything_as_it_was_and_may_be_done_again(
    elasticsearch: Elasticsearch, name: str, monkeypatch: pytest.MonkeyPatch, dies_in: str
) -> None:
    ledger, work = Ledger(elasticsearch, name), Split(elasticsearch, name)
    ledger.create([record(1)])

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(work._client.indices), dies_in, dies)
        with pytest.raises(KeyboardInterrupt):
            work.split(2)
    assert ledger.create([record(2)]), "writes are taken again"
    assert work.shards() == 1
    elasticsearch.indices.add_block(index=name, block="write")  # as a run that was killed leaves it
    work.split(2)
    assert (work.shards(), work.records()) == (2, 2)
    with pytest.raises(ReindexError, match="4, 8, 16"):
        work.split(3)
    assert ledger.create([record(3)])
