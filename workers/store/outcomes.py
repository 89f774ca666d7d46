"""What the index stream carries: outcomes as JSON, and what becomes of one that this version cannot read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from ingest.ledger.record import Record
from ingest.model import Article
from ingest.revisions.revision import Revision

FIELD: Final = b"outcome"
ARTICLE_ID: Final = re.compile(rb'"id":\s*"([0-9a-f]+)"')
"""The record comes first in an outcome, and its id first in the record."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the processing of one article ended: its record in a terminal state, and the article if there is one."""

    record: Record
    article: Article | None = None
    unkept: bool = False
    """Whether the stored page may not be kept: it is removed once the outcome is in Elasticsearch."""
    revisions: tuple[Revision, ...] = ()
    """Versions of the article to keep beside its document."""


OUTCOME: Final = TypeAdapter(Outcome)


@dataclass(frozen=True, slots=True)
class Item:
    """An outcome, its id in the stream and its size there in bytes."""

    name: bytes
    outcome: Outcome
    size: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that is no outcome to this version."""

    name: bytes
    payload: bytes
    reason: str

    @property
    def article_id(self) -> str:
        """The id of its article, or '' if it is unknown."""
        found = ARTICLE_ID.search(self.payload)
        return found[1].decode() if found else ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read from the stream in one go."""

    items: list[Item]
    unreadable: list[Unreadable]

    @property
    def size(self) -> int:
        """The bytes of its items."""
        return sum(item.size for item in self.items)

    def __len__(self) -> int:
        """Return the number of entries, whether they can be read or not."""
        return len(self.items) + len(self.unreadable)

    def add(self, name: bytes, fields: Mapping[bytes, bytes]) -> None:
        """Take in an entry of the stream."""
        payload = fields.get(FIELD, b"")
        try:
            self.items.append(Item(name, OUTCOME.validate_json(payload), len(payload)))
        except ValidationError as error:
            self.unreadable.append(Unreadable(name, payload, str(error)[:1000]))
