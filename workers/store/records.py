"""Records as the ledger's documents have them. One that this version cannot read stops no other, and is no loss."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any, Final

import structlog
from pydantic import ValidationError

from ingest.document import RECORD
from ingest.ledger.history import DETAIL
from ingest.ledger.record import Record
from workers.store.bulk import ItemError, Write

log = structlog.get_logger()

NEEDED: Final = frozenset(one.name for one in fields(Record) if one.default is one.default_factory is MISSING)
"""Fields that a record cannot be read without."""
COUNTED: Final = frozenset({"reason"})
"""And those by which records are counted: Elasticsearch counts no document that lacks one. Nothing else is written of a
slim record that is empty."""


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


def versioned(index: str, record: Record) -> Write:
    """Return the write of a moved record, which loses only to a newer one."""
    return Write(index, record.id, dumped(record), record.version)


def dumped(record: Record) -> dict[str, Any]:
    """Return a record as the ledger keeps it."""
    found: dict[str, Any] = RECORD.dump_python(record, mode="json")
    return (
        _without_empty(found, NEEDED | COUNTED) | {"entry": _without_empty(found["entry"], {"url"})}
        if record.slim
        else found
    )


def _without_empty(found: Mapping[str, Any], needed: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value or name in needed}
