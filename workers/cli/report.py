"""`warraq report`: for each source, what it listed on a day and what became of it. The sums must agree."""

import json
import time
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.table import Column, Table
from rich.text import Text

from ingest.ledger.record import State
from ingest.ledger.tally import Line, lines
from workers.cli.console import complain, out
from workers.runtime import Runtime, runtime

LOOKS: Final = 5
"""Looks before a sum is called wrong: work goes on between two questions to Elasticsearch."""
PAUSE_S: Final = 1.0


def report(
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day (UTC), else today.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each source.")] = False,  # noqa: FBT002
) -> None:
    """Show for each source what a day's listings named and what became of it. Exit code 1 if a sum does not agree."""
    rt = runtime()
    found = settled(rt, f"{day or rt.now():%Y-%m-%d}")
    names = {source.id: source.name or source.url for source, _ in rt.sources.all()}
    if as_json:
        for line in found:
            out.print(Text(json.dumps(row(line), ensure_ascii=False)), soft_wrap=True)
    else:
        out.print(_table(found, names))
    problems = [f"{names.get(one.source_id, one.source_id)}: {why}" for one in found for why in one.problems()]
    for problem in problems:
        complain(problem)
    raise typer.Exit(1 if problems else 0)


def settled(rt: Runtime, day: str) -> list[Line]:
    """Return the lines of a day, looked at again while a sum does not agree."""
    for look in range(LOOKS):
        time.sleep(PAUSE_S if look else 0)
        found = ask(rt, day)
        if not any(problem for line in found for problem in line.problems()):
            break
    return found


def ask(rt: Runtime, day: str) -> list[Line]:
    """Return the lines of a day as they are now."""
    for part in (rt.tallies, rt.index, rt.ledger):
        part.refresh()
    admitted: dict[str, Any] = {"range": {"admitted_at": {"gte": day, "lte": day}}}
    indexed = {"bool": {"filter": [admitted, {"exists": {"field": "indexed_at"}}]}}
    return lines(
        day,
        rt.tallies.of_day(day),
        admitted={source: n for (source,), n in rt.ledger.grouped(admitted, "source_id").items()},
        ends={(state, reason, source): n for (state, reason, source), n in rt.ledger.grouped(admitted, *ENDS).items()},
        called_indexed={source: n for (source,), n in rt.ledger.grouped(indexed, "source_id").items()},
        documents=rt.index.documents_by_source(admitted),
    )


ENDS: Final = ("state", "reason", "source_id")


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


def _table(found: list[Line], names: dict[str, str]) -> Table:
    table = Table(Column("source", overflow="fold"), title="listed, and what became of it")
    for name in ("listed", "known", "dropped", "admitted", *State):
        table.add_column(str(name), justify="right")
    table.add_column("why", overflow="fold")
    for line in found:
        counts = (
            line.tally.listed,
            line.tally.known + line.tally.changed,
            sum(line.tally.drops.values()),
            line.admitted,
            *(line.count(state) for state in State),
        )
        table.add_row(Text(names.get(line.source_id, line.source_id[:12])), *map(str, counts), Text(_why(line)))
    return table


def _why(line: Line) -> str:
    ends = {f"{state} {reason}": count for (state, reason), count in line.ends.items() if reason}
    drops = {f"dropped {reason}": count for reason, count in line.tally.drops.items()}
    unnoted = {"unnoted (their poll was killed)": line.unnoted} if line.unnoted else {}
    return ", ".join(f"{why} {count}" for why, count in {**ends, **drops, **unnoted}.items())
