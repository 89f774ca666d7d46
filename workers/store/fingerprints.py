"""The fingerprints in Elasticsearch: what articles are compared by. Derived from documents, and rebuilt from them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from elasticsearch import Elasticsearch

from ingest.document import FINGERPRINT, FINGERPRINTS
from ingest.stories.fingerprint import Fingerprint
from ingest.stories.sampled import Sampled
from workers.store.bulk import CONFLICT, REFUSED, WRITTEN, Answer, ItemError, Write, is_found, send
from workers.store.candidates import Candidates
from workers.store.portions import by_weight

PORTION: Final = 32
"""Fingerprints that are read at once: JSON of them takes three times what they do."""
SLIM: Final = 256
"""The same without their shingles."""
WRITTEN_AT_ONCE: Final = 100
"""Fingerprints that are written at once, of news; fewer of long articles:"""
SHINGLES: Final = 30_000
"""all together have so many shingles, or it is one."""
RECENT: Final = 100_000
"""Shingles of the fingerprints that are kept in memory until searches show them: 370 articles of news, 6 MB."""
T = TypeVar("T")


class Fingerprints:
    """Read, find and write fingerprints."""

    def __init__(self, client: Elasticsearch, index: str = FINGERPRINTS) -> None:
        self._client = client
        self._index = index
        self._recent: Sampled | None = None

    def get_many(self, ids: Sequence[str]) -> dict[str, Fingerprint]:
        """Return those of the fingerprints that exist, by id."""
        return self._found(ids, PORTION)

    def slim(self, ids: Sequence[str]) -> dict[str, Fingerprint]:
        """Return them without their shingles, which are nearly all that they take: nothing to write, or to compare."""
        return self._found(ids, SLIM, but=["shingles", "packed", "opening"])

    def _found(self, ids: Sequence[str], most: int, but: Sequence[str] | None = None) -> dict[str, Fingerprint]:
        found: dict[str, Fingerprint] = {}
        for portion in portions(ids, most):
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
        """Yield each fingerprint with those that share samples with it, the most alike first; see `recent`.

        `alive` is called before each request.
        """
        yield from Candidates(self._client, self._index).alike(fresh, alive)

    def crowd(self, fresh: Sequence[Fingerprint], most: int) -> frozenset[str]:
        """Return the ids of those that are alike to `most` or more, as it seems by their samples alone."""
        return Candidates(self._client, self._index).crowd(fresh, most)

    def write(self, fingerprints: Sequence[Fingerprint]) -> None:
        """Write fingerprints; one of a newer version stays. Raises ItemError if Elasticsearch cannot take one now."""
        for portion in by_weight(fingerprints, lambda one: one.size, SHINGLES, WRITTEN_AT_ONCE):
            writes = [
                Write(self._index, one.id, FINGERPRINT.dump_python(one, mode="json"), one.version, "external_gte")
                for one in portion
            ]
            for one, answer in zip(portion, send(self._client, writes), strict=True):
                taken(f"fingerprint {one.id}", answer)

    def recent(self, *, alone: bool) -> Sampled:
        """Return what searches may not show yet. They do show what else is there, if need be by a refresh.

        One refresh for several batches: each makes a segment, which every search looks through until it is merged.
        `alone`: nobody else has written since. Whoever has written all that belongs to it says so with `keep`; if he
        fails instead, something may have been written that is not in it, and next time all is made visible.
        """
        recent, self._recent = self._recent, None
        if recent is not None and alone and recent.size < RECENT:
            return recent
        self.refresh()
        return Sampled()

    def keep(self, recent: Sampled) -> None:
        """Keep what was written for the next batch."""
        self._recent = recent

    def refresh(self) -> None:
        """Make everything written so far visible to searches."""
        self._client.indices.refresh(index=self._index)


def portions(some: Sequence[T], most: int = PORTION) -> Iterator[Sequence[T]]:
    """Yield as many at a time as should be read at once."""
    for start in range(0, len(some), most):
        yield some[start : start + most]


def taken(what: str, answer: Answer) -> bool:
    """Tell whether an item was written. Raises ItemError if it was not and another try may help."""
    if answer.status in WRITTEN or answer.status in {CONFLICT, REFUSED}:
        return answer.status in WRITTEN
    raise ItemError(f"{what}: {answer.status} {answer.detail}")


def _fingerprint(hit: Any) -> Fingerprint:  # noqa: ANN401  # the client's answers are untyped
    return FINGERPRINT.validate_python(hit["_source"])
