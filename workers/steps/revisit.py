"""Revisit: indexed articles whose next look is due go into their hosts' lanes, behind what is fresh.

A look is an article's usual way once more: `fetch.py`, conditionally, then `process.py`. What it finds: `revise.py`.
"""

from collections import Counter
from typing import Final

import structlog

from ingest.ledger.looks import looked_at
from workers.frontier.gauge import FULL
from workers.runtime import Runtime

log = structlog.get_logger()

HOSTS: Final = 200
"""Hosts with due looks that are served in one round; those that wait longest come first."""


def open_due(rt: Runtime, seconds: float) -> int:
    """Open the looks that are due, as many as their hosts have room for in some seconds; return how many.

    The ledger's version makes it one look, whoever else opens it. Killed after that, sweep finds it pending.
    """
    now = rt.now()
    due = [looked_at(record, now) for record in rt.ledger.due_looks(now, HOSTS, rt.looks.most(seconds))]
    if not due or rt.gauge.fullness() >= FULL:
        return 0
    room, fitting = Counter(rt.looks.room(sorted({record.lane for record in due}), seconds)), []
    for record in due:
        if room[record.lane] > 0:
            room[record.lane] -= 1
            fitting.append(record)
    saved = rt.ledger.save(fitting)
    rt.looks.spend([record.lane for record in saved])
    rt.lanes.push(saved)
    if saved:
        log.info("looks", articles=len(saved))
    return len(saved)
