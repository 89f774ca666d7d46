"""A real Prometheus asks the running stack: every expression of rules and dashboards has an answer, and faults fire."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from redis import Redis

from deploy.demo.newsroom import Newsroom
from deploy.local import stack as local
from deploy.local.places import CHECKOUT
from deploy.local.stack import Stack
from ingest.document import LEDGER, POLL, RECORD, SOURCE, SOURCES, TALLIES, TALLY
from ingest.ledger.tally import Tally
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Source
from ingest.polling.poll import Poll
from tests.stack import lapse
from tests.stack.conftest import Command
from tests.stack.prometheus import Prometheus, configure, free_port, start, until
from tests.unit.deploy.monitoring.expressions import selectors, shown
from workers.frontier import heartbeats
from workers.frontier.gauge import PAGE_STORE
from workers.queues import WORKERS as KINDS
from workers.runtime import redis_client
from workers.settings import settings
from workers.store.figures import HAD_A_DOCUMENT
from workers.store.stream import RESTS
from workers.store.stream_gauge import UNREADABLE

pytestmark = pytest.mark.stack
GHOST = "0" * 32


@pytest.fixture(scope="module")
def prometheus(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Start a Prometheus that asks every second."""
    binary = shutil.which("prometheus")
    if binary is None and os.environ.get("CI"):
        pytest.fail("prometheus is not on PATH; CI must run this test")
    if binary is None:
        pytest.skip("prometheus is not on PATH (Debian: apt-get install prometheus)")
    place = tmp_path_factory.mktemp("prometheus")
    configure(place, stack.metrics_port)
    process, asked = start(binary, place)
    try:
        assert until(lambda: scraped(asked)), (place / "log").read_text(encoding="utf-8")
        yield asked
    finally:
        process.terminate()
        process.wait(20)


def scraped(prometheus: Prometheus) -> bool:
    return prometheus.ask('count_over_time(up{job="warraq"}[1m]) > 1') != []


def test_every_expression_of_a_dashboard_has_an_answer(
    prometheus: Prometheus, newsroom: Newsroom, warraq: Command
) -> None:
    warraq("ingest", *newsroom.feeds())
    silent: list[str] = []

    def all_answer() -> bool:
        silent[:] = [name for name, expression in shown().items() if not prometheus.ask(expression)]
        return not silent

    assert until(all_answer), silent


def test_every_metric_of_a_rule_is_there_and_no_rule_fails(prometheus: Prometheus) -> None:
    assert [name for name in selectors() if not prometheus.ask(name)] == []
    assert prometheus.broken_rules() == []


def test_the_numbers_are_the_ledgers(prometheus: Prometheus, elasticsearch: Elasticsearch) -> None:
    def agree() -> bool:
        elasticsearch.indices.refresh(index=LEDGER)
        records = elasticsearch.count(index=LEDGER)["count"]
        indexed = elasticsearch.count(index=LEDGER, query=HAD_A_DOCUMENT)["count"]
        timed = elasticsearch.count(index=LEDGER, query={"exists": {"field": "searchable_s"}})["count"]
        return (records, records, indexed, timed) == (
            prometheus.value("warraq_articles_admitted_total"),
            prometheus.value("sum(warraq_articles)"),
            prometheus.value("warraq_articles_indexed_total"),
            prometheus.value("warraq_article_searchable_seconds_count"),
        )

    assert until(agree)


def test_every_worker_is_heard_and_a_scrape_is_quick(prometheus: Prometheus) -> None:
    heard = prometheus.ask("time() - warraq_worker_heartbeat_timestamp_seconds < 10")
    assert {one["metric"]["queue"] for one in heard} == {"beat", *(queue.name for queue in KINDS)}
    fastest = prometheus.value('min_over_time(scrape_duration_seconds{job="warraq"}[5m])')
    assert fastest < 0.5, "0.1 s on a quiet machine"


