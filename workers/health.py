"""`python -m workers.health`: is this container's process alive? Exit code 0 if its heartbeat file is young.

A file, not `celery inspect ping`: that one costs seconds of CPU and a busy solo pool never answers.
Imports nothing but the standard library, because it runs every few seconds.
"""

import os
import sys
import time
from pathlib import Path
from typing import Final

MAX_AGE_S: Final = 30.0
"""Workers send heartbeats every 5 s and beat publishes every second: after 30 s of silence a process is dead."""


def age_s(file: Path) -> float:
    """Return the seconds since the last heartbeat; infinite when there was none."""
    try:
        return time.time() - file.stat().st_mtime
    except OSError:
        return float("inf")


def main() -> int:
    """Return the exit code, and say why when it is not 0."""
    file = Path(os.environ.get("WARRAQ_HEARTBEAT_FILE", "/tmp/heartbeat"))  # noqa: S108  # the container's own tmpfs
    if (age := age_s(file)) <= MAX_AGE_S:
        return 0
    sys.stderr.write(f"last heartbeat {age:.0f} s ago ({file}); {MAX_AGE_S:.0f} s are allowed\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
