"""Documents, read and written again in the version that they have: an edit that comes in between wins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from elasticsearch import Elasticsearch

from workers.store.bulk import Write, is_found, send
from workers.store.fingerprints import taken
from workers.store.portions import by_weight

LONG: Final = 1_000_000
"""Characters that a document may have, as far as its reader knows."""
ROOM: Final = 8 * LONG
"""Characters that a worker has room for at once."""
PORTION: Final = 100
"""Documents that are read at once, however short: a request costs as much as ten of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is."""

    index: str
    id: str
    chars: int = field(default=LONG, compare=False)
    """Characters of its text, or more."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is stored."""

    place: Place
    version: int
    source: dict[str, Any]


class Documents:
    """Read documents by their places, and write them again."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client

    def portions(self, places: Sequence[Place]) -> Iterator[list[Document]]:
        """Yield those of the documents that are there, as many at a time as there is room for: some have megabytes."""
        for portion in by_weight(places, lambda place: place.chars, ROOM, PORTION):
            yield list(self.get_many(portion).values())

    def get_many(self, places: Sequence[Place]) -> dict[str, Document]:
        """Return those of the documents that are there, by id."""
        return {
            doc["_id"]: Document(place, doc["_version"], doc["_source"])
            for place, doc in self._found(places, source=True)
        }

    def versions(self, places: Sequence[Place]) -> dict[str, int]:
        """Return the versions of those of the documents that are there, by id."""
        return {doc["_id"]: doc["_version"] for _, doc in self._found(places, source=False)}

    def write(self, documents: Sequence[Document]) -> list[str]:
        """Write documents in their versions; return the ids of those that were written, and not edited meanwhile."""
        writes = [Write(one.place.index, one.place.id, one.source, one.version, "external_gte") for one in documents]
        answers = zip(documents, send(self._client, writes), strict=True)
        return [one.place.id for one, answer in answers if taken(f"document {one.place.id}", answer)]

    def _found(self, places: Sequence[Place], *, source: bool) -> list[tuple[Place, Any]]:
        if not places:
            return []
        asked = [{"_index": place.index, "_id": place.id, "_source": source} for place in places]
        docs = zip(places, self._client.mget(docs=asked)["docs"], strict=True)
        return [(place, doc) for place, doc in docs if not _is_gone(doc) and is_found(doc, "document")]


def _is_gone(doc: Any) -> bool:  # noqa: ANN401  # the client's answers are untyped
    """Tell whether a month's index is missing: whoever brings it back brings its articles back."""
    return bool(doc.get("error", {}).get("type") == "index_not_found_exception")
