"""`warraq reindex` on the real server: old and new index hold the same, whatever is written, deleted or killed."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

import pytest
from elastic_transport import Transport
from elasticsearch import Elasticsearch

from ingest.document import ALIAS, ARTICLES
from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from workers.store import reindex
from workers.store import versions as compared
from workers.store.articles import Index
from workers.store.indices import ARTICLE_KIND
from workers.store.outcomes import Outcome
from workers.store.reindex import Month, Reindex
from workers.store.searches import Searches
from workers.store.versions import ReindexError, versions

pytestmark = pytest.mark.stack

NOW = datetime(1999, 1, 5, tzinfo=UTC)
NAME = f"{ARTICLES}1999.01"
LEDGER = "test-reindex-ledger"
BEFORE = 400
SHARDS: Final = 3
TITLED = 5_000_000
"""Added to the numbers in titles, so that they stand in no body."""
KIND = replace(ARTICLE_KIND, shards=SHARDS)
PLAIN: Final = SimpleNamespace(
    settings=lambda: {"number_of_shards": SHARDS, "number_of_replicas": 0},
    mapping={"properties": {"id": {"type": "keyword"}}},
)
"""A kind that is made in no time: no analyzers."""


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


@pytest.fixture
def few(elasticsearch: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elasticsearch]:
    """Hand over the server with thirty plain documents, which are compared in 16 ranges."""
    monkeypatch.setattr(reindex, "ARTICLE_KIND", PLAIN)
    monkeypatch.setattr(compared, "RANGE", 4)
    create(elasticsearch, settings=PLAIN.settings(), mappings=PLAIN.mapping)
    for number in range(30):
        put(elasticsearch, NAME, f"{number:032x}", 1 + number % 3)
    yield elasticsearch
    remove(elasticsearch)


def create(client: Elasticsearch, **what: Any) -> None:
    remove(client)
    client.indices.create(index=NAME, aliases={ALIAS: {}}, **what)


def remove(client: Elasticsearch) -> None:
    names = client.indices.get(index=[f"{NAME}*", "news-v*-articles-1999.01"], features="aliases")
    if names:
        client.indices.delete(index=list(names))


def put(client: Elasticsearch, index: str, key: str, version: int) -> None:
    client.index(index=index, id=key, document={"id": key}, version=version, version_type="external_gte")


def month(work: Reindex) -> Month:
    return next(one for one in work.months() if one.name == NAME)


def rebuild(client: Elasticsearch) -> None:
    work = Reindex(client)
    rebuilt = month(work)
    work.build(rebuilt)
    work.swap(rebuilt)


def held(client: Elasticsearch, index: str = NAME) -> dict[str, int]:
    client.indices.refresh(index=index)
    return dict(versions(client, index))


def stored(client: Elasticsearch) -> dict[int, int]:
    client.indices.refresh(index=NAME)
    hits = client.search(index=NAME, size=10_000, source_includes=["url", "body"])["hits"]["hits"]
    return {int(hit["_source"]["url"].rsplit("/", 1)[1]): int(hit["_source"]["body"].split()[-1]) for hit in hits}


def wait_for(writer: Writer) -> None:
    seen, gone = len(writer.written), writer.deleted
    while len(writer.written) < seen + 20 or writer.deleted < gone + 2:
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


def test_each_shard_is_copied_from_where_it_was(few: Elasticsearch) -> None:
    """Shards count their writes apart: a busy one must not hide what a quiet one has written."""
    shards = {key: few.search_shards(index=NAME, routing=key)["shards"][0][0]["shard"] for key in held(few)}
    busy, quiet = (next(key for key, shard in shards.items() if shard == number) for number in (0, 1))
    for version in range(4, 54):
        put(few, NAME, busy, version)
    work = Reindex(few)
    rebuilt = month(work)
    work.build(rebuilt)
    put(few, NAME, quiet, 9)
    assert work._catch_up(rebuilt) == 1
    assert held(few, rebuilt.new) == held(few)


def test_a_swap_mends_what_is_missing_outdated_or_deleted(few: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever catching up has overlooked: here all of it."""
    work = Reindex(few)
    rebuilt = month(work)
    work.build(rebuilt)
    deleted, outdated, *_ = sorted(held(few))
    few.delete(index=NAME, id=deleted)
    put(few, NAME, outdated, 9)
    put(few, NAME, "e" * 32, 1)
    put(few, rebuilt.new, "f" * 32, 1)
    expected = held(few)
    monkeypatch.setattr(work, "_catch_up", lambda _: 0)
    work.swap(rebuilt)
    assert held(few) == expected
    assert (len(expected), expected[outdated]) == (30, 9)


