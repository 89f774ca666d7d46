"""A process whose loop has stopped ends itself; one that is asked to end is left in peace."""

import subprocess
import sys

from workers.celery_ext.watchdog import EXIT

HANGS = """
import atexit, time
from workers.celery_ext.watchdog import Watchdog
dog = Watchdog(stuck_s={stuck_s})
dog.watch()
{before}
atexit.register(time.sleep, {seconds})
"""


def run(before: str, seconds: float, stuck_s: float) -> "subprocess.CompletedProcess[str]":
    code = HANGS.format(before=before, seconds=seconds, stuck_s=stuck_s)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


def test_a_process_that_hangs_at_its_end_ends() -> None:
    done = run("", seconds=30, stuck_s=0.2)
    assert done.returncode == EXIT
    assert "no heartbeat" in done.stderr


def test_one_that_was_asked_to_end_takes_its_time() -> None:
    assert run("dog.dismiss()", seconds=1.5, stuck_s=0.5).returncode == 0
