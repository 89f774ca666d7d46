"""Whatever Elasticsearch says of a single item: document and record agree, or the outcome is still to be written.

The same cases on the fake and on the real server, whose answers for single items are replaced on their way.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

import pytest
from elasticsearch import Elasticsearch, NotFoundError

from ingest.document import LEDGER
from ingest.ledger.record import Record, State
from ingest.ledger.reopening import reopened
from ingest.ledger.transitions import abandoned, admitted, ended
from ingest.model import Article, Entry, Source
from tests.contract.indices import indices
from tests.fake_elastic import FakeElastic, FaultyElastic
from workers.runtime import ELASTICSEARCH
from workers.store.articles import Index
from workers.store.bulk import ItemError
from workers.store.ledger import Ledger
from workers.store.outcomes import Outcome

NOW = datetime(1999, 2, 15, 12, tzinfo=UTC)
MONTH = "news-articles-1999.02"
SOURCE = Source("s", "feed", "http://h/feed")
LATER = (403, 404, 429, 503, None)
"""Answers after which an item is tried again; None = the answer ends before it."""


@dataclass
class Room:
    elastic: FakeElastic | FaultyElastic
    ledger: Ledger
    index: Index

    def has_document(self, key: str) -> bool:
        try:
            self.elastic.get(index=MONTH, id=key)
        except NotFoundError:
            return False
        return True

    def record(self, key: str) -> Record:
        found = self.ledger.get(key)
        assert found is not None
        return found

    def admit(self) -> Record:
        (record,) = self.ledger.create([admitted(SOURCE, Entry(f"http://h/{uuid.uuid4().hex}"), NOW)])
        return record

    def write(self, *outcomes: Outcome) -> list[str]:
        try:
            return [verdict.word for verdict in self.index.write(outcomes, NOW)]
        except ELASTICSEARCH:
            return ["again"] * len(outcomes)

    def agree(self, key: str) -> bool:
        """Tell whether the article has ended, and its record knows of a document exactly if there is one."""
        record = self.record(key)
        return not record.pending and (record.indexed_at is not None) == self.has_document(key)

    def promise_holds(self, word: str, key: str) -> bool:
        return self.agree(key) or (word == "again" and self.record(key).pending)


@pytest.fixture(scope="module")
def real_ledger(elasticsearch: Elasticsearch) -> Iterator[str]:
    """Make one for all tests: each of them keeps to articles of its own."""
    with indices(elasticsearch, LEDGER) as (name,):
        yield name
    elasticsearch.options(ignore_status=404).indices.delete(index=MONTH)


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
def room(request: pytest.FixtureRequest) -> Room:
    if request.param == "fake":
        elastic: FakeElastic | FaultyElastic = FakeElastic()
        ledger = LEDGER
    else:
        ledger = request.getfixturevalue("real_ledger")
        elastic = FaultyElastic(client=request.getfixturevalue("elasticsearch"))
    faulty = cast("Elasticsearch", elastic)
    return Room(elastic, Ledger(faulty, ledger), Index(faulty, ledger))


def outcome(record: Record, title: str = "عنوان") -> Outcome:
    article = Article(id=record.id, url=record.url, title=title, body="نص", fetched_at=NOW)
    return Outcome(ended(record, State.INDEXED, NOW), article)


@pytest.mark.parametrize("on", ["document", "record", "correction", "both"])
@pytest.mark.parametrize("verdict", LATER)
def test_what_is_not_taken_now_is_written_later(room: Room, on: str, verdict: int | None) -> None:
    one, other = room.admit(), room.admit()
    kinds = {"document": ["document"], "record": ["record"], "correction": ["record"], "both": ["document", "record"]}
    room.elastic.verdicts = {(kind, one.id): verdict for kind in kinds[on]}
    if on == "correction":
        room.elastic.verdicts["document", one.id] = 400
    words = room.write(outcome(other), outcome(one))
    assert words[0] == "done", "no other suffers"
    assert room.agree(other.id)
    assert words[1] == "again"
    assert room.promise_holds(words[1], one.id)
    if verdict is not None:
        assert room.record(one.id).pending
    room.elastic.verdicts.clear()
    assert room.write(outcome(one)) == ["done"]
    assert room.agree(one.id)
    assert room.has_document(one.id)


def test_a_document_that_is_refused_fails_with_its_reason_once(room: Room) -> None:
    one = room.admit()
    room.elastic.verdicts["document", one.id] = 400
    assert room.write(outcome(one)) == ["refused"]
    failed = room.record(one.id)
    assert (failed.state, failed.reason) == (State.FAILED, "refused_by_index")
    assert failed.detail.startswith("document_parsing_exception: failed to parse")
    assert room.write(outcome(one)) == ["refused"], "the item came again"
    assert room.record(one.id) == failed
    assert room.agree(one.id)


def test_a_record_that_is_refused_keeps_its_outcome(room: Room) -> None:
    one = room.admit()
    room.elastic.verdicts["record", one.id] = 400
    assert room.write(outcome(one)) == ["again"]
    assert room.record(one.id).pending


@pytest.mark.parametrize("cut", [1, 2])
def test_a_connection_that_is_cut_after_the_body_was_sent(room: Room, cut: int) -> None:
    one = room.admit()
    room.elastic.break_off = cut
    for _ in range(cut):
        assert room.write(outcome(one)) == ["again"]
        assert room.promise_holds("again", one.id)
    assert room.write(outcome(one)) == ["done"]
    assert room.agree(one.id)
    assert room.record(one.id).version == 2


def test_a_late_document_makes_another_end_a_failed_refresh(room: Room) -> None:
    """Its worker was taken for dead, another one came to a different end, and then its outcome arrives."""
    one = room.admit()
    zombie, failed = outcome(one), Outcome(ended(one, State.FAILED, NOW, "poison"))
    assert room.write(failed) == ["done"]
    room.elastic.verdicts["record", one.id] = 429
    assert room.write(zombie) == ["again"]
    room.elastic.verdicts.clear()
    assert room.write(zombie) == ["done"]
    told = room.record(one.id)
    assert (told.state, told.reason, told.version) == (State.INDEXED, "refresh_poison", 3)
    assert room.write(zombie, failed) == ["done", "done"]
    assert room.record(one.id) == told


def test_a_late_document_of_an_article_that_is_at_work_again(room: Room) -> None:
    one = room.admit()
    again = abandoned(one, NOW)
    room.ledger.save([again])
    assert room.write(outcome(one)) == ["moved"]
    assert room.record(one.id).pending
    assert room.write(Outcome(ended(room.record(one.id), State.FAILED, NOW, "http_404"))) == ["done"]
    assert room.agree(one.id)


def test_an_outcome_that_a_late_document_has_overtaken_is_at_work_nowhere(room: Room) -> None:
    one = room.admit()
    again = abandoned(one, NOW)
    room.ledger.save([again])
    assert room.write(outcome(one)) == ["moved"]
    assert room.write(outcome(again)) == ["overtaken"], "who worked on it did not know of the document"
    assert room.record(one.id).pending
    assert room.write(outcome(room.record(one.id))) == ["done"]
    assert room.agree(one.id)


def test_an_end_that_comes_too_late_changes_nothing(room: Room) -> None:
    one = room.admit()
    again = abandoned(one, NOW)
    room.ledger.save([again])
    assert room.write(Outcome(ended(one, State.FAILED, NOW, "dns"))) == ["moved"]
    assert room.record(one.id) == again


def test_two_ends_of_one_article_in_one_batch(room: Room) -> None:
    one = room.admit()
    assert room.write(Outcome(ended(one, State.FAILED, NOW, "dns")), outcome(one)) == ["done", "done"]
    assert room.agree(one.id)
    two = room.admit()
    newer = outcome(reopened(outcome(two).record, NOW), "جديد")
    assert room.write(newer, outcome(two, "قديم")) == ["done", "done"]
    assert room.elastic.get(index=MONTH, id=two.id)["_source"]["title"] == "جديد"
    assert room.agree(two.id)


@pytest.mark.parametrize("status", [403, 429, 503, None])
def test_overload_is_an_error_of_a_service_and_no_records_fault(room: Room, status: int | None) -> None:
    one = admitted(SOURCE, Entry(f"http://h/{uuid.uuid4().hex}"), NOW)
    room.elastic.verdicts["record", one.id] = status
    with pytest.raises(ELASTICSEARCH):
        room.ledger.create([one])
    room.elastic.verdicts.clear()
    room.ledger.create([one])
    room.elastic.verdicts["record", one.id] = status
    with pytest.raises(ItemError):
        room.ledger.save([abandoned(one, NOW)])


def test_a_record_without_its_document_is_found(room: Room) -> None:
    one, failed = room.admit(), room.admit()
    assert room.write(outcome(one), Outcome(ended(failed, State.FAILED, NOW, "dns"))) == ["done", "done"]
    records = [room.record(key) for key in (one.id, failed.id)]
    assert room.index.missing(records) == {failed.id}
    assert room.index.missing([]) == set()
    with pytest.raises(ItemError, match="index_not_found"):
        room.index.missing([replace(records[0], admitted_at=datetime(1999, 3, 1, tzinfo=UTC))])
