"""Fingerprints, stories and documents in their versions: the same cases on the fakes and on the real Elasticsearch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from elasticsearch import Elasticsearch

from ingest.document import FINGERPRINTS, STORIES
from ingest.stories.fingerprint import Fingerprint, Membership, links
from ingest.stories.story import Story
from tests.contract.indices import indices
from tests.fake_elastic import FakeElastic
from tests.fakes import FakeFingerprints, FakeStories
from tests.unit.ingest.stories.texts import NOON, prose, told
from workers.store.documents import Document, Documents, Place
from workers.store.fingerprints import Fingerprints
from workers.store.stories import Stories

WHOLE = " ".join(prose(1, 200))
PART = " ".join(prose(1, 200)[:60])
OTHER = " ".join(prose(2, 200))
MONTH = "news-articles-1998.01"


@dataclass
class Stores:
    fingerprints: Fingerprints
    stories: Stories
    documents: Documents


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "fake":
        elastic = FakeElastic()
        elastic.create(MONTH)
        yield Stores(FakeFingerprints(elastic), FakeStories(elastic), Documents(cast("Elasticsearch", elastic)))
        return
    client: Elasticsearch = request.getfixturevalue("elasticsearch")
    with indices(client, FINGERPRINTS, STORIES) as (fingerprints, stories):
        patient = client.options(request_timeout=60)
        patient.options(ignore_status=400).indices.create(index=MONTH)  # 400: a test that was interrupted has left it
        yield Stores(Fingerprints(client, fingerprints), Stories(client, stories), Documents(client))
        patient.indices.delete(index=MONTH)


def ids(found: Iterable[tuple[Fingerprint, list[Fingerprint]]]) -> dict[str, list[str]]:
    return {one.id: [other.id for other in others] for one, others in found}


def test_what_shares_samples_is_found_and_comes_back_as_it_was(stores: Stores) -> None:
    whole, part, other, short = told("a", WHOLE), told("b", PART, 1), told("c", OTHER), told("d", "نص قصير")
    linked = replace(part, links=links(part, [whole]))
    assert linked.links
    grouped = replace(linked, membership=Membership("a", "version", "a", 1.0), agencies=("واس",), numbers=("1",))
    stores.fingerprints.write([whole, other, grouped, told("e", WHOLE, 31 * 24 * 60)])
    stores.fingerprints.refresh()
    found = ids(stores.fingerprints.alike([whole, part, other, short]))
    assert found == {"a": ["b"], "b": ["a"], "c": [], "d": []}
    assert stores.fingerprints.get_many(["b", "x"]) == {"b": grouped}
    assert stores.fingerprints.stories_of(["a", "b", "x"]) == {"a": "", "b": "a"}
    assert stores.fingerprints.current(["a", "x"]) == {"a": (1, whole.rules)}
    assert not stores.fingerprints.get_many([])
    assert not stores.fingerprints.current([])


def test_more_than_are_read_at_once_are_found_in_portions(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.store.candidates.CANDIDATES", 3)
    many = [told(f"m{number}", WHOLE, number) for number in range(8)]
    stores.fingerprints.write([*many, told("c", OTHER)])
    stores.fingerprints.refresh()
    ((_, found),) = stores.fingerprints.alike([told("n", WHOLE, 9)])
    assert sorted(one.id for one in found) == [one.id for one in many]


def test_a_fingerprint_of_a_newer_version_stays(stores: Stores) -> None:
    stores.fingerprints.write([told("a", WHOLE, version=2)])
    stores.fingerprints.write([told("a", PART, version=1)])
    assert stores.fingerprints.get_many(["a"])["a"].version == 2
    again = replace(told("a", WHOLE, version=2), membership=Membership("a"))
    stores.fingerprints.write([again])
    assert stores.fingerprints.get_many(["a"])["a"] == again


def story(key: str, publishers: int = 2, articles: int = 3, at: datetime = NOON) -> Story:
    return Story(key, (key, f"{key}2"), "p", at, at + timedelta(hours=1), articles, publishers, 3600)


def test_the_stories_of_a_day_come_largest_first(stores: Stores) -> None:
    found = [story("a"), story("b", 5), story("c", 2, 9), story("d", 9, 9, NOON - timedelta(days=1))]
    stores.stories.write(found, datetime.now(UTC))
    stores.stories.refresh()
    assert [one.id for one in stores.stories.of_day("2026-11-20", 10)] == ["b", "c", "a"]
    assert [one.id for one in stores.stories.of_day("2026-11-20", 1)] == ["b"]


def test_a_story_changes_and_goes(stores: Stores) -> None:
    now = datetime.now(UTC)
    stores.stories.write([story("a")], now)
    stores.stories.write([story("a", 7)], now)
    stores.stories.write(
        [story("a", 1)], now - timedelta(minutes=1)
    )  # who holds the lock, by a clock that was set back
    assert stores.stories.get_many(["a", "x"]) == {"a": story("a", 1)}
    stores.stories.remove(["a", "x"])
    assert stores.stories.get_many(["a"]) == {}
    stores.stories.write([story("a", 2)], now + timedelta(seconds=1))
    assert stores.stories.get_many(["a"]) == {"a": story("a", 2)}


def test_a_document_is_written_in_the_version_that_was_read(stores: Stores) -> None:
    place, gone, nowhere = Place(MONTH, "a"), Place(MONTH, "b"), Place("news-articles-1997.01", "a")
    assert stores.documents.write([Document(place, 3, {"title": "أولى"})]) == ["a"]
    (read,) = stores.documents.get_many([place, gone, nowhere]).values()
    assert read == Document(place, 3, {"title": "أولى"})
    assert stores.documents.versions([place, gone, nowhere]) == {"a": 3}
    assert stores.documents.write([replace(read, source={"title": "أخرى"})]) == ["a"]
    assert stores.documents.write([replace(read, version=4, source={"title": "حُرر"})]) == ["a"]
    assert stores.documents.write([replace(read, source={"title": "متأخر"})]) == []
    assert stores.documents.get_many([place])["a"].source == {"title": "حُرر"}
