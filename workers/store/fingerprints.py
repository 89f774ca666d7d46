"""The fingerprints in Elasticsearch: what articles are compared by. Derived from documents, and rebuilt from them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from elasticsearch import Elasticsearch

from ingest.document import FINGERPRINT, FINGERPRINTS
from ingest.stories.fingerprint import SHARED, Fingerprint, near
from ingest.stories.relation import APART, LEAST
from workers.store.bulk import CONFLICT, REFUSED, WRITTEN, Answer, ItemError, Write, is_found, send

CANDIDATES: Final = 60
"""Articles that share samples with a new one and are read at once, the most alike first."""
MOST: Final = 480
"""Articles that are looked at in all. Only formula texts have so many; with 60, it depended on their order of arrival
which of them were linked: a short text finds the long one in which it stands, and the long one finds it far down."""
AT_ONCE: Final = 32
"""New articles whose candidates are in memory at once, of news; fewer of long ones:"""
SHINGLES: Final = 4_000
"""all together have so many shingles, or it is one. The candidates of one that has the most take 8 MB."""
PORTION: Final = 32
"""Fingerprints that are read or written at once: JSON of them takes three times what they do."""
T = TypeVar("T")


class Fingerprints:
    """Read, find and write fingerprints."""

    def __init__(self, client: Elasticsearch, index: str = FINGERPRINTS) -> None:
        self._client = client
        self._index = index

    def get_many(self, ids: Sequence[str]) -> dict[str, Fingerprint]:
        """Return those of the fingerprints that exist, by id."""
        return self._found(ids)

    def slim(self, ids: Sequence[str]) -> dict[str, Fingerprint]:
        """Return them without their shingles, which are nearly all that they take: nothing to write, or to compare."""
        return self._found(ids, but=["shingles", "packed", "opening"])

    def _found(self, ids: Sequence[str], but: Sequence[str] | None = None) -> dict[str, Fingerprint]:
        found: dict[str, Fingerprint] = {}
        for portion in portions(ids):
            docs = self._client.mget(index=self._index, ids=list(portion), source_excludes=but)["docs"]
            found |= {doc["_id"]: _fingerprint(doc) for doc in docs if is_found(doc, "fingerprint")}
        return found

    def current(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Return the version and the rules of those that exist, by id: a small part of what `get_many` brings."""
        if not ids:
            return {}
        docs = self._client.mget(index=self._index, ids=list(ids), source_includes=["version", "rules"])["docs"]
        found = {doc["_id"]: doc["_source"] for doc in docs if is_found(doc, "fingerprint")}
        return {key: (one["version"], one["rules"]) for key, one in found.items()}

    def stories_of(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the story of those that exist, '' of one in none, by id: a small part of what `get_many` brings."""
        if not ids:
            return {}
        docs = self._client.mget(index=self._index, ids=list(ids), source_includes=["membership.story"])["docs"]
        found = {doc["_id"]: doc["_source"].get("membership") for doc in docs if is_found(doc, "fingerprint")}
        return {key: one["story"] if one else "" for key, one in found.items()}

    def alike(
        self, fresh: Sequence[Fingerprint], alive: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[Fingerprint, list[Fingerprint]]]:
        """Yield each fingerprint with those that share samples with it, the most alike first; see `refresh`.

        `alive` is called before each request.
        """
        for portion in _by_size(fresh):
            alive()
            yield from zip(portion, self._alike(portion, alive), strict=True)

    def _alike(self, fresh: Sequence[Fingerprint], alive: Callable[[], None]) -> list[list[Fingerprint]]:
        asked = [one for one in fresh if one.size >= LEAST]
        if not asked:
            return [[] for _ in fresh]
        searches: list[Mapping[str, Any]] = [
            part
            for one in asked
            for part in ({}, {"query": _shares(one), "size": CANDIDATES, "track_total_hits": False})
        ]
        answers = self._client.msearch(index=self._index, searches=searches)["responses"]
        found = {one.id: _hits(one, answer) for one, answer in zip(asked, answers, strict=True)}
        for one, answer in zip(asked, answers, strict=True):
            if len(answer["hits"]["hits"]) == CANDIDATES:
                found[one.id] += self._further(one, alive)
        return [found.get(one.id, []) for one in fresh]

    def _further(self, one: Fingerprint, alive: Callable[[], None]) -> Iterator[Fingerprint]:
        """Yield what comes after the first CANDIDATES and may be one story with an article: the rest takes room."""
        for start in range(CANDIDATES, MOST, CANDIDATES):
            alive()
            answer = self._client.search(
                index=self._index, query=_shares(one), size=CANDIDATES, from_=start, track_total_hits=False
            )
            yield from near(one, _hits(one, answer.body))
            if len(answer["hits"]["hits"]) < CANDIDATES:
                return

    def write(self, fingerprints: Sequence[Fingerprint]) -> None:
        """Write fingerprints; one of a newer version stays. Raises ItemError if Elasticsearch cannot take one now."""
        for portion in portions(fingerprints):
            writes = [
                Write(self._index, one.id, FINGERPRINT.dump_python(one, mode="json"), one.version, "external_gte")
                for one in portion
            ]
            for one, answer in zip(portion, send(self._client, writes), strict=True):
                taken(f"fingerprint {one.id}", answer)

    def refresh(self) -> None:
        """Make everything written so far visible to searches."""
        self._client.indices.refresh(index=self._index)


def portions(some: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield as many at a time as should be read or written at once."""
    for start in range(0, len(some), PORTION):
        yield some[start : start + PORTION]


def taken(what: str, answer: Answer) -> bool:
    """Tell whether an item was written. Raises ItemError if it was not and another try may help."""
    if answer.status in WRITTEN or answer.status in {CONFLICT, REFUSED}:
        return answer.status in WRITTEN
    raise ItemError(f"{what}: {answer.status} {answer.detail}")


def _by_size(fresh: Sequence[Fingerprint]) -> Iterator[list[Fingerprint]]:
    portion: list[Fingerprint] = []
    for one in fresh:
        if portion and (len(portion) == AT_ONCE or sum(other.size for other in portion) + one.size > SHINGLES):
            yield portion
            portion = []
        portion.append(one)
    if portion:
        yield portion


def _shares(one: Fingerprint) -> dict[str, Any]:
    """Return the query for what shares samples: rare ones weigh more, and Lucene skips frequent ones (WAND)."""
    near = {"range": {"at": {"gte": one.at - APART, "lte": one.at + APART}}}
    terms = [{"term": {"shingles": shingle}} for shingle in one.asked()]
    return {"bool": {"should": terms, "minimum_should_match": SHARED, "filter": near}}


def _hits(one: Fingerprint, answer: Mapping[str, Any]) -> list[Fingerprint]:
    if "error" in answer:
        raise ItemError(f"fingerprints like {one.id}: {answer['error'].get('reason')}")
    return [_fingerprint(hit) for hit in answer["hits"]["hits"] if hit["_id"] != one.id]


def _fingerprint(hit: Any) -> Fingerprint:  # noqa: ANN401  # the client's answers are untyped
    return FINGERPRINT.validate_python(hit["_source"])
