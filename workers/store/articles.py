"""The only writer of documents and of terminal states: versions, documents, then the records of those that are there.

A record is never ahead of its document. What is written here and then forgotten is written again, to the same effect.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import structlog
from elasticsearch import Elasticsearch, NotFoundError

from ingest.document import ALIAS, ARTICLE, LEDGER, REVISIONS, document, index_of
from ingest.ledger.documents import document_found
from ingest.ledger.record import Record
from ingest.model import Article
from ingest.query import Search, body
from ingest.stories.fields import uncompared
from workers.store import room
from workers.store.below import below
from workers.store.bulk import REFUSED, WRITTEN, Answer, Write, is_found, send
from workers.store.documents import Place
from workers.store.grouped import grouped
from workers.store.hits import pages
from workers.store.ledger import Ledger
from workers.store.outcomes import Outcome
from workers.store.records import versioned
from workers.store.revisions import writes
from workers.store.spans import hits_after
from workers.store.verdicts import NO_DOCUMENT, Verdict, is_settled, record_after, verdict_of, without_stale

log = structlog.get_logger()

BULK_TIMEOUT_S: Final = 15
MARKS: Final = ("\x02", "\x03")
HIGHLIGHT: Final[dict[str, Any]] = {
    "pre_tags": [MARKS[0]],
    "post_tags": [MARKS[1]],
    "fields": {
        "title": {"number_of_fragments": 0, "matched_fields": ["title.exact"]},
        "body": {"fragment_size": 160, "number_of_fragments": 2, "matched_fields": ["body.exact"]},
    },
}


class Index:
    """Documents in Elasticsearch, behind the alias `news`."""

    def __init__(self, client: Elasticsearch, ledger: str = LEDGER) -> None:
        self._client = client
        self._bulk = client.options(request_timeout=BULK_TIMEOUT_S, max_retries=0)
        self._records = ledger
        self._ledger = Ledger(client, ledger)
        self._known: set[str] = set()

    def write(self, outcomes: Sequence[Outcome], now: datetime) -> list[Verdict]:
        """Write documents, then ledger records; return a verdict for each outcome.

        Raises the client's TransportError or ApiError when nothing is known of any of them.
        """
        for name in {index_of(outcome.record) for outcome in outcomes}:
            self.ensure(name)
        found = self._write_documents(outcomes, self._write_revisions(outcomes))
        pairs = list(zip(outcomes, found, strict=True))
        ready = [record_after(outcome, answer, now) for outcome, answer in pairs if is_settled(answer)]
        written = iter(self._send([versioned(self._records, record) for record in ready]))
        verdicts = [verdict_of(answer, next(written) if is_settled(answer) else answer) for answer in found]
        return self._found(outcomes, verdicts, now)

    def ensure(self, name: str) -> None:
        """Create a monthly index from its template if it is missing."""
        if name not in self._known:
            if not self.exists(name):
                self._client.options(ignore_status=400).indices.create(index=name)  # 400: another flusher was first
            self._known.add(name)

    def exists(self, name: str) -> bool:
        """Return whether a monthly index is there."""
        return bool(self._client.indices.exists(index=name))

    def free_bytes(self) -> int:
        """Return what Elasticsearch's disk has left."""
        return room.free_bytes(self._client)

    def of_site(self, site: str) -> Iterator[list[str]]:
        """Yield the ids of the documents of a site and all below it, a page at a time."""
        query = {"bool": {"should": below("host", site)}}
        for hits in pages(self._client, ALIAS, query, ["id"], source=False):
            yield [hit["_id"] for hit in hits]

    def places(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        """Return index and id of the documents of some articles, in whatever month they are."""
        found = pages(self._client, ALIAS, {"ids": {"values": list(ids)}}, ["id"], source=False)
        return [(hit["_index"], hit["_id"]) for hits in found for hit in hits]

    def admitted_since(self, at: datetime) -> Iterator[list[tuple[str, str]]]:
        """Yield index and id of the documents of articles that were admitted since a time, a page at a time."""
        query = {"range": {"admitted_at": {"gte": at.isoformat()}}}
        for hits in pages(self._client, ALIAS, query, ["id"], source=False):
            yield [(hit["_index"], hit["_id"]) for hit in hits]

    def refresh(self) -> None:
        """Make everything written so far visible to searches."""
        self._client.indices.refresh(index=ALIAS)

    def search(self, search: Search, size: int) -> list[dict[str, Any]]:
        """Return the best hits of a search, raw; highlights stand between MARKS."""
        answer = self._client.search(
            index=[ALIAS, REVISIONS] if search.old else ALIAS,
            size=size,
            highlight=HIGHLIGHT,
            source_excludes="body",
            **body(search),
        )
        hits = list(answer["hits"]["hits"])
        if not search.each and any("story" not in hit["_source"] for hit in hits):
            # Documents of an earlier version, which `warraq stories rebuild` looks at: all of them would be one hit.
            return self.search(replace(search, each=True), size)
        return hits

    def documents_by_source(self, query: Mapping[str, Any]) -> dict[str, int]:
        """Return how many matching documents there are by source."""
        return {source: n for (source,), n in grouped(self._client, ALIAS, query, ["source_id"]).items()}

    def after(self, cursor: str, size: int) -> tuple[list[Place], str]:
        """Return where the next documents are, by id (`''` = from the first), and where to go on; a second behind."""
        total = int(self._client.count(index=ALIAS)["count"])
        hits = hits_after(self._client, ALIAS, cursor, size, total=total, wanted={}, source=False)
        return [Place(hit["_index"], hit["_id"]) for hit in hits], hits[-1]["_id"] if len(hits) == size else ""

    def missing(self, records: Sequence[Record]) -> set[str]:
        """Return the ids of records that have no document. Raises ItemError if one cannot be looked for now."""
        if not records:
            return set()
        asked = [{"_index": index_of(record), "_id": record.id, "_source": False} for record in records]
        return {doc["_id"] for doc in self._client.mget(docs=asked)["docs"] if not is_found(doc, "document")}

    def get(self, record: Record) -> Article | None:
        """Return the article of a record as its document has it, or None."""
        try:
            found = self._client.get(index=index_of(record), id=record.id)["_source"]
        except NotFoundError:
            return None
        return ARTICLE.validate_python({"title": "", "body": ""} | found)

    def _write_revisions(self, outcomes: Sequence[Outcome]) -> dict[int, Answer]:
        """Write articles' versions; return the answers of those outcomes that must wait, by their place.

        Before their documents: once a document has a new text, nothing else knows the one before.
        """
        wanted = writes(outcomes)
        answers = list(zip(wanted, self._send([write for _, write in wanted]), strict=True))
        for (_, write), answer in answers:
            if answer.status == REFUSED:
                log.error("version_refused", id=write.id, detail=answer.detail)
        return {place: answer for (place, _), answer in answers if not is_settled(answer)}

    def _write_documents(self, outcomes: Sequence[Outcome], waiting: Mapping[int, Answer]) -> list[Answer]:
        places = [place for place, one in enumerate(outcomes) if one.article is not None and place not in waiting]
        answers = self._send([_document(outcomes[place]) for place in places])
        if not all(map(is_settled, answers)):
            self._known.clear()  # somebody may have deleted a month
        judged = {**waiting, **dict(zip(places, answers, strict=True))}
        return [judged.get(place, NO_DOCUMENT) for place in range(len(outcomes))]

    def _found(self, outcomes: Sequence[Outcome], verdicts: Sequence[Verdict], now: datetime) -> list[Verdict]:
        """Update records that had moved on before their outcome came: they must mention the document.

        Such an outcome is settled only when its record is written.
        """
        stale = [outcome for outcome, verdict in zip(outcomes, verdicts, strict=True) if verdict.word == "stale"]
        current = self._ledger.get_many(sorted({outcome.record.id for outcome in stale}))
        with_document = {outcome.record.id for outcome in stale if outcome.article is not None}
        updated = [new for key in sorted(with_document & current.keys()) if (new := document_found(current[key], now))]
        answers = self._send([versioned(self._records, record) for record in updated])
        open_ = {
            record.id: answer for record, answer in zip(updated, answers, strict=True) if answer.status not in WRITTEN
        }
        return [
            without_stale(verdict, outcome.record, current.get(outcome.record.id), open_.get(outcome.record.id))
            for outcome, verdict in zip(outcomes, verdicts, strict=True)
        ]

    def _send(self, writes: Sequence[Write]) -> list[Answer]:
        return send(self._bulk, writes)


def _document(outcome: Outcome) -> Write:
    """Return the write of an article; one that nobody has compared with others yet is a story of one.

    An article that is only said to be gone stays in its story.
    """
    record, article = outcome.record, outcome.article
    new = {**uncompared(article.id, article.agencies), **document(article)} if article else {}
    return Write(index_of(record), record.id, new, record.version, "external_gte")
