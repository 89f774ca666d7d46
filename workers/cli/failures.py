"""`warraq failures`: what did not get in, and why."""

from typing import Annotated

import typer
from rich.table import Column
from rich.text import Text

from ingest.ledger.record import Stage
from workers.cli.console import SOURCE_HELP, Json, block, emit, isolated, out, table
from workers.runtime import runtime
from workers.steps.failures import ENDS, Group, groups, newest
from workers.steps.sources import ids_of
from workers.steps.summary import Summary
from workers.store.selection import Selection


def failures(
    *,
    reason: Annotated[str, typer.Option(help="List those with this reason.")] = "",
    source: Annotated[str, typer.Option(help=SOURCE_HELP)] = "",
    stage: Annotated[Stage | None, typer.Option(help="List those that ended in this step.")] = None,
    size: Annotated[int, typer.Option(help="How many of them, the newest.", min=1)] = 50,
    as_json: Json = False,
) -> None:
    """Show what failed or was rejected, and why.

    Counted by stage, reason and source, or, with an option, the articles themselves.
    """
    rt = runtime()
    which = Selection(states=ENDS, reason=reason, source_ids=ids_of(rt, named=source), stage=stage)
    found = newest(rt, which=which, size=size) if reason or source or stage else groups(rt, which=which)
    if as_json:
        for one in found:
            emit(one)
        return
    if not found:
        out.print("nothing failed or was rejected" + (" that fits these options" if reason or source or stage else ""))
    if counted := [one for one in found if isinstance(one, Group)]:
        _show_groups(counted)
    for one in found:
        if isinstance(one, Summary):
            block(f"{one.id[:12]}  {one.state}: {one.reason}", filter(None, (one.url, one.detail)))


def _show_groups(found: list[Group]) -> None:
    groups = table(
        Column("articles", justify="right", no_wrap=True), Column("state", no_wrap=True), Column("stage", no_wrap=True)
    )
    groups.add_column("reason", overflow="fold")
    groups.add_column("source", overflow="fold")
    for one in found:
        groups.add_row(str(one.articles), one.state, one.stage, Text(one.reason), isolated(one.source))
    out.print(groups)
