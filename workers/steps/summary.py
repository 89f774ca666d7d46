"""One article in a few words, as `failures` lists it and `show` begins."""

from dataclasses import dataclass, fields
from typing import Any

from ingest.ledger.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Where an article is or how it ended; the fields are those of its Record."""

    id: str
    state: str
    stage: str
    reason: str
    detail: str
    attempts: int
    starts: int
    url: str
    source_id: str


def summarized(record: Record) -> dict[str, Any]:
    """Return the fields of a Summary."""
    return {one.name: getattr(record, one.name) for one in fields(Summary)}
