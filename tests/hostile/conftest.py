"""The hostile server and the worker, once for all cases; what every outcome is checked for."""

import json
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.case import Case
from tests.hostile.server import HostileServer
from tests.hostile.table import CASES

ROOT = Path(__file__).parents[2]
DEADLINE_S = 60
"""Of one job, in a worker whose fetches have 3 s: more is a hang."""
CPU_S = 10
"""Of one job: seconds on the wall would be the other processes' as well."""
MEMORY_MB = 300


class Worker:
    """The process of worker.py."""

    def __init__(self, site: HostileServer, python: tuple[str, ...] = (sys.executable,)) -> None:
        self._site = site
        self._python = python
        self._process = self._started()

    def fate(self, case: Case, **more: Any) -> dict[str, Any]:
        """Return the report on a case, checked for what holds for each: alive, in time, within its memory."""
        port = str(self._site.port)
        url = case.url.replace("{site}", f"http://127.0.0.1:{port}").replace("{port}", port)
        job = {"url": url or f"http://127.0.0.1:{port}{case.path}", "kind": case.kind, "headers": dict(case.headers)}
        if case.pinned:
            job["pinned"] = [line.replace("{port}", port) for line in case.pinned]
        if case.limits:
            job["limits"] = dict(case.limits)
        return self.do({**job, **more})

    def do(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return the report on a job."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(job), file=self._process.stdin, flush=True)
        ready, _, _ = select.select([self._process.stdout], [], [], DEADLINE_S)
        if not ready:  # its late answer must not be taken for the next one's
            self._process.kill()
            self.end()
            self._process = self._started()
        assert ready, f"the worker hangs on {job}"
        line = self._process.stdout.readline() if self._process.stdout else ""
        assert line, f"the worker died of {job}"
        told: dict[str, Any] = json.loads(line)
        assert told["peak_mb"] < MEMORY_MB, job
        assert told["cpu_s"] < CPU_S, job
        return told

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self._python, "-m", "tests.hostile.worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def end(self) -> None:
        """Let it end: its input is over."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(DEADLINE_S)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def site() -> Iterator[HostileServer]:
    server = HostileServer({case.path: case.answer for case in CASES if case.answer})
    yield server
    server.close()


@pytest.fixture(scope="session")
def worker(site: HostileServer) -> Iterator[Worker]:
    running = Worker(site)
    yield running
    running.end()
