"""`python -m tests.chaos`: everything is killed, and the table of what was lost is printed as Markdown."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from deploy.local import places

os.environ.setdefault("WARRAQ_HOME", f"{places.home()}-chaos")  # before the settings are read: never a person's stack

from tests.chaos import harness
from tests.chaos.faults import FAULTS, GROUPS
from tests.chaos.harness import Fault, Result
from tests.chaos.rig import Rig

COLUMNS = ("fault", "runs", "admitted", "lost", "duplicated", "work repeated", "seconds to recover")


def main() -> int:
    """Return 1 if anything was lost or is there twice."""
    arguments = _arguments()
    groups: Iterable[Sequence[Fault]] = [[fault] for fault in FAULTS if fault.name in (arguments.fault or [fault.name])]
    if arguments.group:
        groups = [GROUPS[name] for name in arguments.group]
    size = harness.SHORT if arguments.short else harness.LONG
    size = replace(size, articles=arguments.articles or size.articles, replayed=arguments.replayed or size.replayed)
    results: list[Result] = []
    with Rig() as rig:
        try:
            _say(_line(COLUMNS))
            _say(_line(["---"] * len(COLUMNS)))
            for faults in groups:
                count = 1 if any(fault.once for fault in faults) else arguments.runs
                runs = [_run(faults, rig, size, arguments.first + number) for number in range(count)]
                for some in zip(*runs, strict=True):
                    _say(row(some))
                    results += some
        finally:
            rig.stop()
    return int(any(one.lost or one.duplicated or one.problems for one in results))


def row(results: Sequence[Result]) -> str:
    """Write the line of one fault: sums, and the slowest recovery."""
    sums = (
        sum(one.admitted for one in results),
        sum(one.lost for one in results),
        sum(one.duplicated for one in results),
        sum(one.repeated_fetches for one in results),
    )
    cells = (results[0].fault, len(results), *sums, f"{max(one.recovery_s for one in results):.1f}")
    return _line(cells)


def _line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _run(faults: Sequence[Fault], rig: Rig, size: harness.Size, number: int) -> list[Result]:
    began = time.monotonic()
    results = harness.run(faults, rig, size, number)
    for result in results:
        _log(f"{result.open_at_fault} open at the fault: {result.fault}")
        for problem in result.problems:
            _log(f"{result.fault}: {problem}")
    _log(f"{time.monotonic() - began:.0f} s")
    return results


def _log(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--articles", type=int, help="articles of one run (2000, short 150)")
    parser.add_argument("--replayed", type=int, help="stored articles that are replayed (100000, short 500)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each fault")
    parser.add_argument("--first", type=int, default=0, help="number of the first run: it says whose clock is wrong")
    parser.add_argument("--fault", action="append", choices=[fault.name for fault in FAULTS], help="only this one")
    parser.add_argument("--group", action="append", choices=GROUPS, help="only these, on the same stack at once")
    parser.add_argument("--short", action="store_true", help="the sizes of the short form, which `make test` runs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
