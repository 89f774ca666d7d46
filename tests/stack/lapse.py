"""A quarter of an hour in a few seconds: real scrapes of the exporter, played to promtool as if minutes lay between."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.unit.deploy.monitoring.expressions import FOLDER

SCRAPES: Final = 16
APART_S: Final = 0.4
LAPSED_S: Final = 60
"""What lies between two scrapes when they are played."""
UP: Final = 'up{job="warraq"}'
HEARTBEAT: Final = "warraq_worker_heartbeat_timestamp_seconds"
Scrape = dict[str, float]


def scrapes(port: int) -> list[Scrape]:
    """Ask the exporter a few times."""
    found = []
    for number in range(SCRAPES):
        found.append(_scrape(port, number * LAPSED_S))
        time.sleep(APART_S)
    return found


def _scrape(port: int, at_s: float) -> Scrape:
    """Return each series' value; heartbeats by the clock of the play, which begins at 0."""
    page = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=20).text
    later = at_s - time.time()
    samples = [one for family in text_string_to_metric_families(page) for one in family.samples]
    return {UP: 1.0} | {
        one.name + "{" + ",".join(f'{name}="{value}"' for name, value in sorted(one.labels.items())) + "}": one.value
        + (later if one.name == HEARTBEAT else 0.0)
        for one in samples
    }


def firing(found: Sequence[Scrape], place: Path, but: str) -> str:
    """Play the scrapes; return what promtool says of alerts that fire at any minute, '' if none does."""
    names = sorted(set().union(*found))
    series = [{"series": name, "values": " ".join(str(one.get(name, "_")) for one in found)} for name in names]
    quiet = {"expr": f'ALERTS{{alertstate="firing", alertname!~"{but}"}}', "exp_samples": []}
    minutes: list[dict[str, Any]] = [{**quiet, "eval_time": f"{minute}m"} for minute in range(SCRAPES)]
    play = {"interval": f"{LAPSED_S}s", "input_series": series, "promql_expr_test": minutes}
    rules = {"rule_files": [str(FOLDER / "rules.yml")], "evaluation_interval": "15s", "tests": [play]}
    (place / "play.yml").write_text(yaml.safe_dump(rules), encoding="utf-8")
    command = ["promtool", "test", "rules", str(place / "play.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""