class Faults:
    """Traces of faults in the stores of the running stack, as its parts leave them; no worker is hurt."""

    def __init__(self, redis: Redis, elasticsearch: Elasticsearch) -> None:
        self.redis = redis
        self.elasticsearch = elasticsearch
        self.day = datetime.now(UTC)

    def inject(self) -> set[str]:
        """Leave them all; return the alerts that must fire."""
        late = self.day - timedelta(days=2)
        source = Source(GHOST, "feed", "http://ghost.example/feed")
        poll = Poll(quiet_since=late, due_at=self.day + timedelta(days=1))
        record = replace(admitted(source, Entry("http://ghost.example/1"), late), id=GHOST)
        tally = Tally(GHOST, f"{self.day:%Y-%m-%d}", polls=1, listed=7)
        adapters = {SOURCES: (SOURCE, source), LEDGER: (RECORD, record), TALLIES: (TALLY, tally)}
        for index, (adapter, value) in adapters.items():
            fields = adapter.dump_python(value, mode="json")  # type: ignore[attr-defined]  # a TypeAdapter each
            fields |= POLL.dump_python(poll, mode="json") if index == SOURCES else {}
            self.elasticsearch.index(index=index, id=GHOST, document=fields, refresh=True)
        self.redis.zadd(heartbeats.KEY, {f"fetch@{GHOST}": (time.time() - 60) * 1000})
        self.redis.xadd(UNREADABLE, {"item": "0-1", "reason": "a test's"})
        self.redis.set(PAGE_STORE, 1, px=60_000)
        self.redis.set(RESTS, 1, px=60_000)
        alerts = ("WorkerGone", "Unreadable", "PagesPaused", "IndexPaused", "SourceQuiet", "ArticleWaits")
        return {f"Warraq{name}" for name in (*alerts, "ReportDisagrees")}

    def mend(self) -> None:
        for index in (SOURCES, LEDGER, TALLIES):
            self.elasticsearch.options(ignore_status=404).delete(index=index, id=GHOST, refresh=True)
        self.redis.zrem(heartbeats.KEY, f"fetch@{GHOST}")
        self.redis.delete(UNREADABLE, PAGE_STORE, RESTS)


def firing(prometheus: Prometheus) -> set[str]:
    """Return the alerts that fire, but for those that follow from the work of other tests or from a machine's load."""
    names = {one["metric"]["alertname"] for one in prometheus.ask('ALERTS{alertstate="firing"}')}
    return names - {"WarraqNothingIndexed", "WarraqExporterAway"}


@pytest.mark.usefixtures("prometheus")
def test_a_quiet_quarter_of_an_hour_fires_nothing(stack: Stack, tmp_path: Path) -> None:
    left = "WarraqSourceQuiet|WarraqReportDisagrees|WarraqNothingIndexed"  # what other tests may leave, as below
    quiet = lapse.scrapes(stack.metrics_port)
    assert lapse.firing(quiet, tmp_path, left) == ""
    paused = [scrape | {"warraq_page_store_paused{}": 1.0} for scrape in quiet]
    assert "WarraqPagesPaused" in lapse.firing(paused, tmp_path, left)


def test_faults_fire_their_alerts_and_no_other_and_end_with_them(
    prometheus: Prometheus, elasticsearch: Elasticsearch
) -> None:
    before = firing(prometheus)
    assert before <= {"WarraqSourceQuiet", "WarraqReportDisagrees"}, "at most what tests left in the stores fires"
    with redis_client(settings()) as redis:
        faults = Faults(redis, elasticsearch)
        try:
            wanted = before | faults.inject()
            assert until(lambda: firing(prometheus) == wanted), firing(prometheus) ^ wanted
        finally:
            faults.mend()
    assert until(lambda: firing(prometheus) == before), firing(prometheus)


def test_an_exporter_that_hangs_fires(prometheus: Prometheus) -> None:
    process = local.pid("metrics")
    os.kill(process, signal.SIGSTOP)
    try:
        assert until(lambda: prometheus.ask('ALERTS{alertname="WarraqExporterAway", alertstate="firing"}') != [])
    finally:
        os.kill(process, signal.SIGCONT)


def test_services_that_are_away_fire(prometheus: Prometheus, stack: Stack) -> None:
    """An exporter of its own looks where nobody is: the stack is not hurt."""
    port, nobody = free_port(), "127.0.0.1:1"
    env = {**os.environ, **stack.env, "WARRAQ_ELASTICSEARCH_URL": f"http://{nobody}"}
    env |= {"WARRAQ_REDIS_URL": f"redis://{nobody}/0"}
    process = subprocess.Popen([sys.executable, "-m", "workers", "metrics", f"--port={port}"], cwd=CHECKOUT, env=env)
    away = f'ALERTS{{alertname="WarraqServiceAway", alertstate="firing", instance="127.0.0.1:{port}"}}'
    try:
        prometheus.ask_also(port)
        assert until(lambda: {"redis", "elasticsearch"} == {one["metric"]["service"] for one in prometheus.ask(away)})
    finally:
        prometheus.ask_also()
        process.terminate()
        process.wait(20)
