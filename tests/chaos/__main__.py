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
from tests.chaos.faults import FAULTS
from tests.chaos.harness import Fault, Result
from tests.chaos.rig import Rig

COLUMNS = ("fault", "runs", "admitted", "lost", "duplicated", "work repeated", "seconds to recover")


def main() -> int:
    """Return 1 if anything was lost or is there twice."""
    arguments = _arguments()
    names = arguments.fault or [fault.name for fault in FAULTS]
    size = harness.SHORT if arguments.short else harness.LONG
    size = replace(size, articles=arguments.articles or size.articles)
    results: list[Result] = []
    with Rig() as rig:
        try:
            _say(_line(COLUMNS))
            _say(_line(["---"] * len(COLUMNS)))
            for fault in (one for one in FAULTS if one.name in names):
                some = [_run(fault, rig, size, arguments.first + number) for number in range(arguments.runs)]
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


def _run(fault: Fault, rig: Rig, size: harness.Size, number: int) -> Result:
    result = harness.run(fault, rig, size, number)
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {result.open_at_fault} open at the fault: {fault.name}\n")
    for problem in result.problems:
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {fault.name}: {problem}\n")
    return result


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--articles", type=int, help="articles of one run (2000, short 300)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each fault")
    parser.add_argument("--first", type=int, default=0, help="number of the first run: it says whose clock is wrong")
    parser.add_argument("--fault", action="append", choices=[fault.name for fault in FAULTS], help="only this one")
    parser.add_argument("--short", action="store_true", help="the sizes of the short form, which `make test` runs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
