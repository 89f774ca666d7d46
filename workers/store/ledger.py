"""The ledger in Elasticsearch: one record for each admitted URL. This is what makes the promise hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from elasticsearch import Elasticsearch, NotFoundError

from ingest.document import LEDGER
from ingest.forget import is_of
from ingest.ledger.record import Record, State
from workers.store.below import below
from workers.store.bulk import CONFLICT, REFUSED, WRITTEN, Answer, ItemError, Write, is_found, send
from workers.store.due_looks import due_looks
from workers.store.grouped import grouped
from workers.store.hits import pages
from workers.store.records import dumped, readable, record_of, versioned
from workers.store.selection import Which
from workers.store.spans import records_after

PAGE: Final = 1000
"""Records in one answer."""
MILLISECOND: Final = timedelta(milliseconds=1)
SCHEMES: Final = ("http", "https")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
PACE_MIN: Final = (1, 10, 60)
"""Spans over which `pace` averages, in minutes."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Articles ended per minute, by the span in minutes; and since when the oldest pending article has waited."""

    per_minute: Mapping[int, float]
    oldest_pending: datetime | None


class End(NamedTuple):
    """Where an article is, or how it ended, and which source it is from."""

    state: State
    reason: str
    source_id: str


END_FIELDS: Final = End._fields


class LedgerError(Exception):
    """Elasticsearch refused a ledger record for what is in it; the message has its reason."""


