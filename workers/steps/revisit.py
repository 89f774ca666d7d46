"""Revisit: indexed articles whose next look is due go into their hosts' lanes, behind what is fresh.

A look is an article's usual way once more: `fetch.py`, conditionally, then `process.py`. What it finds: `revise.py`.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import structlog

from ingest.ledger.looks import left_alone, looked_at
from ingest.ledger.record import Record
from workers.frontier.gauge import FULL
from workers.runtime import Runtime

log = structlog.get_logger()

HOSTS: Final = 200
"""Hosts with due looks that are asked for at once; those that wait longest come first."""
ROUNDS: Final = 5
"""So many times more are asked for, where all of these have no room: they must not hide the others."""


def open_due(rt: Runtime, seconds: float) -> int:
    """Open the looks that are due, as many as their hosts have room for in some seconds; return how many.

    The ledger's version makes it one look, whoever else opens it. Killed after that, sweep finds it pending.
    """
    if rt.gauge.fullness() >= FULL:
        return 0
    opened, seen = 0, set[str]()
    for _ in range(ROUNDS):
        due = rt.ledger.due_looks(rt.now(), HOSTS, rt.looks.most(seconds), sorted(seen))
        before, seen = seen, seen | {record.lane for record in due}
        opened += _open(rt, due, seconds)
        if len(seen) < len(before) + HOSTS:
            break
    return opened


def _open(rt: Runtime, due: Sequence[Record], seconds: float) -> int:
    now = rt.now()
    wanted = {record.id for record in due if _is_wanted(rt, record)}
    rt.ledger.save([left_alone(record, now) for record in due if record.id not in wanted])
    looks = [looked_at(record, now) for record in due if record.id in wanted]
    room, fitting = Counter(rt.looks.room(sorted({one.lane for one in looks}), seconds, now)), []
    for one in looks:
        if room[one.lane] > 0:
            room[one.lane] -= 1
            fitting.append(one)
    saved = rt.ledger.save(fitting)
    rt.looks.spend([one.lane for one in saved], seconds)
    rt.lanes.push(saved)
    if saved:
        log.info("looks", articles=len(saved))
    return len(saved)


def _is_wanted(rt: Runtime, record: Record) -> bool:
    """Return whether looks are still wanted: since its article was indexed, its source may have been told otherwise."""
    source = rt.sources.get(record.source_id)
    return source is None or bool(source.revisit_hours)
