"""Waiting for what must come, while services are away."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from workers.runtime import SERVICES

DEADLINE_S: Final = 240.0
PAUSE_S: Final = 0.5


def wait_for(reached: Callable[[], bool], seconds: float = DEADLINE_S, pause_s: float = PAUSE_S) -> bool:
    """Look until it is so; False when the deadline is over: what is wrong then, the check tells."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(*SERVICES):  # Redis or Elasticsearch is away, as it should be
            if reached():
                return True
        time.sleep(pause_s)
    return False


def wait_while_it_moves(left: Callable[[], int], still_s: float) -> bool:
    """Wait until nothing is left, however long it takes on a busy machine; False once it stands still."""
    counts = [left()]
    while counts[-1] and wait_for(lambda: left() < counts[-1], still_s):
        counts.append(left())
    return not counts[-1]