def test_a_swap_that_cannot_be_right_leaves_everything_as_it_was(few: Elasticsearch) -> None:
    work = Reindex(few)
    rebuilt = month(work)
    work.build(rebuilt)
    key, *_ = sorted(before := held(few))
    put(few, rebuilt.new, key, 99)
    with pytest.raises(ReindexError, match=r"still differs .* new=99"):
        work.swap(rebuilt)
    assert held(few) == before
    put(few, NAME, key, 100)
    rebuild(few)  # a second try, on what the first one left
    assert held(few) == before | {key: 100}


def test_a_document_that_cannot_be_compared_stops_the_swap(few: Elasticsearch) -> None:
    few.index(index=NAME, id="0" * 31 + "x", document={})
    with pytest.raises(ReindexError, match="holds 31 documents, and 30 of them carry an id"):
        rebuild(few)
    few.index(index=NAME, id="0" * 31 + "x", document={"id": "other"})
    with pytest.raises(ReindexError, match="says that its id is other"):
        rebuild(few)


def test_two_runs_at_once_do_not_delete_each_others_work(few: Elasticsearch) -> None:
    before = held(few)
    first, second = Reindex(few), Reindex(few)
    ours, theirs = month(first), month(second)
    first.build(ours)
    second.build(theirs)
    with pytest.raises(ReindexError, match="another run"):
        first.swap(ours)
    put(few, NAME, min(before), 7)
    second.swap(theirs)
    for late in (first.build, first.drop):
        with pytest.raises(ReindexError, match="has swapped it in"):
            late(ours)
    assert held(few) == before | {min(before): 7}


LOOKS: Final = ("_search", "_count", "_refresh")


class Killed(BaseException):
    pass


class Mortal(Transport):
    """Changes something so many times, then its process is dead: what would clean up asks in vain too."""

    left = 0

    def perform_request(self, method: str, target: str, **options: Any) -> Any:
        changes = method in {"PUT", "POST", "DELETE"} and not target.partition("?")[0].endswith(LOOKS)
        type(self).left -= changes
        if self.left < 0:
            raise Killed
        return super().perform_request(method, target, **options)


def test_killed_anywhere_and_run_again_it_ends_right(few: Elasticsearch, elasticsearch: Elasticsearch) -> None:
    node = next(iter(elasticsearch.transport.node_pool.all())).base_url
    authorization = elasticsearch._headers["authorization"]
    mortal = Elasticsearch(node, transport_class=Mortal, headers={"authorization": authorization})
    expected = held(few)
    for changes in range(100):
        Mortal.left = changes
        try:
            rebuild(mortal)
        except Killed:
            assert held(few) == expected, "readers have one generation or the other"
        else:
            break
        if changes % 3:  # else one killed run comes after the other
            rebuild(few)
            key = f"{changes:032x}"
            put(few, NAME, key, 1000)
            expected |= {key: 1000}
    assert 5 < changes < 99, "it was killed before each of them"
    assert held(few) == expected
    assert list(few.indices.get(index="news-v*-articles-1999.01")) == list(few.indices.get_alias(name=NAME))
    mortal.close()
