"""`warraq ingest`."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from ingest.ledger.record import State
from workers.cli.console import complain, ends_table, out, patience, refuse, warn
from workers.cli.rate import Left, Rate
from workers.runtime import runtime
from workers.steps.files import passed_over, size
from workers.steps.ingest import Work, admit_all, put_off
from workers.steps.patience import GaveUp, Patience
from workers.steps.watch import Counts, Watch

EVERY_S: Final = 0.5
READING: Final = "reading the listings"
ADMITTING: Final = "reading the files"
MB: Final = 2**20
INTERRUPTED: Final = 128 + 2
"""What a shell returns of a command that Ctrl-C has ended."""
BAR: Final = 12
"""Characters: rate and time left must fit beside it."""


def ingest(
    targets: Annotated[list[str], typer.Argument(metavar="PATH|URL…", help="Files, folders, feeds, articles.")],
    *,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for the last article.")] = 600,
    outage: Annotated[float, typer.Option(help="Seconds to wait for a service that is away, or full.")] = 600,
) -> None:
    """Take in files, folders, feeds and articles, and wait for them.

    Files are texts, saved pages and WARC. Exit code 1 if anything failed, or nothing was found.
    """
    if not all(target.strip() for target in targets):
        refuse("an empty name stands for no file: `.` is this folder")
    try:
        _ingest(targets, timeout, patience(outage))
    except KeyboardInterrupt:
        complain(f"stopped: what is admitted will be indexed; {AGAIN}")
        raise typer.Exit(INTERRUPTED) from None


def _ingest(targets: Sequence[str], timeout: float, patient: Patience) -> None:
    rt = runtime()
    work = _admit(targets, patient)
    _name_others(targets)
    for problem in work.problems:
        complain(problem)
    if work.stopped:
        complain(f"{work.stopped}. {len(work.ids)} articles are admitted and will be indexed; {AGAIN}")
        raise typer.Exit(1)
    if not work.ids and not work.sources:
        raise typer.Exit(1)
    watch = Watch([source for source, _ in work.sources])
    watch.add(work.ids)
    try:
        counts = follow(watch, listed=_listed(work), timeout=timeout, patient=patient)
        patient.run(rt.index.refresh)
        failures = patient.run(work.failed_polls, rt)
        listed = patient.run(work.count_listed, rt)
    except GaveUp as error:
        complain(f"{error}. {len(work.ids)} articles are admitted and will be indexed; `warraq status` shows them")
        raise typer.Exit(1) from error
    out.print(ends_table(counts, "what became of it"))
    for source, why in failures:
        complain(f"{source.url}: {why}")
    if not counts and listed:
        out.print(f"{listed} listed, and none of them is new: other sources brought them")
    elif not counts and not failures and not work.problems:
        complain("nothing was found there")
    bad = {State.FAILED, State.PENDING}
    if not (counts or listed) or failures or work.problems or any(state in bad for state, _ in counts):
        raise typer.Exit(1)


def _name_others(targets: Sequence[str]) -> None:
    """Say which documents in folders are not read: nobody should miss their texts without a word."""
    for target in targets:
        if found := passed_over(Path(target)):
            kinds = ", ".join(f"{count} {end}" for end, count in sorted(found.items()))
            warn(f"{target}: not read are {kinds}; save them as text (.txt, UTF-8) or as web pages (.html)")


def _admit(targets: Sequence[str], patient: Patience) -> Work:
    """Admit all targets, and show how much of their files has been read and what has become of their articles."""
    rt, watch = runtime(), Watch()
    total = sum(size(Path(target)) for target in targets if "://" not in target)
    with progress_bar(transient=True) as progress:
        bar = progress.add_task(ADMITTING, total=-(-total // MB) or None, unit=" MB")

        def each(ids: Sequence[str], read: int) -> None:
            watch.add(ids)
            counts = patient.run(watch.look, rt)
            progress.update(bar, description=line(counts, before=ADMITTING), completed=read // MB)

        return admit_all(rt, targets=targets, patience=patient, each=each)


def _listed(work: Work) -> Callable[[], bool]:
    """Return what tells whether all listings have been read, and says once of each why it has to wait."""
    rt, told = runtime(), set[str]()

    def listed() -> bool:
        unread = work.unread(rt)
        waits = {source.url: why for source, poll in unread if (why := put_off(poll, rt.now()))}
        for url in sorted(waits.keys() - told):
            warn(f"{url} is not read yet{waits[url]}")
        told.update(waits)
        return not unread

    return listed


AGAIN: Final = "run the same command again to go on: what is admitted is not admitted twice"


def follow(
    watch: Watch, *, listed: Callable[[], bool], timeout: float, patient: Patience, before: str = READING
) -> Counts:
    """Show a progress bar until every article has ended, or the time is over; return the counts by state and reason.

    Raises GaveUp when a service is away for too long.
    """
    rt, deadline = runtime(), time.monotonic() + timeout
    with progress_bar() as progress:
        bar = progress.add_task(before, total=None)
        while True:
            all_listed = patient.run(listed)  # before the counts: what a listing brings must be among them
            counts = patient.run(watch.look, rt)
            ended = sum(count for (state, _), count in counts.items() if state != State.PENDING)
            progress.update(
                bar, description=line(counts, before=before), completed=ended, total=sum(counts.values()) or None
            )
            over = all_listed and ended == sum(counts.values())
            if over or time.monotonic() > deadline:
                return counts
            time.sleep(EVERY_S)


def progress_bar(*, transient: bool = False) -> Progress:
    """Return a bar of articles that have ended among those that are known, how many a second, and the time left.

    A transient one leaves nothing behind.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(BAR),
        MofNCompleteColumn(),
        Rate(),
        Left(compact=True),
    )
    return Progress(*columns, console=out, transient=transient)


def line(counts: Counts, *, before: str) -> str:
    """Return the counts by state as one line; what is being done as long as there are none."""
    by_state: dict[str, int] = {}
    for (state, _), count in counts.items():
        by_state[state] = by_state.get(state, 0) + count
    return " ".join(f"{state} {by_state[state]}" for state in State if state in by_state) or before
