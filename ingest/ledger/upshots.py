"""What became of an article in a task, by its record's last transition."""

from datetime import timedelta

from ingest.ledger.record import Record, State
from ingest.ledger.transitions import PUT_OFF
from ingest.upshot import Ending, Upshot, place, readable


def moved_on(record: Record) -> Upshot:
    """Tell of an article that has been put back, or has ended without a document of this task's."""
    last = record.history[-1]
    match record.state:
        case State.PENDING:
            why = last.detail if last.what == PUT_OFF else f"{last.what} {last.detail}"
            return Upshot(place(record.url), readable(why), Ending.PUT_BACK)
        case State.REJECTED:
            return Upshot(place(record.url), f"rejected: {record.reason}")
        case State.FORGOTTEN:
            return Upshot("", "forgotten")
        case State.DUPLICATE:
            return Upshot(place(record.url), readable(f"duplicate: {record.reason} {record.detail}"))
        case State.INDEXED if not record.reason:
            return Upshot(place(record.url), last.detail)
        case _:  # failed, or a refresh that brought nothing: the article stays as it was
            return Upshot(place(record.url), readable(last.detail), Ending.FAILED)


def not_yet(record: Record, wait: timedelta, why: str) -> Upshot:
    """Tell of an article that has to wait: its host may not be asked yet, or another article comes first."""
    return Upshot(place(record.url), f"{why}, again in {wait.total_seconds():.0f} s", Ending.PUT_BACK)


def indexed(record: Record, words: int) -> Upshot:
    """Tell of an article that is on its way into the index."""
    return Upshot(place(record.url), f"indexed, {words} words")
