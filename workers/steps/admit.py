"""Admission: what a source lists enters the ledger, then its lane. The first step of every article."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog

from ingest.errors import Permanent, Transient
from ingest.forget import REASON
from ingest.ledger.admission import HOST_FULL, OLDER, is_wanted, that_fit
from ingest.ledger.record import Record
from ingest.ledger.reopening import relisted
from ingest.ledger.tally import Tally
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Source
from ingest.polling.clock import is_nearly_all
from ingest.urls import article_id, canonical
from workers.frontier.gauge import FULL
from workers.runtime import Runtime
from workers.steps.forgotten import let_in

log = structlog.get_logger()

FULL_REASON: Final = "redis_full"
STORE_SLOW: Final = "page_store_slow"
"""Reason in a tally's `drops`: there was no time to store an inline page; a later listing may bring it again."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The result of admitting a listing."""

    ids: tuple[str, ...]
    admitted: int
    """How many of them are new or have changed."""
    problems: tuple[str, ...]


def admit(
    rt: Runtime, source: Source, entries: Iterable[Entry], problems: Iterable[str] = (), store_s: float = math.inf
) -> Admission:
    """Enter a listing's new and changed articles in the ledger, then in their lanes; store its inline pages first.

    That takes `store_s` seconds at most: what is left then is not admitted. Raises Transient (`redis_full`) when there
    is no room for them.
    """
    require_room(rt)
    listed, bad, twice = _by_id(entries)
    found = let_in(rt, listed)
    now = rt.now()
    known = rt.ledger.get_many(list(found))
    fresh, dropped = _fresh(rt, source, [entry for one, entry in found.items() if one not in known], now)
    changed, disbelieved = _changed(source, known, found, now)
    late = _late(rt, [*fresh, *changed], found, store_s)
    dropped[STORE_SLOW] += sum(record.id in late for record in fresh)
    fresh, changed = ([record for record in some if record.id not in late] for some in (fresh, changed))
    due = rt.now()  # storing the pages may have taken minutes, and sweep looks only at what became due lately
    created = rt.ledger.create([replace(record, due_at=due) for record in fresh])
    saved = rt.ledger.save([replace(record, due_at=due) for record in changed])
    rt.lanes.push([*created, *saved])
    dropped += Counter(error.reason for error in bad) + Counter({"listed_twice": twice})
    dropped += Counter({REASON: len(listed) - len(found)})
    rt.tallies.add(
        Tally(
            source_id=source.id,
            day=f"{now:%Y-%m-%d}",
            polls=1,
            listed=len(listed) + len(bad) + twice,
            known=len(known) + len(fresh) - len(created) - len(saved),
            admitted=len(created),
            changed=len(saved),
            drops=dict(+dropped),
        )
    )
    return Admission(tuple(found), len(created) + len(saved), (*problems, *disbelieved, *map(str, bad)))


def _late(rt: Runtime, records: Iterable[Record], found: Mapping[str, Entry], store_s: float) -> set[str]:
    """Store the pages that came with their entries; return the ids of those for which there was no time."""
    began, late = rt.now(), set[str]()
    for record in records:
        page = found[record.id].page
        if page is not None and (rt.now() - began).total_seconds() > store_s:
            late.add(record.id)
        elif page is not None:
            rt.pages.put(record.id, page, record.asked_at)
    return late


def _changed(
    source: Source, known: Mapping[str, Record], found: Mapping[str, Entry], now: datetime
) -> tuple[list[Record], tuple[str, ...]]:
    """Return the ended articles that a listing says have changed, and a sentence if that is not believed.

    A date that moves with every poll, for nearly all entries, is the listing's own. Files are asked for by a person.
    """
    changed = [moved for one, old in known.items() if (moved := relisted(old, found[one], now))]
    if not source.interval_s or not is_nearly_all(len(changed), sum(not old.pending for old in known.values())):
        return changed, ()
    return [], (f"{len(changed)} of {len(known)} known entries say they changed since: that is not believed",)


def require_room(rt: Runtime) -> None:
    """Raise Transient (`redis_full`) if Redis has no room for more articles."""
    if (share := rt.gauge.fullness()) >= FULL:
        raise Transient(FULL_REASON, f"Redis uses {share:.0%} of its memory, nothing is admitted from {FULL:.0%} on")


def _fresh(rt: Runtime, source: Source, entries: list[Entry], now: datetime) -> tuple[list[Record], Counter[str]]:
    """Return the first records of entries that are recent enough and have room at their hosts; the others by reason."""
    records = [admitted(source, entry, now) for entry in entries if is_wanted(source, entry, now)]
    older = len(entries) - len(records)
    fitting, crowded = that_fit(records, rt.lanes.depths_of(sorted({record.lane for record in records})))
    return fitting, +Counter({OLDER: older, HOST_FULL: crowded})


def _by_id(entries: Iterable[Entry]) -> tuple[dict[str, Entry], list[Permanent], int]:
    """Return the entries by their articles' ids, why others have none, and how many came more than once."""
    found: dict[str, Entry] = {}
    bad: list[Permanent] = []
    twice = 0
    for entry in entries:
        try:
            one = article_id(canonical(entry.url))
        except Permanent as error:
            bad.append(error)
            continue
        twice += one in found
        found.setdefault(one, entry)
    return found, bad, twice
