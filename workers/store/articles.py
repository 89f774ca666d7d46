"""The only writer of documents and of terminal states: one _bulk for both, judged item by item."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from elasticsearch import Elasticsearch

from ingest.document import ALIAS, LEDGER, RECORD, document, index_of
from ingest.ledger.transitions import refused
from ingest.query import Search, body
from workers.store.grouped import grouped
from workers.store.stream import Outcome

OK: Final = frozenset({200, 201, 409})
"""Written, or a version conflict: the same or a newer version is there already."""
REFUSED: Final = 400
BULK_TIMEOUT_S: Final = 15


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one outcome: `done`, `again` (it stays in the stream) or `refused` by Elasticsearch."""

    word: Literal["done", "again", "refused"]
    detail: str = ""


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
        self._ledger = ledger
        self._known: set[str] = set()

    def write(self, outcomes: Sequence[Outcome], now: datetime) -> list[Verdict]:
        """Write documents and ledger records in one bulk; return a verdict for each outcome.

        Raises the client's TransportError when nothing is known of any of them.
        """
        for name in {index_of(outcome.record) for outcome in outcomes}:
            self.ensure(name)
        verdicts = self._bulk(outcomes)
        if any(verdict.word == "again" for verdict in verdicts):
            self._known.clear()  # a month's index may have been deleted
        self._fail_refused(outcomes, verdicts, now)
        return verdicts

    def ensure(self, name: str) -> None:
        """Create a monthly index from its template if it is missing."""
        if name not in self._known:
            if not self._client.indices.exists(index=name):
                self._client.options(ignore_status=400).indices.create(index=name)  # 400: another flusher was first
            self._known.add(name)

    def refresh(self) -> None:
        """Make everything written so far visible to searches."""
        self._client.indices.refresh(index=ALIAS)

    def search(self, search: Search, size: int) -> list[dict[str, Any]]:
        """Return the best hits of a search, raw; highlights stand between MARKS."""
        answer = self._client.search(
            index=ALIAS, size=size, highlight=HIGHLIGHT, source_excludes="body", **body(search)
        )
        return list(answer["hits"]["hits"])

    def documents_by_source(self, query: Mapping[str, Any]) -> dict[str, int]:
        """Return how many matching documents there are by source."""
        return {source: n for (source,), n in grouped(self._client, ALIAS, query, ["source_id"]).items()}

    def _bulk(self, outcomes: Sequence[Outcome]) -> list[Verdict]:
        lines = [line for outcome in outcomes for line in _lines(outcome, self._ledger)]
        client = self._client.options(request_timeout=BULK_TIMEOUT_S, max_retries=0)
        results = iter(client.bulk(operations=lines)["items"])
        return [_verdict(outcome, results) for outcome in outcomes]

    def _fail_refused(self, outcomes: Sequence[Outcome], verdicts: Sequence[Verdict], now: datetime) -> None:
        """Mark the refused ones as `failed`, with Elasticsearch's reason: the bulk has recorded them as indexed."""
        failed = [
            Outcome(refused(outcome.record, now, verdict.detail))
            for outcome, verdict in zip(outcomes, verdicts, strict=True)
            if verdict.word == "refused"
        ]
        if failed:
            self._bulk(failed)


def _lines(outcome: Outcome, ledger: str) -> Iterator[dict[str, Any]]:
    record, article = outcome.record, outcome.article
    if article is not None:
        yield {
            "index": {
                "_index": index_of(record),
                "_id": record.id,
                "version": record.version,
                "version_type": "external_gte",
            }
        }
        yield document(article)
    yield {"index": {"_index": ledger, "_id": record.id, "version": record.version, "version_type": "external"}}
    yield RECORD.dump_python(record, mode="json")


def _verdict(outcome: Outcome, results: Iterator[dict[str, Any]]) -> Verdict:
    mine = [next(results)["index"] for _ in range(1 + (outcome.article is not None))]
    bad = [item for item in mine if item["status"] not in OK]
    if not bad:
        return Verdict("done")
    detail = _reason(bad[0]["error"])
    return Verdict("refused" if bad[0]["status"] == REFUSED else "again", detail)


def _reason(error: dict[str, Any]) -> str:
    cause = error.get("caused_by", {}).get("reason", "")
    return f"{error['type']}: {error['reason']} {cause}".strip()[:1000]
