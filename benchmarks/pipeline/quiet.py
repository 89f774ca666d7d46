"""Sources that are really polled, and list nothing new: what they cost the articles, and how late their polls are."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any, Final

from elasticsearch import helpers

from benchmarks.pipeline.rig import Rig, source_of
from ingest.document import SOURCES

INTERVAL_S: Final = 600
"""Each is due every ten minutes, at a moment of its own."""


@dataclass(slots=True)
class QuietSources:
    """Sources beyond the newsroom's own, each on a host of its own, all with the same feed that does not change."""

    rig: Rig
    port: int
    due: dict[str, datetime] = field(default_factory=dict)
    """When each is due, by id."""

    def grow(self, count: int) -> int:
        """See that there are `count` of them, due evenly over the interval that begins now; return the count."""
        urls = [f"http://q{n}.localhost:{self.port}/feed/quiet.xml" for n in range(len(self.due), count)]
        self.rig.add_sources(urls, interval_s=INTERVAL_S)
        ids = [*self.due, *(source_of(url).id for url in urls)]
        random.Random(count).shuffle(ids)
        now = self.rig.rt.now()
        for place, source_id in enumerate(ids):
            self.due[source_id] = now + timedelta(seconds=INTERVAL_S * place / len(ids))
            self.rig.rt.schedule.set(source_id, self.due[source_id])
        return count

    def delays_s(self) -> list[float]:
        """Return how many seconds late each poll was that has been due; one that has not come is late until now."""
        now = self.rig.rt.now()
        polled = dict(_polled(self.rig))
        over = [(at, polled.get(source_id)) for source_id, at in self.due.items() if at <= now]
        return sorted(((at if at and at >= due else now) - due).total_seconds() for due, at in over)


def summary(delays_s: Sequence[float]) -> dict[str, float]:
    """Return how many polls were due, and the median, the 99th percentile and the longest of their delays."""
    if len(delays_s) < 2:  # noqa: PLR2004  # quantiles of one value are none
        return {"polls": float(len(delays_s))}
    cuts = quantiles(delays_s, n=100, method="inclusive")
    return {"polls": float(len(delays_s)), "p50": cuts[49], "p99": cuts[98], "max": delays_s[-1]}


def _polled(rig: Rig) -> Any:  # noqa: ANN401  # pairs of id and moment, from an untyped client
    rig.client.indices.refresh(index=SOURCES)
    hits = helpers.scan(
        rig.client, index=SOURCES, _source=["polled_at"], query={"query": {"exists": {"field": "polled_at"}}}
    )
    return ((hit["_id"], datetime.fromisoformat(hit["_source"]["polled_at"])) for hit in hits)
