"""`warraq report`: for each source, what it listed on a day and what became of it. The sums must agree."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from ingest.ledger.record import State
from ingest.ledger.tally import Line
from ingest.since import since as moment
from workers.cli.console import Json, block, complain, emit, out
from workers.runtime import runtime
from workers.steps.report import settled
from workers.steps.source_names import names, with_removed


def report(
    *,
    day: Annotated[str, typer.Option(help="The day (UTC): 2026-07-01, yesterday, أمس.")] = "today",
    as_json: Json = False,
) -> None:
    """Show what each source listed on a day, and what became of it.

    Exit code 1 if a sum does not agree.
    """
    rt = runtime()
    date = f"{moment(day, rt.now()):%Y-%m-%d}"
    found = settled(rt, day=date)
    if not found and not as_json:
        out.print(f"nothing was listed on {date}")
    there = names(rt.sources)
    called = with_removed(there, rt.ledger, {one.source_id for one in found})
    for line in sorted(found, key=lambda one: (there.get(one.source_id, "\uffff"), one.source_id)):
        if as_json:
            emit(row(line))
        else:
            block(called[line.source_id], (line.source_id[:12], *lines_of(line)))
    problems = [f"{called[one.source_id]}: {why}" for one in found for why in one.problems()]
    for problem in problems:
        complain(problem)
    raise typer.Exit(1 if problems else 0)


def row(line: Line) -> dict[str, Any]:
    """Return a line for a program."""
    tally = line.tally
    return {
        "source_id": line.source_id,
        "polls": tally.polls,
        "failed_polls": tally.failed_polls,
        "listed": tally.listed,
        "known": tally.known,
        "changed": tally.changed,
        "drops": dict(tally.drops),
        "admitted": line.admitted,
        "unnoted": line.unnoted,
        **{str(state): line.count(state) for state in State},
        "reasons": {f"{state}: {reason}": count for (state, reason), count in line.ends.items() if reason},
        "documents": line.documents,
        "problems": list(line.problems()),
    }


def lines_of(line: Line) -> Iterator[str]:
    """Yield one source's lines: what was listed, what was admitted, and why the rest was not."""
    tally = line.tally
    parts = {
        "known": tally.known,
        "changed": tally.changed,
        "new": tally.admitted,
        "dropped": sum(tally.drops.values()),
    }
    failed = f", {tally.failed_polls} of {tally.polls} polls failed" if tally.failed_polls else ""
    yield f"{tally.listed} listed{_sum(parts)}{failed}"
    yield f"{line.admitted} admitted{_sum({str(state): line.count(state) for state in State})}"
    ends = {f"{state}, {reason}": count for (state, reason), count in line.ends.items() if reason}
    drops = {f"dropped, {reason}": count for reason, count in tally.drops.items()}
    unnoted = {"unnoted (their poll was killed)": line.unnoted} if line.unnoted else {}
    for why, count in {**ends, **drops, **unnoted}.items():
        yield f"  {why}: {count}"


def _sum(parts: Mapping[str, int]) -> str:
    sums = " + ".join(f"{count} {name}" for name, count in parts.items() if count)
    return f" = {sums}" if sums else ""
