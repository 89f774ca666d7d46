"""The next version of a record, and what it remembers of those before."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ingest.ledger.record import Record, Transition

DETAIL: Final = 300
"""Maximum length of a transition's detail."""
HISTORY: Final = 20
"""Transitions that a record keeps: one of an article that is edited hourly must not grow without bound."""


def moved(record: Record, now: datetime, what: str, details: str, **changes: Any) -> Record:  # noqa: ANN401  # as replace()
    """Return the record's next version, with this transition in its history."""
    history = (*record.history, Transition(now, what, details.strip()[:DETAIL]))[-HISTORY:]
    return replace(record, version=record.version + 1, history=history, **changes)


def last_moved(record: Record) -> datetime:
    """Return when a record came to the state and the stage that it is in."""
    return record.history[-1].at if record.history else record.admitted_at
