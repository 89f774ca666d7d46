"""The exporter: looks when it is asked. A service that is away costs its own values, never the others'."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from typing import Any, Final

import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector
from redis import Redis
from redis.exceptions import RedisError

from workers.frontier.heartbeats import Heartbeats
from workers.metrics import look
from workers.metrics.look import Found
from workers.metrics.table import METRICS, Metric, Sample, Spread
from workers.runtime import SERVICES, Runtime, build, build_on, elasticsearch_client
from workers.settings import VERSION, Settings, settings
from workers.steps import report
from workers.store.figures import Figures

log = structlog.get_logger()

REDIS_S: Final = 1.5
ELASTICSEARCH_S: Final = 3.0
"""Seconds to wait for an answer: a look asks a Redis that is away twice, for the time too."""
BEAT_S: Final = 5.0
"""Seconds between two heartbeats."""
Look = Callable[[], Iterable[Found]]


class Exporter(Collector):
    """All values, for prometheus-client."""

    def __init__(self, looks: Mapping[str, Sequence[Look]], seldom: Sequence[Look]) -> None:
        """Make `looks` at each scrape, by the name of the service that they ask, `seldom` in `refresh` alone.

        Those of a scrape are made side by side: each is waiting for a server's answer.
        """
        self._looks = looks
        self._seldom = seldom
        self._known: list[Found] = []
        self._threads = ThreadPoolExecutor(sum(map(len, looks.values())), "look")

    def collect(self) -> Iterator[Family]:
        """Yield the families that have a value now."""
        found = list(self.values())
        for metric in METRICS:
            if mine := [one for one in found if one.name == metric.name]:
                yield family(metric, mine)

    def values(self) -> Iterator[Found]:
        """Look, and yield what is known."""
        yield Sample("warraq_build_info", 1, (VERSION,))
        asked = {
            service: [self._threads.submit(attempted, ask) for ask in asks] for service, asks in self._looks.items()
        }
        for service, answers in asked.items():
            found = [answer.result() for answer in answers]
            yield Sample("warraq_service_up", None not in found, (service,))
            yield from () if None in found else chain.from_iterable(filter(None, found))
        yield from self._known

    def refresh(self) -> None:
        """Look at what is looked at seldom."""
        self._known = [one for ask in self._seldom for one in attempted(ask) or ()]

    def refresh_for_ever(self) -> None:
        """Look at it again and again."""
        while True:
            self.refresh()
            time.sleep(settings().metrics_seldom_s)


def exporter(config: Settings) -> Exporter:
    """Return the exporter; its scrapes end before Prometheus' timeout (10 s), whatever is away."""
    hasty: dict[str, Any] = {"socket_timeout": REDIS_S, "socket_connect_timeout": REDIS_S, "retry": None}
    redis = Redis.from_url(config.broker_url, **hasty)
    elastic = elasticsearch_client(config).options(request_timeout=ELASTICSEARCH_S, max_retries=0)
    quick, patient = build_on(config, redis, elastic), build(config)
    heartbeats, figures, pages = Heartbeats(redis), Figures(elastic), config.pages_url
    looks: dict[str, tuple[Look, ...]] = {
        "redis": (lambda: look.redis(quick, heartbeats),),
        "elasticsearch": (
            lambda: look.ledger(figures, quick.now()),
            lambda: look.sources(figures),
            lambda: look.polls(figures),
            lambda: look.space(quick),
        ),
    }
    return Exporter(
        looks,
        (lambda: problems(patient), lambda: look.disk(pages), lambda: look.stored_bytes(pages)),
    )


def serve(made: Exporter, address: str, port: int) -> None:
    """Answer requests until the process ends."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(made)
    start_http_server(port, address, registry)
    threading.Thread(target=made.refresh_for_ever, name="seldom", daemon=True).start()
    log.info("metrics", address=address, port=port)
    while True:
        if (file := settings().heartbeat_file) is not None:
            file.touch()
        time.sleep(BEAT_S)


def problems(rt: Runtime, pause: Callable[[float], object] = time.sleep) -> Iterator[Found]:
    """Count the sums of two days' reports that do not agree, even when asked again."""
    days = [rt.now() - timedelta(days=ago) for ago in (0, 1)]
    lines = [line for day in days for line in report.settled(rt, day=f"{day:%Y-%m-%d}", pause=pause, newest=False)]
    yield Sample("warraq_report_problems", sum(1 for line in lines for _ in line.problems()))


def attempted(ask: Look) -> list[Found] | None:
    """Return what a look finds, or None if its service is away, or does not answer as it should."""
    try:
        return list(ask())
    except SERVICES as error:
        log.warning("away", service="redis" if isinstance(error, RedisError) else "elasticsearch", error=str(error))
    except Exception:  # a bug, or an answer that nobody foresaw: it must not hide what the other looks find
        log.exception("look_failed")
    return None


def family(metric: Metric, found: Sequence[Found]) -> Family:
    """Return a metric with its values as prometheus-client has it."""
    made: GaugeMetricFamily | CounterMetricFamily
    if metric.kind == "histogram":
        (spread,) = found
        assert isinstance(spread, Spread)  # noqa: S101  # as the table declares it
        return HistogramMetricFamily(metric.name, metric.meaning, buckets=spread.counts, sum_value=spread.sum)
    kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    made = kind(metric.name, metric.meaning, labels=metric.labels)
    for one in found:
        assert isinstance(one, Sample)  # noqa: S101  # as above
        made.add_metric(one.labels, one.value)
    return made
