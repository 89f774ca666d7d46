"""The tallies in Elasticsearch: one for each source and day."""

from collections.abc import Iterator
from typing import Final

from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from ingest.document import TALLIES, TALLY
from ingest.ledger.tally import Tally
from workers.store.hits import pages

TRIES: Final = 20
"""Polls of one source hardly ever end at the same moment; tested with eleven."""


class Tallies:
    """Add to a day's tally, read a day's tallies."""

    def __init__(self, client: Elasticsearch, index: str = TALLIES) -> None:
        self._client = client
        self._index = index

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
        try:
            found = self._client.get(index=self._index, id=key)
        except NotFoundError:
            self._client.create(index=self._index, id=key, document=TALLY.dump_python(tally, mode="json"))
            return
        whole = TALLY.validate_python(found["_source"]) + tally
        self._client.index(
            index=self._index,
            id=key,
            document=TALLY.dump_python(whole, mode="json"),
            if_seq_no=found["_seq_no"],
            if_primary_term=found["_primary_term"],
        )
