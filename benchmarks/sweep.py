"""`python -m benchmarks.sweep`: what a sweep takes with hundreds of thousands of articles pending, and a rebuild.

The real Redis and Elasticsearch, no workers. All articles wait in their lanes, so that a sweep has nothing to bring
back; then Redis is emptied and built anew from the ledger. Each round's time is told, and the CPU that is ours.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from statistics import median
from typing import Any, Final

from elasticsearch import Elasticsearch, helpers

from benchmarks.pipeline.rig import Rig
from deploy.local.supervise import Supervisor
from ingest.document import LEDGER
from ingest.ledger.record import Record
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Source
from workers.queues import WORKERS
from workers.runtime import Runtime, redis_client
from workers.steps.sweep import rebuild, sweep
from workers.store.records import dumped

HOSTS: Final = 300
LOT: Final = 2000
ROUNDS: Final = 10
MOST_S: Final = 1.0
SUMMARY: Final = "خبر عاجل من بغداد " * 20


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 if a sweep takes longer than it may."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweep", description=__doc__)
    parser.add_argument("--pending", type=int, default=200_000, help="(%(default)s)")
    count = parser.parse_args(words).pending
    with Rig() as rig:
        Supervisor(rig.home).stop(["beat", *(queue.name for queue in WORKERS)])
        return int(measure(rig.rt, rig.client, count) > MOST_S)


def measure(rt: Runtime, client: Elasticsearch, count: int) -> float:
    """Print what is measured with so many pending articles; return the median of a sweep's seconds."""
    for first in range(0, count, LOT):
        records = [_record(rt, number) for number in range(first, min(first + LOT, count))]
        helpers.bulk(client, _actions(records))
        rt.lanes.push(records)
    rt.ledger.refresh()
    print(f"{count:,} pending; the first sweep looks at all: {_timed(lambda: sweep(rt))}", flush=True)
    took = [_seconds(lambda: sweep(rt))[0] for _ in range(ROUNDS)]
    print(f"a sweep: median {median(took):.3f} s, longest {max(took):.3f} s of {ROUNDS}", flush=True)
    with redis_client(rt.settings) as redis:
        for key in list(redis.scan_iter("warraq:*", count=1000)):
            redis.delete(key)
    print(f"an empty Redis is rebuilt: {_timed(lambda: rebuild(rt))}; {rt.lanes.waiting()[1]:,} wait again", flush=True)
    return median(took)


def _timed(work: Callable[[], object]) -> str:
    wall, ours = _seconds(work)
    return f"{wall:.1f} s, {ours:.1f} s CPU of ours"


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def _record(rt: Runtime, number: int) -> Record:
    host = f"http://www.news{number % HOSTS}.invalid"
    entry = Entry(f"{host}/politics/{number}-some-long-slug-of-the-article", title="خبر عاجل من بغداد", summary=SUMMARY)
    return admitted(Source(f"{number % HOSTS:032x}", "feed", f"{host}/feed"), entry, rt.now() - timedelta(hours=1))


def _actions(records: Sequence[Record]) -> Iterator[dict[str, Any]]:
    return ({"_index": LEDGER, "_id": record.id, "_source": dumped(record)} for record in records)


if __name__ == "__main__":
    sys.exit(main())
