"""What the workers' table of queues requires of a deployment. Read by a command: deploy imports no workers."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Queue:
    """What a deployment must provide for one queue; `workers/queues.py` says what it is."""

    name: str
    longest_s: int
    """Its longest task's hard limit."""
    internet: bool
    command: list[str]
    """The worker's."""


@cache
def queues() -> list[Queue]:
    """Ask the workers' code."""
    table = subprocess.run([sys.executable, "-m", "workers.queues"], check=True, capture_output=True, text=True).stdout
    return [Queue(**one) for one in json.loads(table)]


def served(commands: Mapping[str, Sequence[str]], wanted: Sequence[Queue]) -> Iterator[str]:
    """Yield what is wrong with the workers of a deployment, given the command of each service: one for each queue."""
    for one in wanted:
        if one.name not in commands:
            yield f"{one.name}: nobody works on this queue of workers/queues.py"
        elif list(commands[one.name]) != one.command:
            yield f"{one.name}: command must be {' '.join(one.command)}"
    known = {one.name for one in wanted}
    workers = {name for name, words in commands.items() if "--queues" in words}
    yield from (f"{name}: workers/queues.py has no such queue" for name in sorted(workers - known))
