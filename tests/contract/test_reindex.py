"""`warraq reindex` on the real server while articles are written, edited and deleted."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from elasticsearch import Elasticsearch

from ingest.document import ALIAS
from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from tests.contract.months import NAME, SHARDS, create, month, remove
from workers.store import reindex
from workers.store.articles import Index
from workers.store.indices import ARTICLE_KIND
from workers.store.outcomes import Outcome
from workers.store.reindex import Reindex
from workers.store.searches import Searches

pytestmark = pytest.mark.stack

NOW = datetime(1999, 1, 5, tzinfo=UTC)
LEDGER = "test-reindex-ledger"
BEFORE = 400
TITLED = 5_000_000
"""Added to the numbers in titles, so that they stand in no body."""
KIND = replace(ARTICLE_KIND, shards=SHARDS)


def outcome(number: int, edition: int) -> Outcome:
    at = NOW + timedelta(seconds=edition)
    record = ended(admitted(Source("s", "feed", "http://h/"), Entry(f"http://h/{number}"), NOW), State.INDEXED, NOW)
    title, body = f"خبر {TITLED + number}", f"العراق خبر رقم {number} طبعة {edition}"
    article = Article(id=record.id, url=record.url, title=title, body=body, fetched_at=at)
    return Outcome(replace(record, version=edition + 2), article)


class Writer(threading.Thread):
    """Writes new and edited articles as the flusher does, and deletes some; what is refused for now, again."""

    def __init__(self, client: Elasticsearch) -> None:
        super().__init__()
        self._client = client
        self._index = Index(client, LEDGER)
        self._over = threading.Event()
        self.written: dict[int, int] = {}
        self.deleted = 0

    def write(self, numbers: range, edition: int) -> None:
        waiting = [outcome(number, edition) for number in numbers]
        deadline = time.monotonic() + 60
        while waiting:
            assert time.monotonic() < deadline, "writes are refused for good"
            verdicts = self._index.write(waiting, NOW)
            assert not [verdict for verdict in verdicts if verdict.word == "refused"]
            waiting = [one for one, verdict in zip(waiting, verdicts, strict=True) if verdict.word == "again"]
        self.written |= dict.fromkeys(numbers, edition)

    def delete(self, number: int) -> None:
        mine, key = self._client.options(ignore_status=[403, 404]), outcome(number, 0).record.id
        while mine.delete(index=NAME, id=key).meta.status == 403:
            pass
        self.deleted += self.written.pop(number, None) is not None

    def run(self) -> None:
        edition = 1
        while not self._over.is_set():
            start = (edition * 7) % BEFORE
            self.write(range(start, start + 5), edition)  # edits of old articles, some of them deleted before
            self.write(range(BEFORE + edition * 5, BEFORE + edition * 5 + 5), edition)  # new ones
            self.delete((edition * 11) % BEFORE)
            edition += 1

    def stop(self) -> None:
        self._over.set()
        self.join()


@pytest.fixture
def writer(elasticsearch: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writer]:
    monkeypatch.setattr(reindex, "ARTICLE_KIND", KIND)
    elasticsearch = elasticsearch.options(request_timeout=60)  # analyzers take a while on a busy machine
    elasticsearch.options(ignore_status=400).indices.create(index=LEDGER)
    create(elasticsearch, settings=KIND.settings(), mappings=KIND.mapping)
    made = Writer(elasticsearch)
    made.write(range(BEFORE), 0)
    yield made
    made.stop() if made.is_alive() else None
    remove(elasticsearch)
    elasticsearch.indices.delete(index=LEDGER)


def stored(client: Elasticsearch) -> dict[int, int]:
    client.indices.refresh(index=NAME)
    hits = client.search(index=NAME, size=10_000, source_includes=["url", "body"])["hits"]["hits"]
    return {int(hit["_source"]["url"].rsplit("/", 1)[1]): int(hit["_source"]["body"].split()[-1]) for hit in hits}


def wait_for(writer: Writer) -> None:
    seen, gone = len(writer.written), writer.deleted
    while len(writer.written) < seen + 20 or writer.deleted < gone + 2:
        assert writer.is_alive(), "its own error is told above"
        time.sleep(0.05)


def test_nothing_is_lost_and_nothing_comes_back_while_writes_go_on(
    elasticsearch: Elasticsearch, writer: Writer
) -> None:
    writer.start()
    work = Reindex(elasticsearch)
    rebuilt = month(work)
    work.build(rebuilt)
    wait_for(writer)
    work.swap(rebuilt)
    assert list(elasticsearch.indices.get_alias(name=NAME)) == ["news-v2-articles-1999.01"]
    assert "news-v2-articles-1999.01" in elasticsearch.indices.get_alias(name=ALIAS)
    wait_for(writer)
    writer.stop()
    assert writer.deleted >= 4
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


def test_what_changes_in_searches_is_shown(elasticsearch: Elasticsearch, writer: Writer) -> None:
    assert writer.written
    work, searches = Reindex(elasticsearch), Searches(elasticsearch)
    rebuilt = month(work)
    work.build(rebuilt)
    assert searches.compare([rebuilt.new], ["خبر رقم 17"]) == [] or len(work.months()) > 1
    gone, title = outcome(17, 0).record.id, f"خبر {TITLED + 17}"
    elasticsearch.delete(index=rebuilt.new, id=gone, refresh=True)
    (change,) = searches.compare([rebuilt.new], [title])
    assert change.before[0] == gone
    assert gone not in change.after
    assert (gone, 1, None) in list(change.moves())
    assert searches.titles([gone]) == {gone: title}
    work.drop(rebuilt)
    assert not elasticsearch.indices.exists(index=rebuilt.new)
