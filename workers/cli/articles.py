"""`warraq ingest`."""

import time
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from ingest.ledger.record import State
from workers.cli.console import complain, ends_table, out
from workers.runtime import runtime
from workers.steps.ingest import Work, admit_path, admit_url

EVERY_S: Final = 0.5


def ingest(
    targets: Annotated[list[str], typer.Argument(metavar="PATH|URL…", help="Files, folders, feeds, articles.")],
    timeout: Annotated[float, typer.Option(help="Seconds to wait for the last article.")] = 600,
) -> None:
    """Take in files (text, saved pages, WARC), folders of them, feeds and articles; wait until each has ended.

    Exit code 1 if anything failed.
    """
    rt = runtime()
    work = Work()
    for target in targets:
        work += admit_url(rt, target) if "://" in target else admit_path(rt, Path(target))
    for problem in work.problems:
        complain(problem)
    counts = watch(work, timeout)
    rt.index.refresh()
    out.print(ends_table(counts, "what became of it"))
    failures = [f"{source.url}: {error}" for source, error in work.failed_polls(rt)]
    for failure in failures:
        complain(failure)
    bad = {State.FAILED, State.PENDING}
    if failures or work.problems or any(state in bad for state, _ in counts):
        raise typer.Exit(1)


def watch(work: Work, timeout: float) -> dict[tuple[str, str], int]:
    """Show a progress bar until every article has ended, or the time is over; return the counts by state and reason."""
    rt, deadline = runtime(), time.monotonic() + timeout
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out) as progress:
        bar = progress.add_task("reading the listings", total=None)
        while True:
            listed = work.listed(rt)  # before the counts: what a listing brings must be among them
            counts = work.counts(rt)
            ended = sum(count for (state, _), count in counts.items() if state != State.PENDING)
            progress.update(bar, description=_line(counts), completed=ended, total=sum(counts.values()) or None)
            over = listed and ended == sum(counts.values())
            if over or time.monotonic() > deadline:
                return counts
            time.sleep(EVERY_S)


def _line(counts: dict[tuple[str, str], int]) -> str:
    by_state: dict[str, int] = {}
    for (state, _), count in counts.items():
        by_state[state] = by_state.get(state, 0) + count
    return " ".join(f"{state} {by_state[state]}" for state in State if state in by_state) or "reading the listings"
