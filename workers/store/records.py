"""Records as the ledger's documents have them. One that this version cannot read stops no other, and is no loss."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from pydantic import ValidationError

from ingest.document import RECORD
from ingest.ledger.history import DETAIL
from ingest.ledger.record import Record
from workers.store.bulk import ItemError

log = structlog.get_logger()


class UnreadableError(ItemError):
    """A record of another version, in a state or a stage that only that one knows."""


def record_of(hit: Any) -> Record:  # noqa: ANN401  # the client's answers are untyped
    """Return the record of a hit. Raises UnreadableError: nothing of its article is counted, and it comes again."""
    try:
        return RECORD.validate_python(hit["_source"])
    except ValidationError as error:
        raise UnreadableError(f"ledger record {hit['_id']}: {in_words(error)}") from error


def in_words(error: ValidationError) -> str:
    """Return which fields are wrong, and why."""
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())[:DETAIL]


def readable(hits: Iterable[Mapping[str, Any]]) -> list[Record]:
    """Return the records of hits without those that cannot be read."""
    found = []
    for hit in hits:
        try:
            found.append(record_of(hit))
        except UnreadableError as error:
            log.error("record_unreadable", detail=str(error))  # noqa: TRY400  # the trace would be pydantic's
    return found
