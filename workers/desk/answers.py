"""What Elasticsearch answers: its hits as they may be shown, and whether they are all."""

from collections.abc import Mapping
from typing import Any

from ingest.desk.readable import readable_hit


class LibraryError(Exception):
    """Elasticsearch refused a search, or a part of it does not answer; the message has the reason."""


def readable_hits(answer: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401  # the client's answers are untyped
    """Return the hits of an answer, with nothing in them that may not be shown."""
    return [readable_hit(hit) for hit in answer["hits"]["hits"]]


def is_partial(answer: Any) -> bool:  # noqa: ANN401  # the client's answers are untyped
    """Return whether some shards did not answer, or not in time: what they have is neither shown nor counted."""
    return bool(answer.get("timed_out") or answer.get("_shards", {}).get("failed"))
