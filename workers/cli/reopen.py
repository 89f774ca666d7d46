"""`warraq retry` and `warraq replay`: ended articles once more."""

import shlex
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from ingest.ledger.record import State
from ingest.since import since as moment
from workers.cli.articles import follow, line, progress_bar
from workers.cli.console import SOURCE_HELP, complain, ends_table, out, patience, refuse
from workers.runtime import Runtime, runtime
from workers.steps import reopen
from workers.steps.failures import ENDS
from workers.steps.patience import GaveUp, Patience
from workers.steps.reopen import Reopened
from workers.steps.sources import ids_of
from workers.steps.story import find
from workers.steps.watch import Watch
from workers.store.selection import Selection

ALL: Final = (State.INDEXED, State.DUPLICATE, *ENDS)
READING: Final = "reading the ledger"
Since = Annotated[str, typer.Option(help="Only what ended since then: 2026-07-01, 7d, yesterday, أمس (UTC).")]
Before = Annotated[str, typer.Option(help="Only what ended before then: what a stopped run tells to go on with.")]
Outage = Annotated[float, typer.Option(help="Seconds to wait for a service that is away, or full.")]


def retry(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids, their first 12 digits, or addresses.")] = None,
    *,
    reason: Annotated[str, typer.Option(help="All that failed for this reason.")] = "",
    source: Annotated[str, typer.Option(help=SOURCE_HELP)] = "",
    before: Before = "",
    outage: Outage = 600,
) -> None:
    """Take failed or rejected articles to work again. Exit code 1 if there was none, or one of those named is none."""
    if not (ids or reason or source):
        refuse("retry what? Name ids, a --reason or a --source; `warraq failures` shows them")
    rt = runtime()
    until = moment(before, rt.now()) if before else None
    patient = patience(outage)
    sources = patient.run(ids_of, rt, named=source)
    found = tuple(key for one in ids or () if (key := patient.run(_ended, rt, one)))
    if ids and not found:
        raise typer.Exit(1)
    which = Selection(states=ENDS, ids=found, reason=reason, source_ids=sources, before=until)
    done = reopen.retry(rt, which=which, patience=patient)
    out.print(f"articles reopened: {done.count}")
    if done.count:
        out.print("`warraq status` shows how many are under way, `warraq failures` what fails again")
    _tell_of_others(done)
    if done.stopped:
        _tell_how_to_go_on(done, "retry", *(ids or ()), *_option("--reason", reason), *_option("--source", source))
    raise typer.Exit(0 if done.count and not done.stopped and len(found) == len(ids or ()) else 1)


def _ended(rt: Runtime, article: str) -> str:
    """Return the id of an article that failed or was rejected; '' of any other, and say what it is."""
    record = find(rt, article)
    if record is None:
        complain(f"{article!r}: no such article, or several whose ids begin so")
    elif record.state not in ENDS:
        complain(f"{article!r} is {record.state}: only what failed or was rejected is tried again")
    return record.id if record and record.state in ENDS else ""


def replay(
    *,
    since: Since = "",
    source: Annotated[str, typer.Option(help=SOURCE_HELP)] = "",
    failed: Annotated[bool, typer.Option("--failed", help="Only what failed or was rejected.")] = False,
    before: Before = "",
    timeout: Annotated[float, typer.Option(help="Seconds to wait for the last; it goes on without us.")] = 86_400,
    outage: Outage = 600,
) -> None:
    """Process stored pages again, without a fetch.

    Good for what a change of extraction, repair or site rules makes of them. Exit code 1 if not all are done in time.
    """
    rt, patient, watch = runtime(), patience(outage), Watch()
    which = Selection(
        states=ENDS if failed else ALL,
        source_ids=patient.run(ids_of, rt, named=source),
        since=moment(since, rt.now()) if since else None,
        before=moment(before, rt.now()) if before else None,
    )
    with progress_bar(transient=True) as progress:
        bar = progress.add_task("", total=None)

        def each(ids: Sequence[str]) -> None:
            watch.add(ids)
            progress.update(bar, description=line(patient.run(watch.look, rt), before=READING))

        done = reopen.replay(rt, which=which, patience=patient, each=each)
    _tell_of_others(done)
    if done.stopped:
        since_then = which.since.isoformat() if which.since else ""
        out.print(f"{done.count} pages go to be processed again")
        options = (*_option("--since", since_then), *_option("--source", source), *(("--failed",) if failed else ()))
        _tell_how_to_go_on(done, "replay", *options)
        raise typer.Exit(1)
    _follow(watch, done, timeout=timeout, patient=patient)


def _follow(watch: Watch, done: Reopened, *, timeout: float, patient: Patience) -> None:
    """Wait for the pages that are processed again, and show what became of them."""
    try:
        counts = follow(watch, listed=lambda: True, timeout=timeout, patient=patient, before=READING)
    except GaveUp as error:
        complain(f"{error}. {done.count} pages go to be processed again; `warraq status` shows them")
        raise typer.Exit(1) from error
    out.print(ends_table(counts, f"{done.count} pages processed again"))
    if late := sum(count for (state, _), count in counts.items() if state == State.PENDING):
        complain(f"{late} are not done after {timeout:.0f} s; `warraq status` shows them")
        raise typer.Exit(1)


def _option(name: str, value: str) -> tuple[str, ...]:
    return (name, value) if value else ()


def _tell_of_others(done: Reopened) -> None:
    if done.unable:
        complain(f"{done.unable} stay as they are: no page of them is stored, or not any more (WARRAQ_KEEP_…_DAYS)")


def _tell_how_to_go_on(done: Reopened, *command: str) -> None:
    again = shlex.join(("warraq", *command, "--before", done.before.isoformat()))
    complain(f"{done.stopped}. The others are as they were; go on with\n{again}")
