"""Every metric, declared once: the exporter, docs/metrics.md and the tests of rules and dashboards follow this table.

Names are Prometheus' way: base units, `_total` on counters. No label has more values than there are states, reasons,
queues or workers: a host or an address in one would make a time series of each site.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Kind = Literal["gauge", "counter", "histogram"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric."""

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()


class Sample(NamedTuple):
    """One value of a metric, with its labels' values."""

    name: str
    value: float
    labels: tuple[str, ...] = ()


class Spread(NamedTuple):
    """The values of a histogram: how many are at most each bound, and the sum of them all."""

    name: str
    counts: tuple[tuple[str, float], ...]
    sum: float


METRICS: Final = (
    Metric("warraq_build_info", "gauge", "Always 1; the label has the exporter's version.", ("version",)),
    Metric("warraq_service_up", "gauge", "1 if the service answered this scrape, else 0.", ("service",)),
    Metric(
        "warraq_articles",
        "gauge",
        "Articles in the ledger by state, by the step that they are in or ended in, and by reason.",
        ("state", "stage", "reason"),
    ),
    Metric("warraq_articles_admitted_total", "counter", "Articles that the ledger has ever admitted."),
    Metric("warraq_articles_indexed_total", "counter", "Articles that have, or had, a document."),
    Metric(
        "warraq_article_searchable_seconds",
        "histogram",
        "From an article's admission until its first document was written.",
    ),
    Metric(
        "warraq_articles_oldest_pending_age_seconds",
        "gauge",
        "How long the pending article has waited that was asked for first; 0 if none is pending.",
    ),
    Metric(
        "warraq_articles_oldest_overdue_seconds",
        "gauge",
        "How long the pending article is overdue that was due first; 0 if none is. One that is put off is not due.",
    ),
    Metric("warraq_lanes", "gauge", "Hosts for which articles wait."),
    Metric("warraq_lane_articles", "gauge", "Articles that wait in lanes."),
    Metric("warraq_queue_messages", "gauge", "Messages that wait in a queue.", ("queue",)),
    Metric("warraq_stream_items", "gauge", "Outcomes on their way to Elasticsearch."),
    Metric("warraq_stream_bytes", "gauge", "Their size."),
    Metric("warraq_stream_oldest_age_seconds", "gauge", "How long the first of them has waited; 0 if there is none."),
    Metric("warraq_stream_unreadable_items", "gauge", "Outcomes put aside because this version could not read them."),
    Metric("warraq_stories_waiting", "gauge", "Documents that have not been compared with others yet."),
    Metric(
        "warraq_stories_oldest_wait_seconds",
        "gauge",
        "How long the first of them has waited for its story; 0 if none does.",
    ),
    Metric("warraq_leases", "gauge", "Articles that are in progress or in the stream."),
    Metric("warraq_leases_overdue", "gauge", "Articles whose lease is over: sweep brings them back."),
    Metric("warraq_sources", "gauge", "Sources."),
    Metric("warraq_sources_due", "gauge", "Sources whose next poll is due."),
    Metric("warraq_sources_late", "gauge", "Sources whose next poll has been due for five minutes."),
    Metric("warraq_sources_failing", "gauge", "Sources whose last poll failed."),
    Metric("warraq_sources_quiet", "gauge", "Sources that have been silent for three times their usual gap."),
    Metric("warraq_sources_gone", "gauge", "Sources that are not polled any more: they said that they are gone."),
    Metric("warraq_polls_total", "counter", "Polls by outcome: `read` or `failed`.", ("outcome",)),
    Metric(
        "warraq_entries_total",
        "counter",
        "Entries that polls listed, by outcome: `admitted`, `changed`, `known` or `dropped`.",
        ("outcome",),
    ),
    Metric("warraq_redis_used_bytes", "gauge", "Memory that Redis uses."),
    Metric("warraq_redis_limit_bytes", "gauge", "Memory that it may use; 0 = no limit."),
    Metric("warraq_elasticsearch_free_bytes", "gauge", "Free disk of the fullest node."),
    Metric("warraq_page_store_bytes", "gauge", "Size of the stored pages, estimated from a part; of a folder only."),
    Metric("warraq_page_store_free_bytes", "gauge", "Free disk of the page store; of a folder only."),
    Metric("warraq_page_store_paused", "gauge", "1 while nothing is fetched because pages cannot be stored."),
    Metric("warraq_index_paused", "gauge", "1 while flushers rest because Elasticsearch takes no articles."),
    Metric(
        "warraq_worker_heartbeat_timestamp_seconds",
        "gauge",
        "When each worker, and beat, was last heard of; one that ended well is left out.",
        ("worker", "queue"),
    ),
    Metric("warraq_report_problems", "gauge", "Sums of the reports of today and yesterday that do not agree."),
)
