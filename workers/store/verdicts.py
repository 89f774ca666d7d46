"""What Elasticsearch's answers to a bulk mean for each outcome: it is done, refused, or stays in the stream."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from ingest.ledger.documents import refused, searchable
from ingest.ledger.record import Record, State
from workers.store.bulk import CONFLICT, REFUSED, WRITTEN, Answer
from workers.store.outcomes import Outcome

NO_DOCUMENT: Final = Answer(200)
"""Stands in for the answer of an article without a document: its record need not wait for one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one outcome: `done`, `again` (it stays in the stream) or `refused` by Elasticsearch.

    `forgotten`: its article was taken out for good while this was written. `moved`: it came too late, and the article
    is at work again. `overtaken`: another outcome's document was noted in its record meanwhile, and nobody is at work.
    `stale` is temporary: its record has moved on.
    """

    word: Literal["done", "again", "refused", "moved", "overtaken", "stale", "forgotten"]
    detail: str = ""


def is_settled(document_: Answer) -> bool:
    """Return whether a document needs no further try: it is there, or never will be."""
    return document_.status in WRITTEN or document_.status in {CONFLICT, REFUSED}


def record_after(outcome: Outcome, document_: Answer, now: datetime) -> Record:
    """Return the record to write once its document is settled."""
    if document_.status == REFUSED:
        return refused(outcome.record, now, document_.detail)
    return searchable(outcome.record, now) if outcome.article else outcome.record


def verdict_of(document_: Answer, record: Answer) -> Verdict:
    """Return the verdict of what was answered to a document, and then to its record."""
    if not is_settled(document_) or (record.status not in WRITTEN and record.status != CONFLICT):
        return Verdict("again", record.detail)
    if document_.status == REFUSED:
        return Verdict("refused", document_.detail)
    return Verdict("stale" if record.status == CONFLICT else "done")


def without_stale(verdict: Verdict, record: Record, current: Record | None, unwritten: Answer | None) -> Verdict:
    """Return what a stale verdict comes to: `current` is the record now, `unwritten` why it could not be updated."""
    if verdict.word != "stale":
        return verdict
    if unwritten is not None:
        return Verdict("again", unwritten.detail or "its record moves")
    if current is not None and current.state is State.FORGOTTEN:
        return Verdict("forgotten")
    if current is None or not current.pending:
        return Verdict("done")
    noted = current.version == record.version and current.history[-1].what == "document_found"
    return Verdict("overtaken" if noted else "moved")
