"""What is asked of Elasticsearch for candidates: nothing that nobody has, no more at once than there is room for."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

import pytest
from elastic_transport import ObjectApiResponse
from elasticsearch import Elasticsearch

from ingest.document import FINGERPRINT
from ingest.stories.fingerprint import Fingerprint
from tests.fake_elastic import meta_of
from tests.unit.ingest.stories.texts import prose, told
from workers.store import candidates
from workers.store.candidates import Candidates
from workers.store.indices import INDICES


class Shelf:
    """Answers as the server does, for what is in it, and counts the searches of each request."""

    def __init__(self, known: Sequence[Fingerprint]) -> None:
        self.known = known
        self.searches: list[int] = []
        self.terms: list[int] = []
        self.further = 0

    def termvectors(self, doc: dict[str, Any], **_: object) -> ObjectApiResponse[Any]:
        held = Counter(sample for one in self.known for sample in one.shingles)
        terms = {sample: {"doc_freq": held[sample]} for sample in doc["shingles"] if sample in held}
        body = {"term_vectors": {"shingles": {"terms": terms}}} if terms else {}
        return ObjectApiResponse(body, meta_of(200))

    def msearch(self, searches: Sequence[dict[str, Any]], **_: object) -> dict[str, Any]:
        queries = [one["query"]["bool"] for one in searches[1::2]]
        self.searches.append(len(queries))
        self.terms += [len(query["should"]) for query in queries]
        sizes = [one["size"] for one in searches[1::2]]
        return {
            "responses": [
                {"hits": {"hits": self._hits(query)[:size]}} for query, size in zip(queries, sizes, strict=True)
            ]
        }

    def search(self, query: dict[str, Any], size: int, from_: int, **_: object) -> ObjectApiResponse[Any]:
        self.further += 1
        return ObjectApiResponse({"hits": {"hits": self._hits(query["bool"])[from_ : from_ + size]}}, meta_of(200))

    def _hits(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        asked = {term["term"]["shingles"] for term in query["should"]}
        found = [one for one in self.known if len(asked & {*one.shingles}) >= query["minimum_should_match"]]
        return [{"_id": one.id, "_source": FINGERPRINT.dump_python(one, mode="json")} for one in found]


def found(shelf: Shelf, fresh: Sequence[Fingerprint]) -> dict[str, list[str]]:
    looked = Candidates(cast("Elasticsearch", shelf), "news-fingerprints").alike(fresh, lambda: None)
    return {one.id: [other.id for other in others] for one, others in looked}


def text(seed: int, words: int = 200) -> str:
    return " ".join(prose(seed, words))


def test_only_samples_that_somebody_has_are_asked_for() -> None:
    part = told("c", f"{' '.join(prose(1)[:40])} {text(2)}")
    shelf = Shelf([told("a", text(1))])
    assert found(shelf, [told("n", text(9)), part, told("d", "نص قصير")]) == {"n": [], "c": ["a"], "d": []}
    assert shelf.searches == [1]
    assert 2 <= shelf.terms[0] < len(part.asked())


def test_where_nobody_shares_anything_nothing_is_searched() -> None:
    shelf = Shelf([])
    assert found(shelf, [told("n", text(9))]) == {"n": []}
    assert shelf.searches == []


def test_of_long_articles_fewer_are_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf([told(f"k{number}", text(1, 1_000), number) for number in range(20)])
    fresh = [told(f"n{number}", text(1, 1_000), number) for number in range(6)]
    assert all(len(others) == 20 for others in found(shelf, fresh).values())
    assert shelf.searches == [4, 2]
    monkeypatch.setattr(candidates, "ROOM", 2 * candidates.CANDIDATES * fresh[0].size)
    found(shelf, fresh)
    assert shelf.searches == [4, 2, 2, 2, 2]


def test_who_stops_at_the_first_of_a_crowd_has_not_looked_through_all_for_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(candidates, "CANDIDATES", 2)
    shelf = Shelf([told(f"k{number}", text(1), number) for number in range(5)])
    fresh = [told(f"n{number}", text(1), number) for number in range(6)]
    looked = Candidates(cast("Elasticsearch", shelf), "news-fingerprints").alike(fresh, lambda: None)
    _, others = next(looked)
    assert [other.id for other in others] == ["k0", "k1", "k2", "k3", "k4"]
    assert shelf.further == 2


def test_a_crowd_is_known_by_its_samples_without_a_search() -> None:
    shelf = Shelf([told(f"k{number}", text(1), number) for number in range(5)])
    fresh = [told("same", text(1)), told("other", text(9)), told("short", "نص قصير")]
    asked = Candidates(cast("Elasticsearch", shelf), "news-fingerprints")
    assert asked.crowd(fresh, 5) == {"same"}
    assert asked.crowd(fresh, 6) == frozenset()
    assert shelf.searches == []


def test_one_shard_has_all_fingerprints() -> None:
    """The terms of a document that is not there are looked up in one shard: what lies in another would not be found."""
    (kind,) = (kind for kind in INDICES if kind.name == "news-fingerprints")
    assert kind.shards == 1
    assert not kind.grows
