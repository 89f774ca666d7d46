"""A worker that cannot do its work says so instead of starting."""

import os
import subprocess
import sys
from pathlib import Path


def test_a_worker_refuses_to_start_without_a_contact(tmp_path: Path) -> None:
    """The message says what to set, and Redis has not been asked yet."""
    command = [sys.executable, "-m", "workers", "worker", "--queues", "fetch", "--pool", "solo"]
    env = {"PATH": os.environ["PATH"], "WARRAQ_HOME": str(tmp_path), "WARRAQ_REDIS_URL": "redis://127.0.0.1:9/0"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("warraq: WARRAQ_CONTACT_URL is ''")
