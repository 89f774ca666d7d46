"""One phase: articles are published at a rate, or as fast as they are taken, and watched until all can be found."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles
from typing import Any, Final

from benchmarks.pipeline.grouping import Grouped
from benchmarks.pipeline.newsroom import Batch, Newsroom
from benchmarks.pipeline.rig import Rig, source_of
from benchmarks.pipeline.usage import Peaks, busy_s, cpu_s
from ingest.document import ALIAS

PROBE_S: Final = 0.2
"""Seconds between two looks at Elasticsearch: no latency is known better than that."""
STEP_S: Final = 0.05
BACKLOG: Final = 600
"""Articles published and not yet searchable, at saturation: enough for every worker, and no longer queue."""
GIVE_UP_S: Final = 60.0
"""Seconds without a new document after which the rest is taken for lost."""
MOST: Final = 10_000
"""Documents in one answer, the newest: Elasticsearch's own window."""
FIELDS: Final[list[Any]] = ["id", "admitted_at", "_seq_no"]
OVERLAP: Final = 400
"""Sequence numbers that a probe looks at again, two bulks: those under way may become visible out of order."""


@dataclass(slots=True)
class Watch:
    """Which documents can be found, since when. Ids are remembered: a document written again is not counted again."""

    rig: Rig
    index: str = ALIAS
    """One index, where there are several: sequence numbers are each index's own."""
    seen: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Admitted, and first found, by id, as Unix times."""
    newest: int = -1
    """Highest sequence number found."""
    grouped: Grouped = field(init=False)

    def __post_init__(self) -> None:
        self.grouped = Grouped(self.rig.client)

    def look(self) -> int:
        """Ask Elasticsearch for what can be found since the last look; return how many documents there are."""
        query = {"range": {"_seq_no": {"gt": self.newest - OVERLAP}}}
        answer = self.rig.client.search(
            index=self.index,
            query=query,
            size=MOST,
            sort=[{"_seq_no": "desc"}],
            docvalue_fields=FIELDS,
            source=False,
            stored_fields="_none_",  # without the stored `_id`, for which whole blocks of documents are unpacked
        )
        now = time.time()
        for hit in answer["hits"]["hits"]:
            self.newest = max(self.newest, int(hit["fields"]["_seq_no"][0]))
            key = hit["fields"]["id"][0]
            if key not in self.seen:
                admitted = datetime.fromisoformat(hit["fields"]["admitted_at"][0]).timestamp()
                self.seen[key] = (admitted, now)
        self.grouped.look(self.seen)
        return len(self.seen)


@dataclass(frozen=True, slots=True)
class Phase:
    """What one phase measured; CPU in seconds and memory in MB by process group."""

    name: str
    rate: float
    """Articles offered a second; 0 = saturation."""
    published: int
    searchable: int
    wall_s: float
    """From the first admission to the last article found."""
    per_s: float
    """Articles a second between the first and the last tenth of them: neither the start nor the end of the load."""
    latencies: tuple[float, ...]
    """Seconds from admission until found, in the order in which they were found."""
    grouped: tuple[float, ...]
    """Seconds from admission until compared with all others, of those that were."""
    cpu: dict[str, float]
    others_s: float
    """CPU seconds that this machine spent on things that are not of this benchmark."""
    memory: dict[str, float]
    ours_mb: float
    restarted: tuple[str, ...]
    """Services whose process is another one than at the start: their CPU is not known."""

    def latency(self) -> dict[str, float]:
        """Return p50, p95, p99 and the longest of the times until found."""
        return spread(self.latencies)

    def cpu_ms(self) -> dict[str, float]:
        """Return the CPU milliseconds an article of each process group."""
        return {name: used * 1000 / max(self.searchable, 1) for name, used in self.cpu.items()}


def spread(times: Sequence[float]) -> dict[str, float]:
    """Return p50, p95, p99 and the longest of some times; nothing of fewer than two."""
    if len(times) < 2:  # noqa: PLR2004  # quantiles of one value are none
        return {}
    cuts = quantiles(times, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(times)}


def run(rig: Rig, newsroom: Newsroom, watch: Watch, batches: Sequence[Batch], *, name: str, rate: float) -> Phase:
    """Publish batches at `rate` articles a second (0: as fast as they become searchable), wait until all are."""
    watch.look()
    before = set(watch.seen)
    groups = rig.pids() | {"newsroom": newsroom.pid}
    cpu, busy, own = cpu_s(groups), busy_s(), time.process_time()
    with Peaks(lambda: groups) as peaks:
        _load(rig, newsroom, watch, deque(batches), rate)
        watch.grouped.wait(watch.seen)
    after = cpu_s(groups)
    used = {one: after[one] - cpu[one] for one in groups}
    own = time.process_time() - own
    found = sorted((times for key, times in watch.seen.items() if key not in before), key=lambda times: times[1])
    return Phase(
        name=name,
        rate=rate,
        published=sum(len(batch.numbers) for batch in batches),
        searchable=len(found),
        wall_s=found[-1][1] - min(admitted for admitted, _ in found) if found else 0.0,
        per_s=sustained([at for _, at in found]),
        latencies=tuple(at - admitted for admitted, at in found),
        grouped=tuple(sorted(at - watch.seen[key][0] for key, at in watch.grouped.at.items() if key not in before)),
        cpu=used | {"benchmark": own},
        others_s=busy_s() - busy - sum(used.values()) - own,
        memory=peaks.most,
        ours_mb=peaks.together,
        restarted=tuple(one for one, pid in rig.pids().items() if groups.get(one) != pid),
    )


def sustained(at: Sequence[float]) -> float:
    """Return the articles a second between the first and the last tenth of some ascending times; 0.0 for too few."""
    tenth = len(at) // 10
    middle = at[tenth : len(at) - tenth]
    return (len(middle) - 1) / (middle[-1] - middle[0]) if len(middle) > 1 and middle[-1] > middle[0] else 0.0


def _load(rig: Rig, newsroom: Newsroom, watch: Watch, batches: deque[Batch], rate: float) -> None:
    start = changed = probed = time.monotonic()
    seen = known = watch.look()
    published = 0
    while batches or seen - known < published:
        now = time.monotonic()
        room = rate * (now - start) - published if rate else BACKLOG - (published - (seen - known))
        for batch in _due(batches, room):
            rig.rt.schedule.set(source_of(newsroom.publish(batch)).id, rig.rt.now())
            published += len(batch.numbers)
        if now - probed >= PROBE_S:
            probed = now
            fresh = watch.look()
            changed = now if fresh > seen or batches else changed
            seen = fresh
        if now - changed > GIVE_UP_S:
            return
        time.sleep(STEP_S)


def _due(batches: deque[Batch], room: float) -> Iterator[Batch]:
    """Take batches while there is room for a whole one."""
    while batches and room >= len(batches[0].numbers):
        room -= len(batches[0].numbers)
        yield batches.popleft()


def rest(rig: Rig, newsroom: Newsroom, seconds: float) -> dict[str, float]:
    """Return what each process group spends while nothing happens, in CPU milliseconds a second."""
    groups = rig.pids() | {"newsroom": newsroom.pid}
    cpu = cpu_s(groups)
    time.sleep(seconds)
    return {name: (used - cpu[name]) * 1000 / seconds for name, used in cpu_s(groups).items()}
