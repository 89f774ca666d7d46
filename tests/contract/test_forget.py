"""Tombstones, and what deletes: the same cases on the fakes and on the real servers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.document import LEDGER, RECORD, REVISION, REVISIONS, STORIES, TOMBSTONES
from ingest.forget import Tombstone, forgotten, of_article, of_host
from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Source
from ingest.revisions.edit import Kind
from ingest.revisions.revision import Revision
from ingest.stories.story import Story
from ingest.urls import article_id
from tests.contract.indices import indices
from tests.fake_elastic import FakeElastic
from tests.fakes import FakeEraser, FakeLedger, FakeRevisions, FakeStories, FakeTombstones
from workers.store.bulk import Write, send
from workers.store.eraser import Deletion, Eraser
from workers.store.ledger import Ledger
from workers.store.records import versioned
from workers.store.revisions import Revisions
from workers.store.stories import Stories
from workers.store.tombstones import Tombstones

NOW = datetime(1999, 1, 15, 12, tzinfo=UTC)
SOURCE = Source("s", "feed", "http://h.example/feed")
URLS = ("http://h.example/1", "https://www.h.example/2", "http://a.h.example/3", "http://other.example/4")


@dataclass
class Shelves:
    tombstones: Tombstones
    ledger: Ledger
    eraser: Eraser
    revisions: Revisions
    stories: Stories
    records: str
    versions: str


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
def stores(request: pytest.FixtureRequest) -> Iterator[Shelves]:
    if request.param == "fake":
        elastic = FakeElastic()
        yield Shelves(
            FakeTombstones(elastic),
            FakeLedger(elastic),
            FakeEraser(elastic),
            FakeRevisions(elastic),
            FakeStories(elastic),
            LEDGER,
            REVISIONS,
        )
        return
    client = request.getfixturevalue("elasticsearch")
    with indices(client, TOMBSTONES, LEDGER, REVISIONS, STORIES) as (tombstones, ledger, revisions, stories):
        made = Tombstones(client, tombstones), Ledger(client, ledger), Eraser(client)
        yield Shelves(*made, Revisions(client, revisions), Stories(client, stories), ledger, revisions)


def stone(url: str, minutes: int = 0) -> Tombstone:
    return of_article(article_id(url), NOW + timedelta(minutes=minutes), "asked for", "somebody")


def test_a_tombstone_is_written_once_and_finished_once(stores: Shelves) -> None:
    first, again = stone(URLS[0]), replace(stone(URLS[0], 5), why="another reason")
    stores.tombstones.put([first])
    stores.tombstones.put([again, stone(URLS[1], 1)])
    stores.tombstones.finish([first], NOW + timedelta(minutes=9))
    stores.tombstones.put([again])
    stores.tombstones.refresh()
    kept = stores.tombstones.all()
    assert kept == [replace(first, done_at=NOW + timedelta(minutes=9)), stone(URLS[1], 1)]


def test_an_address_is_barred_by_itself_and_by_its_host_at_once(stores: Shelves) -> None:
    asked = {article_id(url): (url,) for url in URLS}
    assert stores.tombstones.barred(asked) == set()
    stores.tombstones.put([stone(URLS[3])])
    assert stores.tombstones.barred(asked) == {article_id(URLS[3])}
    stores.tombstones.put([of_host("h.example", NOW, "", "")])
    assert stores.tombstones.barred(asked) == set(asked)
    assert stores.tombstones.barred({}) == set()
    assert stores.tombstones.barred({"a": ("http://[broken/",), "b": ("",)}) == set()
    assert stores.tombstones.barred({"a": ("http://z.example/", URLS[3]), "b": ("http://z.example/",)}) == {"a"}
    forgotten_url = f"forgotten:{article_id(URLS[3])}"
    assert stores.tombstones.barred({article_id(URLS[3]): (forgotten_url,)}) == {article_id(URLS[3])}


def test_hosts_are_told_from_articles(stores: Shelves) -> None:
    host = of_host("h.example", NOW, "", "")
    stores.tombstones.put([stone(URLS[0], 1), stone(URLS[1], 2), host])
    stores.tombstones.finish([stone(URLS[0], 1)], NOW)
    stores.tombstones.refresh()
    assert stores.tombstones.hosts() == {"h.example"}
    assert stores.tombstones.unfinished() == [host, stone(URLS[1], 2)]


def test_a_site_has_its_records_and_those_below_it(stores: Shelves) -> None:
    records = [admitted(SOURCE, Entry(url), NOW) for url in URLS]
    further = ("http://h.example/5", "http://a.h.example/6", "https://h.example:8443/7", "https://a.h.example:8443/8")
    inline = [replace(admitted(SOURCE, Entry(url), NOW), lane="held") for url in further]
    port = admitted(SOURCE, Entry("http://h.example:8080/9"), NOW)
    led_there = replace(admitted(SOURCE, Entry("http://short.example/10"), NOW), lane="a.h.example")
    others = ("http://arch.example/http://www.h.example/1", "https://o.example/a.h.example:80/", "http://oh.example/1")
    stores.ledger.create([*records, *inline, port, led_there, *(admitted(SOURCE, Entry(url), NOW) for url in others)])
    stores.ledger.refresh()
    found = {record.id for page in stores.ledger.of_site("h.example") for record in page}
    assert found == {one.id for one in (*records[:3], *inline, port, led_there)}
    assert not list(stores.ledger.of_site("example.org"))


def test_further_addresses_of_a_page_are_found(stores: Shelves) -> None:
    twin = ended(admitted(SOURCE, Entry(URLS[0]), NOW), State.DUPLICATE, NOW, "same_page", URLS[1])
    stores.ledger.create([twin, admitted(SOURCE, Entry(URLS[1]), NOW)])
    stores.ledger.refresh()
    assert [record.id for record in stores.ledger.same_pages([URLS[1]])] == [twin.id]


def test_versions_and_stories_of_articles_are_found_and_blanked(stores: Shelves) -> None:
    one = Revision("a.1", "a", 1, (Kind.HEADLINE,), NOW, "http://h.example/1", "عنوان", "نص", host="h.example")
    wanted = [one, replace(one, id="a.2", number=2), replace(one, id="b.1", article_id="b")]
    writes = [Write(stores.versions, one.id, REVISION.dump_python(one, mode="json"), 3) for one in wanted]
    send(stores.revisions._client, writes)
    story = Story("a", ("a", "c"), "p", NOW, NOW, articles=2, publishers=2, spread_s=0)
    stores.stories.write([story, replace(story, id="d", members=("d", "e"))], NOW)
    stores.revisions.refresh()
    stores.stories.refresh()
    assert sorted(stores.revisions.ids_of(["a", "x"])) == [("a", "a.1"), ("a", "a.2")]
    assert list(stores.revisions.of_site("h.example")) == [["a", "b"]]
    assert not list(stores.revisions.of_site("example.org"))
    assert [one.id for one in stores.stories.with_members(["c", "x"])] == ["a"]
    assert stores.revisions.blank("a", 9) == 2
    assert stores.revisions.blank("a", 9) == 0
    assert {one.title for one in stores.revisions.of("a")} == {""}
    assert {one.title for one in stores.revisions.of("b")} == {"عنوان"}


def test_what_a_worker_still_holds_loses_to_the_forgotten_record(stores: Shelves) -> None:
    record = admitted(SOURCE, Entry(URLS[0], title="عنوان"), NOW)
    stores.ledger.create([record])
    held = ended(record, State.INDEXED, NOW)
    assert stores.ledger.save([forgotten(record, NOW)])
    assert stores.ledger.save([held]) == []
    assert stores.ledger.create([record]) == []
    kept = stores.ledger.get(record.id)
    assert kept is not None
    assert kept == RECORD.validate_json(RECORD.dump_json(forgotten(record, NOW)))


def test_deleting_twice_is_deleting_once(stores: Shelves) -> None:
    record = forgotten(admitted(SOURCE, Entry(URLS[0]), NOW), NOW)
    stores.ledger.save([record])
    gone = [Deletion(stores.records, record.id, record.version), Deletion(stores.records, "never there", 7)]
    stores.eraser.delete([*gone, Deletion("news-articles-1970.01", "x", 3), Deletion("news-stories", "never there")])
    stores.eraser.delete(gone)
    stores.eraser.delete([])
    assert stores.ledger.get(record.id) is None


@pytest.mark.stack
def test_a_late_write_is_refused_right_after_a_deletion(elasticsearch: object, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue("elasticsearch")
    assert elasticsearch
    record = admitted(SOURCE, Entry(URLS[0]), NOW)
    with indices(client, LEDGER) as (index,):
        Eraser(client).delete([Deletion(index, record.id, forgotten(record, NOW).version)])
        late = versioned(index, replace(record, version=5))
        (answer,) = send(client, [Write(index, record.id, late.source, 5, "external_gte")])
        assert answer.status == 409
