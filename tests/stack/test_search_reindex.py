"""`warraq reindex` on the real server: nothing is lost while writes go on, and the change is shown."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from elasticsearch import Elasticsearch

from ingest.document import ALIAS, ARTICLES
from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from workers.store.articles import Index
from workers.store.outcomes import Outcome
from workers.store.reindex import Month, Reindex, ReindexError

pytestmark = pytest.mark.stack

NOW = datetime(1999, 1, 5, tzinfo=UTC)
NAME = f"{ARTICLES}1999.01"
LEDGER = "test-reindex-ledger"
BEFORE = 400
TITLED = 5_000_000
"""Added to the numbers in titles, so that they stand in no body."""


def outcome(number: int, edition: int) -> Outcome:
    at = NOW + timedelta(seconds=edition)
    record = ended(admitted(Source("s", "feed", "http://h/"), Entry(f"http://h/{number}"), NOW), State.INDEXED, NOW)
    title, body = f"خبر {TITLED + number}", f"العراق خبر رقم {number} طبعة {edition}"
    return Outcome(record, Article(id=record.id, url=record.url, title=title, body=body, fetched_at=at))


class Writer(threading.Thread):
    """Writes new and edited articles, as the flusher does: what comes back as `again` is written once more."""

    def __init__(self, client: Elasticsearch) -> None:
        super().__init__()
        self._index = Index(client, LEDGER)
        self._over = threading.Event()
        self.written: dict[int, int] = {}
        self.again = 0

    def write(self, numbers: range, edition: int) -> None:
        waiting = [outcome(number, edition) for number in numbers]
        deadline = time.monotonic() + 60
        while waiting:
            assert time.monotonic() < deadline, "writes are refused for good"
            verdicts = self._index.write(waiting, NOW)
            self.again += sum(verdict.word == "again" for verdict in verdicts)
            assert not [verdict for verdict in verdicts if verdict.word == "refused"]
            waiting = [one for one, verdict in zip(waiting, verdicts, strict=True) if verdict.word == "again"]
        self.written |= dict.fromkeys(numbers, edition)

    def run(self) -> None:
        edition = 1
        while not self._over.is_set():
            start = (edition * 7) % BEFORE
            self.write(range(start, start + 5), edition)  # edits of old articles
            self.write(range(BEFORE + edition * 5, BEFORE + edition * 5 + 5), edition)  # new ones
            edition += 1

    def stop(self) -> None:
        self._over.set()
        self.join()


def month(work: Reindex) -> Month:
    return next(one for one in work.months() if one.name == NAME)


@pytest.fixture
def writer(elasticsearch: Elasticsearch) -> Iterator[Writer]:
    elasticsearch.options(ignore_status=400).indices.create(index=LEDGER)
    made = Writer(elasticsearch)
    made.write(range(BEFORE), 0)
    yield made
    made.stop() if made.is_alive() else None
    elasticsearch.indices.delete(index=f"{month(Reindex(elasticsearch)).old},{LEDGER}")


def stored(client: Elasticsearch) -> dict[int, int]:
    client.indices.refresh(index=NAME)
    hits = client.search(index=NAME, size=10_000, source_includes=["url", "body"])["hits"]["hits"]
    return {int(hit["_source"]["url"].rsplit("/", 1)[1]): int(hit["_source"]["body"].split()[-1]) for hit in hits}


def test_nothing_is_lost_while_writes_go_on(elasticsearch: Elasticsearch, writer: Writer) -> None:
    writer.start()
    work = Reindex(elasticsearch)
    for version in (2, 3):
        rebuilt = month(work)
        work.build(rebuilt)
        seen = len(writer.written)
        while len(writer.written) < seen + 20:
            time.sleep(0.05)
        work.swap(rebuilt)
        assert list(elasticsearch.indices.get_alias(name=NAME)) == [f"news-v{version}-articles-1999.01"]
        assert f"news-v{version}-articles-1999.01" in elasticsearch.indices.get_alias(name=ALIAS)
    seen = len(writer.written)
    while len(writer.written) < seen + 20:
        time.sleep(0.05)
    writer.stop()
    assert len(writer.written) > BEFORE + 40
    assert stored(elasticsearch) == writer.written


def test_readers_see_the_old_index_until_the_swap(elasticsearch: Elasticsearch, writer: Writer) -> None:
    work = Reindex(elasticsearch)
    rebuilt = month(work)
    elasticsearch.indices.refresh(index=NAME)
    query = {"prefix": {"url": "http://h/"}}
    before = elasticsearch.count(index=ALIAS, query=query)["count"]
    work.build(rebuilt)
    assert elasticsearch.count(index=ALIAS, query=query)["count"] == before
    work.swap(rebuilt)
    assert elasticsearch.count(index=ALIAS, query=query)["count"] == before == len(writer.written)


def test_a_swap_that_would_lose_something_leaves_everything_as_it_was(
    elasticsearch: Elasticsearch, writer: Writer
) -> None:
    work = Reindex(elasticsearch)
    rebuilt = month(work)
    work.build(rebuilt)
    elasticsearch.delete(index=rebuilt.new, id=outcome(0, 0).record.id, refresh=True)
    with pytest.raises(ReindexError, match="of 400"):
        work.swap(rebuilt)
    writer.write(range(BEFORE, BEFORE + 5), 1)
    assert stored(elasticsearch) == writer.written
    work.build(rebuilt)  # a second try, on what the first one left
    work.swap(rebuilt)
    assert stored(elasticsearch) == writer.written


def test_what_changes_in_searches_is_shown(elasticsearch: Elasticsearch, writer: Writer) -> None:
    assert writer.written
    work = Reindex(elasticsearch)
    rebuilt = month(work)
    work.build(rebuilt)
    assert work.compare([rebuilt], ["خبر رقم 17"]) == [] or len(work.months()) > 1
    gone, title = outcome(17, 0).record.id, f"خبر {TITLED + 17}"
    elasticsearch.delete(index=rebuilt.new, id=gone, refresh=True)
    (change,) = work.compare([rebuilt], [title])
    assert change.before[0] == gone
    assert gone not in change.after
    assert (gone, 1, None) in list(change.moves())
    assert work.titles([gone]) == {gone: title}
    work.drop(rebuilt)
    assert not elasticsearch.indices.exists(index=rebuilt.new)
