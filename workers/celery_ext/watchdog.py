"""Ends a worker whose loop has stopped, so that compose or supervisor starts a new one.

Docker restarts what exits, not what is unhealthy, and Celery can hang at its end: a `process` worker that a full Redis
had killed waited endlessly, in billiard's clean-up at exit, for a child that was gone (found by the chaos suite).
"""

import os
import threading
import time
from collections.abc import Callable
from typing import Final

from workers.health import MAX_AGE_S

LOOKS: Final = 6
"""How often it looks until the longest silence is over: all that a late look costs is that a hang lasts longer."""
EXIT: Final = 70
"""EX_SOFTWARE of sysexits.h."""


class Watchdog:
    """Heartbeats of one process, and its end when they stop; a warm shutdown takes as long as its tasks need."""

    def __init__(self, stuck_s: float = MAX_AGE_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._stuck_s = stuck_s
        self._clock = clock
        self._last = clock()
        self._dismissed = False

    def beat(self) -> None:
        """Record that the loop is alive."""
        self._last = self._clock()

    def dismiss(self) -> None:
        """Stop watching: whoever asked the process to end has a time limit of their own."""
        self._dismissed = True

    def stuck(self) -> bool:
        """Return whether the process must end."""
        return not self._dismissed and self._clock() - self._last > self._stuck_s

    def watch(self) -> None:
        """Check now and then, in a thread that does not depend on the loop."""
        self.beat()
        threading.Thread(target=self._look, name="watchdog", daemon=True).start()

    def _look(self) -> None:
        while not self.stuck():
            time.sleep(self._stuck_s / LOOKS)
        os.write(2, f"warraq: no heartbeat for {self._stuck_s:.0f} s, this worker ends itself\n".encode())
        os._exit(EXIT)  # nothing else ends a process that hangs in its own clean-up
