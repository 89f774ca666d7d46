"""One `_bulk` request, judged item by item: Elasticsearch answers 200 whatever became of the single ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, Literal

from elasticsearch import Elasticsearch, TransportError

WRITTEN: Final = frozenset({200, 201})
CONFLICT: Final = 409
"""Refused by version, or because it is there: something newer, or the same, has been written already."""
REFUSED: Final = 400
LOST: Final = 0
"""The status of an item that has no answer."""
NOT_NOW: Final = 503
INDEX_FAULTS: Final = frozenset(
    {
        "index_closed_exception",
        "strict_dynamic_mapping_exception",  # not set up for this version: an older snapshot, an older template
        "validation_exception",  # it cannot be made: too many shards
    }
)
"""Errors of status 400 for which no document is to blame."""
DETAIL: Final = 1000


class ItemError(TransportError):
    """Elasticsearch took the request, but not this item, or not now: no fault of what was to be written."""


@dataclass(frozen=True, slots=True)
class Write:
    """One document to write: by its version, or (`create`) only if it is not there yet."""

    index: str
    id: str
    source: Mapping[str, Any]
    version: int | None = None
    version_type: Literal["external", "external_gte"] = "external"

    def lines(self) -> Iterator[Mapping[str, Any]]:
        """Yield the action and the source."""
        names = {"_index": self.index, "_id": self.id}
        if self.version is None:
            yield {"create": names}
        else:
            yield {"index": {**names, "version": self.version, "version_type": self.version_type}}
        yield self.source


@dataclass(frozen=True, slots=True)
class Answer:
    """What Elasticsearch says of one item."""

    status: int
    detail: str = ""


def send(client: Elasticsearch, writes: Sequence[Write]) -> list[Answer]:
    """Send writes in one request; return an answer for each. Raises the client's errors for the whole request."""
    if not writes:
        return []
    answer = client.bulk(operations=[line for write in writes for line in write.lines()])
    found = answer.get("items", [])
    pairs = zip_longest(writes, found[: len(writes)])
    return [_answer(write, item) for write, item in pairs]


def is_found(doc: Mapping[str, Any], what: str) -> bool:
    """Return whether mget found a document.

    Raises ItemError where it could not look: a shard that is not available makes no document unknown.
    """
    if "error" in doc:
        raise ItemError(f"{what} {doc['_id']}: {doc['error']['type']}: {doc['error']['reason']}")
    return bool(doc["found"])


def _answer(write: Write, item: Mapping[str, Any] | None) -> Answer:
    result: Mapping[str, Any] = next(iter(item.values())) if item else {}
    if result.get("_id") != write.id:
        return Answer(LOST, "no answer came")
    if not (error := result.get("error")):
        return Answer(int(result.get("status", LOST)))
    return Answer(NOT_NOW if error["type"] in INDEX_FAULTS else int(result["status"]), _reason(error))


def _reason(error: Mapping[str, Any]) -> str:
    cause = error.get("caused_by", {}).get("reason", "")
    return f"{error['type']}: {error['reason']} {cause}".strip()[:DETAIL]
