"""A real Prometheus for the stack's tests, with our configuration, rules and all."""

import json
import re
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests
import yaml

from tests.unit.deploy.monitoring.expressions import FOLDER

PATIENCE_S: Final = 20.0
EVERY: Final = "1s"
OTHERS: Final = "others.json"
READY: Final = "Server is ready to receive web requests"


@dataclass(frozen=True)
class Prometheus:
    """A running one."""

    url: str
    place: Path

    def ask(self, expression: str) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.url}/api/v1/query", {"query": expression}, timeout=10)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["data"]["result"]
        return found

    def value(self, expression: str) -> float:
        (only,) = self.ask(expression)
        return float(only["value"][1])

    def ask_also(self, *ports: int) -> None:
        """Scrape other exporters, too."""
        targets = [{"targets": [f"127.0.0.1:{port}" for port in ports]}]
        (self.place / OTHERS).write_text(json.dumps(targets), encoding="utf-8")

    def broken_rules(self) -> list[str]:
        groups = requests.get(f"{self.url}/api/v1/rules", timeout=10).json()["data"]["groups"]
        return [rule["name"] for group in groups for rule in group["rules"] if rule["health"] == "err"]


def until(wanted: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not (done := wanted()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return done


def configure(place: Path, metrics: int) -> None:
    """Write the configuration that we ship, for a stack that is looked at for seconds and not for days."""
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    config["global"] = {"scrape_interval": EVERY, "evaluation_interval": EVERY}
    config["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{metrics}"]}]
    config["scrape_configs"][0]["file_sd_configs"] = [{"files": [OTHERS], "refresh_interval": EVERY}]
    (place / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    text = (FOLDER / "rules.yml").read_text(encoding="utf-8")
    (place / "rules.yml").write_text(re.sub(r"\bfor: \w+", f"for: {EVERY}", text), encoding="utf-8")


def start(binary: str, place: Path) -> tuple[subprocess.Popen[bytes], Prometheus]:
    """Start it on a free port; on another one if somebody was faster."""
    while True:
        port = free_port()
        own = {"config.file": "prometheus.yml", "storage.tsdb.path": "data", "web.listen-address": f"127.0.0.1:{port}"}
        with (place / "log").open("wb") as log:
            command = [binary, *(f"--{name}={value}" for name, value in own.items())]
            process = subprocess.Popen(command, cwd=place, stdout=log, stderr=log)
        while READY not in (said := (place / "log").read_text(encoding="utf-8")):
            if process.poll() is not None:
                assert "address already in use" in said, said
                break
            time.sleep(0.1)
        else:
            return process, Prometheus(f"http://127.0.0.1:{port}", place)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
