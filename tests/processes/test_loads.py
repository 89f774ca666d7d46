"""What a worker's process loads."""

import subprocess
import sys

from deploy.local.places import CHECKOUT


def test_what_all_workers_load_has_neither_extraction_nor_feeds_in_it() -> None:
    """They would take 16 MB in each worker; `--include` loads them where they are needed."""
    command = [sys.executable, "-c", "import sys, workers.tasks; print(*sys.modules)"]
    loaded = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.split()
    assert "workers.steps.fetch" in loaded
    assert not {"lxml", "feedparser", "bs4", "trafilatura", "ingest.extract", "ingest.discover"} & set(loaded)
