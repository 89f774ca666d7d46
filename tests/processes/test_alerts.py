"""What fires and what does not: promtool plays the rules over made-up series."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.unit.deploy.monitoring.expressions import FOLDER, alerts
from workers.queues import WORKERS as KINDS

MINUTES: Final = 70
GIB: Final = 2**30
WORKERS: Final = ("beat", *(f"{queue.name}@one" for queue in KINDS))


def heartbeat(worker: str) -> str:
    queue = worker.partition("@")[0]
    return f'warraq_worker_heartbeat_timestamp_seconds{{worker="{worker}",queue="{queue}"}}'


HEALTHY: Final[Mapping[str, str]] = {
    'up{job="warraq"}': "1x75",
    'warraq_service_up{service="redis"}': "1x75",
    'warraq_service_up{service="elasticsearch"}': "1x75",
    **{heartbeat(worker): "0+60x75" for worker in WORKERS},
    "warraq_articles_indexed_total": "1000+5x75",
    "warraq_articles_oldest_overdue_seconds": "30x75",
    "warraq_stream_oldest_age_seconds": "1x75",
    "warraq_leases_overdue": "0x75",
    "warraq_index_paused": "0x75",
    "warraq_stream_unreadable_items": "0x75",
    "warraq_redis_used_bytes": "70x75",
    "warraq_redis_limit_bytes": "100x75",
    "warraq_elasticsearch_free_bytes": f"{9 * GIB}x75",
    "warraq_page_store_free_bytes": f"{9 * GIB}x75",
    "warraq_page_store_paused": "0x75",
    'warraq_articles{state="indexed",stage="process",reason=""}': "1000+9x75",
    'warraq_articles{state="failed",stage="fetch",reason="http_404"}': "100+1x75",
    'warraq_articles{state="pending",stage="fetch",reason=""}': "500x75",
    "warraq_sources_quiet": "0x75",
    "warraq_sources_late": "0x75",
    "warraq_report_problems": "0x75",
}
"""A day without trouble, a value each minute; a tenth of the articles fails, as usual."""
INDEXED = 'warraq_articles{state="indexed",stage="process",reason=""}'
FAILED = 'warraq_articles{state="failed",stage="fetch",reason="http_404"}'
STALLED = {"warraq_articles_indexed_total": "1000x75"}
FEW_FAILED = {FAILED: "1+0x65 1+1x9"}

CASES: Final[Mapping[str, tuple[Mapping[str, str | None], set[str]]]] = {
    "a quiet day": ({}, set()),
    "no exporter": ({'up{job="warraq"}': "1x60 0x14"}, {"WarraqExporterAway"}),
    "a scrape that failed once": ({'up{job="warraq"}': "1x69 0 1x4"}, set()),
    "Elasticsearch": ({'warraq_service_up{service="elasticsearch"}': "0x75"}, {"WarraqServiceAway"}),
    "Redis": (
        {'warraq_service_up{service="redis"}': "0x75", **{heartbeat(worker): None for worker in WORKERS}},
        {"WarraqServiceAway"},
    ),
    "a worker": ({heartbeat("fetch@one"): "0+60x66 4000x8"}, {"WarraqWorkerGone"}),
    "one of two workers": ({heartbeat("fetch@two"): "0+60x66 4000x8"}, {"WarraqWorkerGone"}),
    "all workers of a queue": ({heartbeat("index@one"): None}, {"WarraqNoWorker"}),
    "beat": ({heartbeat("beat"): None}, {"WarraqNoWorker"}),
    "nothing indexed while articles are overdue": (
        STALLED | {"warraq_articles_oldest_overdue_seconds": "1000x75"},
        {"WarraqNothingIndexed"},
    ),
    "nothing indexed while outcomes wait": (
        STALLED | {"warraq_stream_oldest_age_seconds": "400x75"},
        {"WarraqNothingIndexed"},
    ),
    "nothing to index": (STALLED, set()),
    "a start after an hour off, with what waits since then": (
        {"warraq_articles_indexed_total": "_x65 1000x9", "warraq_articles_oldest_overdue_seconds": "4000x75"},
        set(),
    ),
    "a lane that is a day behind": ({"warraq_articles_oldest_overdue_seconds": "90000x75"}, {"WarraqArticleWaits"}),
    "leases that nobody looks after": ({"warraq_leases_overdue": "3x75"}, {"WarraqLeasesOverdue"}),
    "leases that sweep brings back": ({"warraq_leases_overdue": "0x68 3x1 0x4"}, set()),
    "an index that is full": ({"warraq_index_paused": "1x75"}, {"WarraqIndexPaused"}),
    "an index that was busy": ({"warraq_index_paused": "0x69 1x0 0x4"}, set()),
    "outcomes of another version": ({"warraq_stream_unreadable_items": "1x75"}, {"WarraqUnreadable"}),
    "a full Redis": ({"warraq_redis_used_bytes": "75x75"}, {"WarraqRedisFull"}),
    "a Redis without a limit": ({"warraq_redis_limit_bytes": "0x75"}, set()),
    "Elasticsearch's disk": ({"warraq_elasticsearch_free_bytes": f"{GIB}x75"}, {"WarraqDiskFull"}),
    "the pages' disk": ({"warraq_page_store_free_bytes": "1000x75"}, {"WarraqDiskFull"}),
    "an object store": ({"warraq_page_store_free_bytes": None}, set()),
    "pages that cannot be stored": ({"warraq_page_store_paused": "1x75"}, {"WarraqPagesPaused"}),
    "more failures than usual": ({FAILED: "100+1x50 200+9x25"}, {"WarraqFailures"}),
    "failures alone, where they were many": (
        {INDEXED: "1000+9x40 1360x35", FAILED: "800+1x40 840+9x35"},
        {"WarraqFailures"},
    ),
    "the first failures, and few": (FEW_FAILED, set()),
    "nothing has failed yet": ({FAILED: None}, set()),
    "failures that were tried again": ({FAILED: "100+9x50 100x25"}, set()),
    "a quiet source": ({"warraq_sources_quiet": "1x75"}, {"WarraqSourceQuiet"}),
    "late sources": ({"warraq_sources_late": "7x75"}, {"WarraqSourcesLate"}),
    "a report that does not add up": ({"warraq_report_problems": "1x75"}, {"WarraqReportDisagrees"}),
    "a report that did not add up for a moment": ({"warraq_report_problems": "0x69 1x0 0x4"}, set()),
}


def case(name: str) -> Mapping[str, Any]:
    """Return a test of promtool's: what fires at the end, whatever its labels."""
    changed, fires = CASES[name]
    series = {one: values for one, values in {**HEALTHY, **changed}.items() if values is not None}
    return {
        "name": name,
        "interval": "1m",
        "input_series": [{"series": one, "values": values} for one, values in series.items()],
        "promql_expr_test": [
            {
                "expr": 'count by (alertname) (ALERTS{alertstate="firing"}) > bool 0',
                "eval_time": f"{MINUTES}m",
                "exp_samples": [{"labels": f'{{alertname="{alert}"}}', "value": 1} for alert in sorted(fires)],
            }
        ],
    }


def promtool() -> str:
    found = shutil.which("promtool")
    if found is None and os.environ.get("CI"):
        pytest.fail("promtool is not on PATH; CI must run this test")
    return found or pytest.skip("promtool is not on PATH (Debian: apt-get install prometheus)")


def test_what_fires(tmp_path: Path) -> None:
    file = tmp_path / "tests.yml"
    made = {"rule_files": [str(FOLDER / "rules.yml")], "evaluation_interval": "1m", "tests": list(map(case, CASES))}
    file.write_text(yaml.safe_dump(made), encoding="utf-8")
    done = subprocess.run([promtool(), "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_configuration_is_valid() -> None:
    command = [promtool(), "check", "config", "prometheus.yml"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_fires_in_some_case() -> None:
    assert set().union(*(fires for _, fires in CASES.values())) == set(alerts())
