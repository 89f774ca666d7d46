"""What becomes of a record whose document was refused, found or lost. Pure, as `transitions`."""

from dataclasses import replace
from datetime import datetime

from ingest.ledger.history import moved
from ingest.ledger.looks import plan_of
from ingest.ledger.record import Record, Stage, State
from ingest.ledger.reopening import opened
from ingest.ledger.transitions import IllegalTransitionError, ended
from ingest.model import Article, Entry, Source
from ingest.urls import lane_of


def searchable(record: Record, now: datetime) -> Record:
    """Return the record of an article whose document has just been written; how long that took the first time stays."""
    took_s = (now - record.admitted_at).total_seconds()
    return replace(record, searchable_s=took_s) if record.searchable_s is None else record


def refused(record: Record, now: datetime, detail: str) -> Record:
    """Return the outcome of an article whose document Elasticsearch refused, in place of the intended one.

    It reuses the intended one's version, which was never written. If an earlier document of the article is still
    in the index, only the refresh has failed.
    """
    known = record.indexed_at is not None and record.indexed_at != record.ended_at
    before = replace(record, version=record.version - 1, history=record.history[:-1])
    return moved(
        before,
        now,
        "refused",
        detail,
        state=State.INDEXED if known else State.FAILED,
        stage=Stage.INDEX,
        reason="refresh_refused_by_index" if known else "refused_by_index",
        detail=detail,
        ended_at=now,
        indexed_at=record.indexed_at if known else None,
        # the page that these came with is in no document: the next look must see it again
        revisit=record.revisit and replace(record.revisit, etag="", last_modified=""),
    )


def document_found(record: Record, now: datetime) -> Record | None:
    """Return the record updated for a document that is in the index, or None if it knows already.

    A worker that was taken for dead may write its document after the article has ended otherwise: the document
    stays, and only a refresh has failed. A pending article goes on, and is due at once: whoever works on it has an old
    record.
    """
    if record.indexed_at is not None or record.state is State.FORGOTTEN:
        return None
    if record.pending:
        return moved(record, now, "document_found", "", indexed_at=now, due_at=now)
    reason = f"refresh_{record.reason or record.state}"
    return moved(record, now, "document_found", reason, state=State.INDEXED, reason=reason, indexed_at=now)


def outcome_found(record: Record, version: int, source: Source, now: datetime) -> Record | None:
    """Return a pending record ended, for its document is there in a later version: an outcome whose record was lost.

    None if the document is of an outcome that the record knows.
    """
    if not record.pending or version <= record.version:
        return None
    plan = record.revisit or plan_of(record, source)
    return ended(replace(record, version=version - 1, revisit=plan), State.INDEXED, now)


def recorded(article: Article, version: int, now: datetime) -> Record | None:
    """Return a record for a document that has none, in the document's version; None if it says too little.

    Nobody looks at such an article again, but it is known: no listing brings it in as new.
    """
    if article.admitted_at is None:
        return None
    at = article.admitted_at
    entry = Entry(article.url, article.title, published_at=article.published_at, updated_at=article.modified_at)
    made = Record(article.id, article.url, lane_of(article.url), article.source_id, entry, at, at, at)
    indexed_at = article.fetched_at or at
    return moved(
        replace(made, version=version - 1),
        now,
        "document_found",
        "it had no record",
        state=State.INDEXED,
        stage=Stage.INDEX,
        ended_at=indexed_at,
        indexed_at=indexed_at,
    )


def document_lost(record: Record, now: datetime) -> Record:
    """Reopen an ended record whose document is gone; a stored page is good enough."""
    if record.pending:
        raise IllegalTransitionError(f"{record.id} is pending; its document is still to come")
    return replace(opened(record, now, "document_lost"), asked_at=record.asked_at, indexed_at=None)
