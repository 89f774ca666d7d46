"""Which entries of a listing are admitted: pure rules for what is too old, and for hosts whose articles queue up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from ingest.ledger.record import Record
from ingest.model import Entry, Source
from ingest.urls import INLINE

OLDER: Final = "older_than_asked"
HOST_FULL: Final = "host_full"
"""Reasons in a tally's `drops`. What they drop is unknown to the ledger, so a later listing may bring it again."""
WAITING: Final = 10_000
"""Articles that may wait for one host: what its daily budget lets us fetch. More would wait for days."""
ARCHIVE_AFTER: Final = timedelta(days=7)
"""Articles listed when they are older than this wait behind the host's fresh ones."""


def dated(entry: Entry) -> datetime | None:
    """Return the latest time that the listing gives for an entry."""
    return max((at for at in (entry.published_at, entry.updated_at) if at), default=None)


def is_archive(record: Record) -> bool:
    """Return whether an article was old already when it was asked for, or is only looked at again."""
    at = dated(record.entry)
    return record.looking or (record.lane != INLINE and at is not None and record.asked_at - at > ARCHIVE_AFTER)


def is_wanted(source: Source, entry: Entry, now: datetime) -> bool:
    """Return whether an entry is recent enough for its source; one without a date always is."""
    at = dated(entry)
    return (
        not source.since_days or entry.page is not None or at is None or now - at <= timedelta(days=source.since_days)
    )


def staleness(source: Source, entries: Sequence[Entry], now: datetime) -> tuple[str, ...]:
    """Return a sentence if all entries are too old for their source: nothing else would say why nothing comes of it."""
    if not entries or any(is_wanted(source, entry, now) for entry in entries):
        return ()
    newest = max(at for entry in entries if (at := dated(entry)))
    return (f"its newest entry is of {newest:%Y-%m-%d}: none older than {source.since_days} days is admitted",)


def that_fit(fresh: Iterable[Record], waiting: Mapping[str, int]) -> tuple[list[Record], int]:
    """Return the new records that their hosts have room for, the newest of each, and how many have none.

    `waiting`: articles in each lane already. Undated ones count as newest: feeds that name no dates list the latest.
    Inline pages ask no host.
    """
    room = Counter({lane: WAITING - count for lane, count in waiting.items()})
    kept: list[Record] = []
    dropped = 0
    for record in sorted(fresh, key=lambda one: dated(one.entry) or one.admitted_at, reverse=True):
        if record.lane == INLINE or room[record.lane] > 0:
            room[record.lane] -= 1
            kept.append(record)
        else:
            dropped += 1
    return kept, dropped
