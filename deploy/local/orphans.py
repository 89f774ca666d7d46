"""Leftovers of a crash: processes of this stack whose supervisor is gone, still holding ports and files.

Every process carries WARRAQ_STACK=<home> in its environment, and so do its children whatever they become; a pid file
would name only the first of them, and may name a stranger after a reboot.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.errors import LocalStackError

_PROC = Path("/proc")
_PATIENCE_S = 10.0  # Elasticsearch closes in 0.5 s, a worker hands back its tasks in about one


def find(place: Path, proc: Path = _PROC) -> list[int]:
    """Return the pids that carry the mark; a zombie's environment is empty, so it does not count."""
    mark = f"WARRAQ_STACK={place}".encode()
    pids = [int(entry.name) for entry in proc.iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if pid != os.getpid() and mark in _environment(proc / str(pid))]


def _environment(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:  # gone, or another user's
        return []


def end(place: Path, say: Callable[[str], None]) -> None:
    """End them: SIGTERM first (Redis saves, Elasticsearch closes), SIGKILL for those that stay."""
    leftovers = find(place)
    if not leftovers:
        return
    count = len(leftovers)
    say(f"ending {count} {'process' if count == 1 else 'processes'} that no supervisor looks after any more")
    for number in (signal.SIGTERM, signal.SIGKILL):
        _signal(leftovers, number)
        deadline = time.monotonic() + _PATIENCE_S
        while (leftovers := find(place)) and time.monotonic() < deadline:
            time.sleep(0.05)
    if leftovers:
        raise LocalStackError(f"the processes {leftovers} of an earlier run do not end, not even by SIGKILL; see `ps`")


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
