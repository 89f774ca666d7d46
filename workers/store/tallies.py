"""The tallies in Elasticsearch: one for each source and day."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from ingest.document import TALLIES, TALLY
from ingest.ledger.tally import Tally
from workers.store.hits import pages

TRIES: Final = 20
"""Polls of one source hardly ever end at the same moment; tested with eleven."""


KEPT: Final = 10_000
"""Most tallies that are remembered, 5 MB; beyond that all are dropped, which costs one look-up each."""


@dataclass(frozen=True, slots=True)
class Held:
    """A tally as it was written, with what says that nobody has written it since."""

    tally: Tally
    seq_no: int
    primary_term: int


class Tallies:
    """Add to a day's tally, read a day's tallies."""

    def __init__(self, client: Elasticsearch, index: str = TALLIES) -> None:
        self._client = client
        self._index = index
        self._held: dict[str, Held] = {}
        """The last poll of a source was most often this process': what it wrote need not be read again."""

    def add(self, tally: Tally) -> None:
        """Add a poll's counts to its source's tally of the day. Raises ConflictError after TRIES losses to others."""
        for turn in range(TRIES):
            try:
                return self._add(tally)
            except ConflictError:
                if turn == TRIES - 1:
                    raise
        return None

    def of_day(self, day: str) -> Iterator[Tally]:
        """Yield the tallies of a day, by source."""
        for hits in pages(self._client, self._index, {"term": {"day": day}}, ["source_id"]):
            yield from (TALLY.validate_python(hit["_source"]) for hit in hits)

    def refresh(self) -> None:
        """Make everything written so far visible to searches."""
        self._client.indices.refresh(index=self._index)

    def _add(self, tally: Tally) -> None:
        key = f"{tally.source_id}-{tally.day}"
        held = self._held.pop(key, None) or self._read(key)
        where: dict[str, Any]
        if held is None:
            whole, where = tally, {"op_type": "create"}
        else:
            whole = held.tally + tally
            where = {"if_seq_no": held.seq_no, "if_primary_term": held.primary_term}
        document: dict[str, Any] = TALLY.dump_python(whole, mode="json")
        answer = self._client.index(index=self._index, id=key, document=document, **where)
        if len(self._held) >= KEPT:
            self._held.clear()
        self._held[key] = Held(whole, answer["_seq_no"], answer["_primary_term"])

    def _read(self, key: str) -> Held | None:
        try:
            found = self._client.get(index=self._index, id=key)
        except NotFoundError:
            return None
        return Held(TALLY.validate_python(found["_source"]), found["_seq_no"], found["_primary_term"])
