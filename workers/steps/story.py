"""The history of one article: every step with its time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ingest.ledger.record import Record
from ingest.model import Page
from ingest.urls import article_id, canonical
from workers.steps.source_names import removed
from workers.steps.summary import Summary, summarized

if TYPE_CHECKING:  # the desk reads stories and histories, and loads nothing that fetches or queues
    from workers.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to an article."""

    what: str
    at: datetime | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Summary):
    """What is known of one article."""

    title: str
    """As the listing had it."""
    version: int
    in_redis: str
    """Where a pending article is there; '' of one that has ended."""
    events: tuple[Event, ...]
    """Oldest first; those without a time come last."""


def story(rt: "Runtime", *, article: str) -> Story | None:
    """Return the story of an article: by its id, by what only its id begins with, or by its address."""
    record = find(rt, article)
    if record is None:
        return None
    return Story(
        **summarized(record),
        title=record.entry.title,
        version=record.version,
        in_redis=rt.leases.whereabouts([record])[0] if record.pending else "",
        events=tuple(_in_order(_events(record, rt.pages.get(record.id), _source(rt, record.source_id)))),
    )


def find(rt: "Runtime", article: str) -> Record | None:
    """Return the record of an article: by its id, by what only its id begins with, or by its address."""
    article = article.strip()
    if not article:
        return None
    if "://" in article:
        return rt.ledger.get(article_id(canonical(article)))
    return rt.ledger.get(article) or rt.ledger.starting_with(article)


def _source(rt: "Runtime", source_id: str) -> str:
    known = rt.sources.get(source_id)
    return f"source {known.name or known.url}" if known else removed(source_id)


def _events(record: Record, page: Page | None, source: str) -> Iterator[Event]:
    absent = "not yet" if record.pending else "its page is not in the store"
    stored = f"{page.status}, {len(page.body)} bytes from {page.url}" if page else absent
    yield Event("admitted", record.admitted_at, f"{record.url} ({source}, id {record.id})")
    yield Event("asked for", record.asked_at, f"lane {record.lane}")
    yield Event("fetched", page.fetched_at if page else None, stored)
    if record.processed_at:
        yield Event("processed", record.processed_at, "")
    if record.indexed_at and all(one.at != record.indexed_at for one in record.history):  # no longer in its history
        yield Event("indexed", record.indexed_at, "first time")
    yield from (Event(one.what, one.at, one.detail) for one in record.history)


def _in_order(events: Iterator[Event]) -> list[Event]:
    known = list(events)
    dated = sorted((one for one in known if one.at), key=lambda one: one.at.timestamp() if one.at else 0.0)
    return [*dated, *(one for one in known if not one.at)]