class Ledger:
    """Create, read and move records. Records are never deleted."""

    def __init__(self, client: Elasticsearch, index: str = LEDGER) -> None:
        self._client = client
        self._index = index

    def create(self, records: Sequence[Record]) -> list[Record]:
        """Admit records; return those that were not known before."""
        return self._written(records, [Write(self._index, record.id, dumped(record)) for record in records])

    def save(self, records: Sequence[Record]) -> list[Record]:
        """Write moved records; return those that were still the newest (the others lost to a newer version)."""
        return self._written(records, [versioned(self._index, record) for record in records])

    def get(self, article_id: str) -> Record | None:
        """Return the current version of a record, or None."""
        try:
            return record_of(self._client.get(index=self._index, id=article_id))
        except NotFoundError:
            return None

    def starting_with(self, digits: str) -> Record | None:
        """Return the one record whose id starts with these digits, or None."""
        self.refresh()
        query = {"prefix": {"id": digits}}
        hits = self._client.search(index=self._index, query=query, size=2)["hits"]["hits"]
        return record_of(hits[0]) if len(hits) == 1 else None

    def get_many(self, ids: Sequence[str]) -> dict[str, Record]:
        """Return those of the records that exist and can be read, in their current version, by id."""
        if not ids:
            return {}
        docs = self._client.mget(index=self._index, ids=list(ids))["docs"]
        return {record.id: record for record in readable(doc for doc in docs if is_found(doc, "ledger record"))}

    def existing(self, ids: Sequence[str]) -> set[str]:
        """Return which of some records exist, whether they can be read or not."""
        docs = self._client.mget(index=self._index, ids=list(ids), source=False)["docs"] if ids else []
        return {doc["_id"] for doc in docs if is_found(doc, "ledger record")}

    def pending(self, until: datetime, since: datetime | None = None) -> Iterator[list[Record]]:
        """Yield the pending records that were due in a span of time, the oldest first, a page at a time; 5 s behind."""
        due: dict[str, Any] = {"lte": until} | ({"gte": since} if since else {})
        query = {"bool": {"filter": [{"term": {"state": State.PENDING}}, {"range": {"due_at": due}}]}}
        return self._pages(query, sort=["due_at", "id"])

    def due_looks(self, until: datetime, hosts: int, each: int, without: Sequence[str] = ()) -> list[Record]:
        """Return indexed records that were to be looked at by then: of each host the `each` that wait longest."""
        return readable(due_looks(self._client, self._index, until, hosts, each, without=without))

    def page(
        self, which: Which, *, after: Record | None = None, size: int = PAGE, newest: bool = False
    ) -> list[Record]:
        """Return up to `size` selected records in the order in which they ended, those that come after one of them.

        A walk over all of them keeps one page in memory, and can go on after an outage of Elasticsearch.
        """
        order = "desc" if newest else "asc"
        answer = self._client.search(
            index=self._index,
            query=which.query(),
            sort=[{"ended_at": order}, {"id": order}],
            size=size,
            search_after=[_millis(after.ended_at), after.id] if after and after.ended_at else None,
            allow_partial_search_results=False,
        )
        return readable(answer["hits"]["hits"])

    def ends(self, ids: Sequence[str]) -> dict[str, End]:
        """Return where the known ones of some records are now, by id: a part of what `get_many` brings."""
        if not ids:
            return {}
        docs = self._client.mget(index=self._index, ids=list(ids), source_includes=END_FIELDS)["docs"]
        found = {doc["_id"]: doc["_source"] for doc in docs if is_found(doc, "ledger record")}
        return {key: End(State(one["state"]), one.get("reason", ""), one["source_id"]) for key, one in found.items()}

    def after(self, cursor: str, size: int, *, pending: bool) -> tuple[list[Record], str]:
        """Return the next pending or ended records by id (`''` = from the first), and where to go on; 5 s behind."""
        hits = records_after(self._client, self._index, cursor, size, pending=pending)
        return readable(hits), hits[-1]["_id"] if len(hits) == size else ""

    def of_site(self, site: str) -> Iterator[list[Record]]:
        """Yield the records of a site and all below it, a page at a time. Inline pages are found by their addresses.

        Among what is found are addresses that only contain the site's, as an archive's do: those are left out.
        """
        starts = [f"{scheme}://{part}{site}" for scheme in SCHEMES for part in ("", "*.")]
        ways = [{"wildcard": {"url": f"{start}{end}*"}} for start in starts for end in ("/", ":")]
        for records in self._pages({"bool": {"should": [*below("lane", site), *ways]}}, sort=["id"]):
            if mine := [record for record in records if is_of(record, site)]:
                yield mine

    def same_pages(self, urls: Sequence[str]) -> list[Record]:
        """Return the records that ended as further addresses of some URLs' pages."""
        query = {"bool": {"filter": [{"term": {"state": State.DUPLICATE}}, {"terms": {"detail": list(urls)}}]}}
        return [record for records in self._pages(query, sort=["id"]) for record in records]

    def counts(self, query: Mapping[str, Any] | None = None) -> dict[tuple[str, str], int]:
        """Return how many records there are by (state, reason)."""
        counted = self.grouped(query or {"match_all": {}}, "state", "reason")
        return {(state, reason): count for (state, reason), count in counted.items()}

    def grouped(self, query: Mapping[str, Any], *fields: str) -> dict[tuple[str, ...], int]:
        """Return how many matching records there are by the values of some fields."""
        return grouped(self._client, self._index, query, fields)

    def pace(self, now: datetime) -> Pace:
        """Return the current throughput, and the age of the oldest pending article."""
        recent = {f"{m}": {"range": {"ended_at": {"gte": now - timedelta(minutes=m)}}} for m in PACE_MIN}
        aggs: dict[str, Any] = {
            "ended": {"filters": {"filters": recent}},
            "pending": {
                "filter": {"term": {"state": State.PENDING}},
                "aggs": {"oldest": {"min": {"field": "asked_at"}}},
            },
        }
        found = self._client.search(index=self._index, size=0, aggs=aggs)["aggregations"]
        oldest = found["pending"]["oldest"]["value"]
        return Pace(
            per_minute={m: found["ended"]["buckets"][f"{m}"]["doc_count"] / m for m in PACE_MIN},
            oldest_pending=datetime.fromtimestamp(oldest / 1000, UTC) if oldest else None,
        )

    def refresh(self) -> None:
        """Make everything written so far visible to searches."""
        self._client.indices.refresh(index=self._index)

    def _pages(self, query: Mapping[str, Any], sort: Sequence[str]) -> Iterator[list[Record]]:
        for hits in pages(self._client, self._index, query, sort):
            yield readable(hits)

    def _written(self, records: Sequence[Record], writes: Sequence[Write]) -> list[Record]:
        answers = send(self._client, writes)
        return [record for record, answer in zip(records, answers, strict=True) if _is_fresh(record, answer)]


def _is_fresh(record: Record, answer: Answer) -> bool:
    if answer.status in WRITTEN or answer.status == CONFLICT:
        return answer.status != CONFLICT
    error = LedgerError if answer.status == REFUSED else ItemError  # overload, a block, no answer: no record's fault
    raise error(f"ledger record {record.id}: {answer.status} {answer.detail}")


def _millis(at: datetime) -> int:
    """Return a time as Elasticsearch sorts by it: in whole milliseconds, rounded down."""
    return (at - EPOCH) // MILLISECOND
