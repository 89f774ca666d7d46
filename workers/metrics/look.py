"""Looks at Redis and at Elasticsearch: the values of the metrics in `table.py`."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from workers.frontier.heartbeats import Heartbeats
from workers.metrics.table import Sample, Spread
from workers.queues import QUEUES
from workers.runtime import Runtime
from workers.store.figures import Figures

LATE_S: Final = 300.0
"""How long a source may be due before it is late: the poll queue then has more than it can do."""

Found = Sample | Spread


def redis(rt: Runtime, heartbeats: Heartbeats) -> Iterator[Found]:
    """Look at Redis: a dozen commands that count, and none that lists articles."""
    now = rt.now()
    for queue in QUEUES:
        yield Sample("warraq_queue_messages", rt.gauge.queued(queue.name), (queue.name,))
    lanes, articles = rt.lanes.waiting()
    yield Sample("warraq_lanes", lanes)
    yield Sample("warraq_lane_articles", articles)
    yield Sample("warraq_stream_items", rt.stream.depth())
    yield Sample("warraq_stream_bytes", rt.stream.bytes())
    yield Sample("warraq_stream_oldest_age_seconds", age_s(rt.stream.oldest(), now))
    yield Sample("warraq_stream_unreadable_items", rt.stream.unreadable())
    yield Sample("warraq_stories_waiting", rt.ungrouped.count())
    yield Sample("warraq_stories_oldest_wait_seconds", age_s(rt.ungrouped.oldest(), now))
    yield Sample("warraq_leases", rt.leases.count())
    yield Sample("warraq_leases_overdue", rt.leases.count_overdue(now))
    yield Sample("warraq_sources_due", rt.schedule.count_due(now, 0.0))
    yield Sample("warraq_sources_late", rt.schedule.count_due(now, LATE_S))
    used, limit = rt.gauge.memory()
    yield Sample("warraq_redis_used_bytes", used)
    yield Sample("warraq_redis_limit_bytes", limit)
    yield Sample("warraq_page_store_paused", rt.gauge.fetching_paused())
    yield Sample("warraq_index_paused", rt.stream.rests())
    for worker, at in heartbeats.all().items():
        yield Sample("warraq_worker_heartbeat_timestamp_seconds", at, (worker, worker.partition("@")[0]))


def sources(figures: Figures) -> Iterator[Found]:
    """Look at the sources in Elasticsearch."""
    found = figures.sources()
    yield Sample("warraq_sources", found["all"])
    for condition in ("failing", "quiet", "gone"):
        yield Sample(f"warraq_sources_{condition}", found[condition])


def polls(figures: Figures) -> Iterator[Found]:
    """Look at the tallies in Elasticsearch."""
    sums = figures.tallies()
    yield Sample("warraq_polls_total", sums["polls"] - sums["failed_polls"], ("read",))
    yield Sample("warraq_polls_total", sums["failed_polls"], ("failed",))
    outcomes = ("admitted", "changed", "known")
    for outcome in outcomes:
        yield Sample("warraq_entries_total", sums[outcome], (outcome,))
    yield Sample("warraq_entries_total", sums["listed"] - sum(sums[one] for one in outcomes), ("dropped",))


def space(rt: Runtime) -> Iterator[Found]:
    """Look at Elasticsearch's disk."""
    yield Sample("warraq_elasticsearch_free_bytes", rt.index.free_bytes())


def ledger(figures: Figures, now: datetime) -> Iterator[Found]:
    """Look at the ledger in Elasticsearch."""
    found = figures.ledger()
    for labels, articles in found.states.items():
        yield Sample("warraq_articles", articles, labels)
    yield Sample("warraq_articles_admitted_total", found.admitted)
    yield Sample("warraq_articles_indexed_total", found.indexed)
    yield Sample("warraq_articles_oldest_pending_age_seconds", age_s(found.asked, now))
    yield Sample("warraq_articles_oldest_overdue_seconds", age_s(found.due, now))
    counts = (*((bound, float(count)) for bound, count in found.within.items()), ("+Inf", float(found.timed)))
    yield Spread("warraq_article_searchable_seconds", counts, found.seconds)


def disk(pages_url: str) -> Iterator[Found]:
    """Look at the disk of a page store that is a folder; of an object store nothing is known."""
    if "://" not in pages_url:
        with suppress(OSError):
            stat = os.statvfs(pages_url)
            yield Sample("warraq_page_store_free_bytes", stat.f_bavail * stat.f_frsize)


def stored_bytes(pages_url: str) -> Iterator[Found]:
    """Estimate the size of a page store that is a folder from one of its 256 parts: ids are hashes, evenly spread."""
    if "://" not in pages_url:
        some = sum(size_of(file) for file in Path(pages_url, "00").glob("*/*.warc.gz"))
        yield Sample("warraq_page_store_bytes", some * 256)


def size_of(file: Path) -> int:
    """Return a file's size; 0 of one that has just been removed."""
    with suppress(OSError):
        return file.stat().st_size
    return 0


def age_s(at: datetime | None, now: datetime) -> float:
    """Return the seconds since a moment; 0 if there is none, or if it is still to come."""
    return max(0.0, (now - at).total_seconds()) if at else 0.0
