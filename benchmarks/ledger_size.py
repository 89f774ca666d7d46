"""`python -m benchmarks.ledger_size`: what admission and sweep cost, by the ledger's size.

Two ledgers on the real Elasticsearch, of 10,000 records and of 300,000 (`--large`), nearly all of them slim as after
years. The same work is done in both, in turns; told are the medians, and their ratio, which may be 1.2 at most.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from statistics import median
from typing import Any, Final
from uuid import UUID

from elasticsearch import Elasticsearch, helpers

from benchmarks.pipeline.rig import Rig
from deploy.local.supervise import Supervisor
from ingest.document import LEDGER, MAPPINGS
from ingest.ledger.aging import slimmed
from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Source
from workers.queues import WORKERS
from workers.store.indices import INDICES
from workers.store.ledger import Ledger
from workers.store.records import dumped
from workers.store.selection import Selection

SMALL: Final = 10_000
ROUNDS: Final = 60
LISTED: Final = 50
"""Entries of a listing, of which NEW are new."""
NEW: Final = 5
FAT: Final = 100
"""One in so many records is of late, and whole."""
MOST: Final = 1.2
SOURCE: Final = Source("s", "feed", "http://h/")


class Sample:
    """A ledger of a size, and some of the ids in it."""

    def __init__(self, client: Elasticsearch, count: int, now: datetime) -> None:
        self.name = f"bench-ledger-{count}"
        self.count = count
        self._client = client.options(request_timeout=120)
        self._now = now
        self._random = Random(count)  # no secret
        self.ids = [self._id() for _ in range(min(count, 20_000))]
        self.ledger = Ledger(client, self.name)

    def fill(self) -> None:
        """Write the records."""
        kind = next(one for one in INDICES if one.name == LEDGER)
        self._client.options(ignore_status=404).indices.delete(index=self.name)
        self._client.indices.create(index=self.name, mappings=MAPPINGS[LEDGER], settings=kind.settings())
        self._client.indices.put_settings(index=self.name, settings={"refresh_interval": "-1"})
        helpers.bulk(self._client, self._actions(), chunk_size=5000)
        self._client.indices.put_settings(index=self.name, settings={"refresh_interval": f"{kind.refresh_s}s"})
        self._client.indices.refresh(index=self.name)

    def drop(self) -> None:
        """Remove it."""
        self._client.indices.delete(index=self.name)

    def bytes(self) -> int:
        """Return what it takes on disk."""
        stats = self._client.indices.stats(index=self.name, metric="store")
        return int(stats["_all"]["primaries"]["store"]["size_in_bytes"])

    def admit(self) -> None:
        """Do what a listing costs: are its entries known? Those that are not are created."""
        fresh = [self._record(self._id(), self._now) for _ in range(NEW)]
        listed = [*self._random.sample(self.ids, LISTED - NEW), *(one.id for one in fresh)]
        assert len(self.ledger.get_many(listed)) == LISTED - NEW
        self.ledger.create(fresh)

    def sweep(self) -> None:
        """Do what a sweep asks of the ledger where nothing is wrong."""
        list(self.ledger.pending(self._now, self._now - timedelta(minutes=2)))
        self.ledger.after(self._id(), 500, pending=False)
        self.ledger.page(Selection(states=(State.INDEXED,), since=self._now - timedelta(minutes=2), before=self._now))
        self.ledger.due_looks(self._now, 200, 6)

    def _id(self) -> str:
        return UUID(int=self._random.getrandbits(128)).hex

    def _record(self, key: str, at: datetime) -> Record:
        entry = Entry(f"http://host-{key[:2]}/news/{key}", title="خبر عاجل من بغداد", published_at=at)
        made = admitted(SOURCE, entry, at)
        return replace(made, id=key)

    def _actions(self) -> Iterator[dict[str, Any]]:
        slim = dumped(slimmed(self._ended(self._id(), self._now)))
        for number in range(self.count):
            at = self._now - timedelta(days=1 + 1000 * (self.count - number) / self.count)
            key = self.ids[number] if number < len(self.ids) else self._id()
            times = dict.fromkeys(("admitted_at", "asked_at", "due_at", "indexed_at", "ended_at"), at.isoformat())
            source = {**slim, **times, "id": key} if number % FAT else dumped(self._ended(key, at))
            yield {"_index": self.name, "_id": key, "_version": 2, "_version_type": "external", "_source": source}

    def _ended(self, key: str, at: datetime) -> Record:
        return ended(self._record(key, at), State.INDEXED, at)


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 if size costs more than it may."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger_size", description=__doc__)
    parser.add_argument("--large", type=int, default=300_000, help="records of the large one (%(default)s)")
    large = parser.parse_args(words).large
    with Rig() as rig:
        Supervisor(rig.home).stop(["beat", *(queue.name for queue in WORKERS)])
        samples = [Sample(rig.client, count, rig.rt.now()) for count in (SMALL, large)]
        for sample in samples:
            began = time.monotonic()
            sample.fill()
            each = sample.bytes() / sample.count
            print(f"{sample.count:,} records in {time.monotonic() - began:.0f} s, {each:.0f} bytes each", flush=True)
        ratios = [_compared(name, samples) for name in ("admit", "sweep")]
        for sample in samples:
            sample.drop()
    return int(max(ratios) > MOST)


def _compared(name: str, samples: Sequence[Sample]) -> float:
    """Do one kind of work in both, in turns; tell the medians and return their ratio."""
    took: list[list[float]] = [[], []]
    for number in range(ROUNDS + 5):
        for which, sample in enumerate(samples):
            seconds = _seconds(getattr(sample, name))
            took[which] += [seconds] if number >= 5 else []  # noqa: PLR2004  # the first ones warm caches
    small, large = (1000 * median(one) for one in took)
    print(f"{name}: {small:.1f} ms and {large:.1f} ms, {large / small:.2f} x", flush=True)
    return large / small


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
