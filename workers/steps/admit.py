"""Admission: what a source lists enters the ledger, then its lane. The first step of every article."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from ingest.errors import Permanent, Transient
from ingest.ledger.tally import Tally
from ingest.ledger.transitions import admitted, relisted
from ingest.model import Entry, Source
from ingest.urls import article_id, canonical
from workers.runtime import Runtime

log = structlog.get_logger()

FULL: Final = 0.75
"""Share of Redis' memory: a full Redis cannot even be drained, since workers fail to start on it."""
FULL_REASON: Final = "redis_full"


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a listing: the ids it names, known or new; how many of them are new or changed; what was wrong."""

    ids: tuple[str, ...]
    admitted: int
    """New or changed ones."""
    problems: tuple[str, ...]


def admit(rt: Runtime, source: Source, entries: Iterable[Entry], problems: Iterable[str] = ()) -> Admission:
    """Enter a listing's new and changed articles in the ledger, then in their lanes; store the pages it holds first.

    Raises Transient (`redis_full`) when there is no room for them.
    """
    if (share := rt.lanes.fullness()) >= FULL:
        raise Transient(FULL_REASON, f"Redis uses {share:.0%} of its memory, nothing is admitted from {FULL:.0%} on")
    found, bad, twice = _by_id(entries)
    now = rt.now()
    known = rt.ledger.get_many(list(found))
    fresh = [admitted(source, entry, now) for key, entry in found.items() if key not in known]
    changed = [moved for key, old in known.items() if (moved := relisted(old, found[key], now))]
    for record in [*fresh, *changed]:
        if (page := found[record.id].page) is not None:
            rt.pages.put(record.id, page, record.asked_at)
    created, saved = rt.ledger.create(fresh), rt.ledger.save(changed)
    rt.lanes.push([*created, *saved])
    dropped = Counter(error.reason for error in bad) + Counter({"listed_twice": twice})
    rt.tallies.add(
        Tally(
            source_id=source.id,
            day=f"{now:%Y-%m-%d}",
            polls=1,
            listed=len(found) + len(bad) + twice,
            known=len(found) - len(created) - len(saved),
            admitted=len(created),
            changed=len(saved),
            drops=dict(dropped),
        )
    )
    return Admission(tuple(found), len(created) + len(saved), (*problems, *map(str, bad)))


def _by_id(entries: Iterable[Entry]) -> tuple[dict[str, Entry], list[Permanent], int]:
    """Return the entries by their articles' ids, why others have none, and how many came more than once."""
    found: dict[str, Entry] = {}
    bad: list[Permanent] = []
    twice = 0
    for entry in entries:
        try:
            key = article_id(canonical(entry.url))
        except Permanent as error:
            bad.append(error)
            continue
        twice += key in found
        found.setdefault(key, entry)
    return found, bad, twice
