"""What a worker's process loads."""

import subprocess
import sys

import pytest

from deploy.local.places import CHECKOUT
from workers.celery_ext.lean import ASYNC, UNUSED

ARTICLES = {"elasticsearch", "workers.steps"}
WEB = {"uvicorn", "starlette", "tornado", "jinja2"}
PAGES = {"lxml", "feedparser", "bs4", "trafilatura", "ingest.extract", "ingest.discover"}
STARTED = """
import runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_module(sys.argv[0], run_name="__main__")
except SystemExit:
    print(*sys.modules)
"""


def test_what_all_workers_load_has_neither_extraction_nor_feeds_in_it() -> None:
    """They would take 16 MB in each worker; `--include` loads them where they are needed."""
    command = [sys.executable, "-c", "import sys, workers.tasks; print(*sys.modules)"]
    loaded = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.split()
    assert "workers.steps.fetch" in loaded
    assert not {"lxml", "feedparser", "bs4", "trafilatura", "ingest.extract", "ingest.discover"} & set(loaded)


@pytest.mark.parametrize(
    ("module", "command", "needed", "spared"),
    [
        ("workers", "worker", {"elasticsearch", "workers.steps.fetch"}, WEB | PAGES),
        ("workers", "beat", {"celery.bin.beat"}, ARTICLES | WEB | PAGES),
        ("workers", "flower", {"flower.command"}, ARTICLES | PAGES),
        ("workers", "metrics", {"elasticsearch"}, WEB | PAGES),
        ("workers.desk", "", {"uvicorn", "elasticsearch"}, {"celery", "kombu", "tornado"}),
    ],
)
def test_a_process_loads_its_own_libraries_and_none_that_merely_lie_there(
    module: str, command: str, needed: set[str], spared: set[str]
) -> None:
    """Each costs every process that loads it megabytes: 14 MB those of `lean` alone."""
    asked = [sys.executable, "-c", STARTED, module, *command.split(), "--help"]
    loaded = set(subprocess.run(asked, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.split())
    assert needed <= loaded
    assert not (spared | set(UNUSED) | {f"{ASYNC}.indices"}) & loaded
