"""What processes use, from /proc: CPU seconds and memory of whole process groups."""

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

TICKS: Final = os.sysconf("SC_CLK_TCK")
PROC: Final = Path("/proc")
EVERY_S: Final = 1.0
JIT: Final = "jit"
"""What Elasticsearch's compiler takes."""
GROUP: Final = 2
CPU: Final = slice(11, 15)
"""Fields 5 and 14-17 of /proc/<pid>/stat (proc(5)), counted from the one after the name: pgrp; utime, stime, cutime,
cstime. The children's are those that have ended and been waited for: none is counted twice."""


def cpu_s(groups: Mapping[str, int]) -> dict[str, float]:
    """Return the CPU seconds that each process group (by its leader's pid) has used, ended children included.

    Elasticsearch's is without its compiler, which is told as JIT: in the first ten minutes it takes up to half of all,
    and the more the more kinds of requests there are.
    """
    used: dict[int, float] = defaultdict(float)
    compiler = 0.0
    for process, fields in _processes():
        used[int(fields[GROUP])] += sum(map(int, fields[CPU])) / TICKS
        if int(fields[GROUP]) == groups.get("elasticsearch"):
            compiler += _compiler_s(process)
    named = {name: used[leader] for name, leader in groups.items()}
    return {**named, "elasticsearch": named["elasticsearch"] - compiler, JIT: compiler} if compiler else named


def _compiler_s(process: Path) -> float:
    """Return the CPU seconds of a JVM's compiler threads (HotSpot names them `C1 CompilerThread0` and the like)."""
    total = 0.0
    for thread in process.glob("task/*/stat"):
        with suppress(OSError):  # gone
            name, _, fields = thread.read_text().rpartition(")")
            total += sum(map(int, fields.split()[CPU][:2])) / TICKS if "CompilerThre" in name else 0.0
    return total


def pss_mb(groups: Mapping[str, int]) -> dict[str, float]:
    """Return the memory of each process group in MB: its own pages, and its share of shared ones (PSS)."""
    names = {leader: name for name, leader in groups.items()}
    used = dict.fromkeys(groups, 0.0)
    for process, fields in _processes():
        if name := names.get(int(fields[GROUP])):
            used[name] += _pss_kb(process) / 1024
    return used


def busy_s() -> float:
    """Return the CPU seconds that the whole machine has spent on anything (since its start)."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, PROC.joinpath("stat").read_text().split("\n")[0].split()[1:])
    return (user + nice + system + irq + softirq) / TICKS


def _processes() -> list[tuple[Path, list[str]]]:
    """Return every process with the fields of its stat after the name, which may hold spaces."""
    found = []
    for process in PROC.iterdir():
        if process.name.isdigit():
            with suppress(OSError):  # gone
                found.append((process, (process / "stat").read_text().rpartition(")")[2].split()))
    return found


def _pss_kb(process: Path) -> int:
    with suppress(OSError):
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


class Peaks:
    """Looks every second, in a thread, for the most memory that each group had while the context lasted."""

    def __init__(self, groups: Callable[[], Mapping[str, int]]) -> None:
        self.most: dict[str, float] = {}
        self.together = 0.0
        """The most that all but Elasticsearch and the page server had at one moment."""
        self._groups = groups
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._over.wait(EVERY_S):
            now = pss_mb(self._groups())
            self.most = {name: max(used, self.most.get(name, 0.0)) for name, used in now.items()}
            ours = sum(used for name, used in now.items() if name not in {"elasticsearch", "newsroom"})
            self.together = max(self.together, ours)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
