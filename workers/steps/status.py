"""The state of the pipeline: what waits where, how fast articles end, and what holds it up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from workers.frontier.gauge import BRIM, FULL
from workers.queues import QUEUES
from workers.runtime import Runtime
from workers.steps.sources import Listed, quiet
from workers.store import room


@dataclass(frozen=True, slots=True)
class End:
    """How many articles are in one state, for one reason."""

    state: str
    reason: str
    articles: int


@dataclass(frozen=True, slots=True)
class Status:
    """The pipeline at one moment."""

    queues: Mapping[str, int]
    """Messages that wait in each queue."""
    stream: int
    """Outcomes on their way to Elasticsearch."""
    stream_bytes: int
    unreadable: int
    """Entries of the stream that this version could not read, of late: they are kept in `warraq:index-unreadable`."""
    under_way: int
    """Articles that a worker has in hand, or that are in a queue or in the stream."""
    lanes: Mapping[str, int]
    """Articles that wait in each lane, most first."""
    ledger: tuple[End, ...]
    per_minute: Mapping[int, float]
    """Articles that ended a minute, over so many minutes."""
    oldest_pending: datetime | None
    redis_share: float
    """Of its memory that Redis uses."""
    quiet: tuple[Listed, ...]
    """Sources that have been silent for long, measured by their own rhythm; the longest silence first."""
    waiting_for: tuple[str, ...]
    """A sentence for each thing that holds everything up."""


def status(rt: Runtime) -> Status:
    """Look at Redis and at the ledger."""
    rt.ledger.refresh()
    pace = rt.ledger.pace(rt.now())
    share = rt.gauge.fullness()
    return Status(
        queues={queue.name: rt.gauge.queued(queue.name) for queue in QUEUES},
        stream=rt.stream.depth(),
        stream_bytes=rt.stream.bytes(),
        unreadable=rt.stream.unreadable(),
        under_way=rt.leases.count(),
        lanes=dict(sorted(rt.lanes.depths().items(), key=lambda lane: (-lane[1], lane[0]))),
        ledger=tuple(End(state, reason, n) for (state, reason), n in sorted(rt.ledger.counts().items())),
        per_minute=pace.per_minute,
        oldest_pending=pace.oldest_pending,
        redis_share=share,
        quiet=quiet(rt),
        waiting_for=tuple(_waiting_for(rt, share)),
    )


def _waiting_for(rt: Runtime, share: float) -> Iterator[str]:
    if share >= FULL:
        yield f"nothing is admitted while Redis uses {FULL:.0%} of its memory or more"
    if share >= BRIM:
        yield f"nothing is fetched while Redis uses {BRIM:.0%} of its memory or more"
    if rt.gauge.fetching_paused():
        yield "the page store cannot be written; nothing is fetched until it can (pending records tell why)"
    if rt.stream.rests():
        yield "Elasticsearch cannot take articles now; the flushers wait and try again"
    if problem := room.shortage(rt.index.free_bytes()):
        yield problem
