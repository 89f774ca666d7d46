"""A real Prometheus asks the running stack: every expression of rules and dashboards has an answer, and faults fire."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import yaml
from elasticsearch import Elasticsearch
from redis import Redis

from deploy.demo.newsroom import Newsroom
from deploy.local import stack as local
from deploy.local.stack import Stack
from ingest.document import LEDGER, POLL, RECORD, SOURCE, SOURCES, TALLIES, TALLY
from ingest.ledger.tally import Tally
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Source
from ingest.polling.poll import Poll
from tests.stack.conftest import Command
from tests.unit.deploy.monitoring.expressions import FOLDER, selectors, shown
from workers.frontier import heartbeats
from workers.frontier.gauge import PAGE_STORE
from workers.queues import QUEUES
from workers.runtime import redis_client
from workers.settings import settings
from workers.store.stream import RESTS, UNREADABLE

pytestmark = pytest.mark.stack
PATIENCE_S = 20.0
EVERY = "1s"
GHOST = "0" * 32


@dataclass(frozen=True)
class Prometheus:
    """A running one."""

    url: str

    def ask(self, expression: str) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.url}/api/v1/query", {"query": expression}, timeout=10)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["data"]["result"]
        return found

    def value(self, expression: str) -> float:
        (only,) = self.ask(expression)
        return float(only["value"][1])


def until(wanted: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not (done := wanted()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return done


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def prometheus(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Start a Prometheus that asks every second."""
    binary = shutil.which("prometheus")
    if binary is None and os.environ.get("CI"):
        pytest.fail("prometheus is not on PATH; CI must run this test")
    if binary is None:
        pytest.skip("prometheus is not on PATH (Debian: apt-get install prometheus)")
    place, port = tmp_path_factory.mktemp("prometheus"), free_port()
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    config["global"] = {"scrape_interval": EVERY, "evaluation_interval": EVERY}
    text = (FOLDER / "rules.yml").read_text(encoding="utf-8")
    (place / "rules.yml").write_text(re.sub(r"\bfor: \w+", f"for: {EVERY}", text), encoding="utf-8")
    config["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{stack.metrics_port}"]}]
    (place / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    options = {"config.file": "prometheus.yml", "storage.tsdb.path": "data", "web.listen-address": f"127.0.0.1:{port}"}
    command = [binary, *(f"--{name}={value}" for name, value in options.items())]
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=place, stdout=log, stderr=log)
    try:
        asked = Prometheus(f"http://127.0.0.1:{port}")
        assert until(lambda: scraped(asked)), (place / "log").read_text(encoding="utf-8")
        yield asked
    finally:
        process.terminate()
        process.wait(20)


def scraped(prometheus: Prometheus) -> bool:
    try:
        return prometheus.ask('count_over_time(up{job="warraq"}[1m]) > 1') != []
    except requests.ConnectionError:
        return False


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
    groups = requests.get(f"{prometheus.url}/api/v1/rules", timeout=10).json()["data"]["groups"]
    assert [rule["name"] for group in groups for rule in group["rules"] if rule["health"] == "err"] == []


def test_the_numbers_are_the_ledgers(prometheus: Prometheus, elasticsearch: Elasticsearch) -> None:
    def agree() -> bool:
        elasticsearch.indices.refresh(index=LEDGER)
        records = elasticsearch.count(index=LEDGER)["count"]
        indexed = elasticsearch.count(index=LEDGER, query={"exists": {"field": "indexed_at"}})["count"]
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
    assert {one["metric"]["queue"] for one in heard} == {"beat", *(queue.name for queue in QUEUES)}
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
