"""`make test` on two cores: folders that only compute are run by a second pytest, whose reports count as our own.

The tests of the stack wait for it: they are the ones that other work on the machine disturbs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

END = "the end"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--beside", action="append", default=[], help="a folder for the second pytest; may be repeated")
    parser.addoption("--reports", help="a file for all reports: what the second pytest is told")


def pytest_configure(config: pytest.Config) -> None:
    if folders := config.getoption("--beside"):
        config.pluginmanager.register(Beside(config, folders))
    if file := config.getoption("--reports"):
        config.pluginmanager.register(Told(config, Path(file)))


class Told:
    """In the second pytest: writes every report down."""

    def __init__(self, config: pytest.Config, file: Path) -> None:
        self._config = config
        self._file = file.open("w", encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        print(json.dumps(data), file=self._file, flush=True)

    def pytest_sessionfinish(self) -> None:
        print(json.dumps(END), file=self._file, flush=True)


class Beside:
    """In the first: starts the second, leaves its folders to it, and takes over its reports."""

    def __init__(self, config: pytest.Config, folders: list[str]) -> None:
        self._config = config
        self._folders = [config.rootpath / folder for folder in folders]
        self._place = TemporaryDirectory()
        self._reports, self._output = (Path(self._place.name, name) for name in ("reports", "output"))
        plugins = ["-p", "no:cacheprovider", "-p", __name__]
        command = [sys.executable, "-m", "pytest", "-q", *plugins, "--reports", str(self._reports), *folders]
        self._reports.touch()
        with self._output.open("wb") as output:
            environment = {**os.environ, "COLUMNS": "120"}
            self._process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        self._is_over = False

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Ignore what is in the folders; the folders themselves are named, so they are collected all the same."""
        return True if any(map(collection_path.is_relative_to, self._folders)) else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        if item.get_closest_marker("stack"):
            self._take_over(item.session)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Take the reports over before it is judged whether a test has failed."""
        done = yield
        self._take_over(session)
        return done

    def pytest_unconfigure(self) -> None:
        self._process.kill()
        self._place.cleanup()

    def _take_over(self, session: pytest.Session) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._process.wait()
        *told, end = [None, *map(json.loads, self._reports.read_text("utf-8").splitlines())]
        if end != END or self._process.returncode not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
            raise pytest.UsageError(
                f"the second pytest did not come to its end:\n{self._output.read_text('utf-8')[-5000:]}"
            )
        reports = list(map(self._report, told[1:]))
        session.testscollected += len({report.nodeid for report in reports})
        for report in reports:
            self._config.hook.pytest_runtest_logreport(report=report)

    def _report(self, data: object) -> pytest.TestReport:
        report: pytest.TestReport = self._config.hook.pytest_report_from_serializable(config=self._config, data=data)
        if isinstance(report.longrepr, list):
            report.longrepr = tuple(report.longrepr)  # where a test was skipped, and why: JSON knows lists only
        return report
