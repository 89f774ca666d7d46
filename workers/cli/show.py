"""`warraq show`: the history of one article, every step with its time."""

from typing import Annotated

import typer
from rich.table import Column
from rich.text import Text

from workers.cli.console import Json, arabic, complain, emit, out, table
from workers.runtime import runtime
from workers.steps.story import Story, story


def show(
    article: Annotated[str, typer.Argument(help="Its id, the first 12 digits, or its address.")],
    *,
    as_json: Json = False,
) -> None:
    """Show the history of one article, step by step."""
    found = story(runtime(), article=article)
    if found is None:
        complain(f"{article}: no such article was ever admitted")
        raise typer.Exit(1)
    if as_json:
        emit(found)
    else:
        _show(found)


def _show(found: Story) -> None:
    events = table(Column("step", no_wrap=True), Column("time (UTC)", no_wrap=True), Column("what", overflow="fold"))
    for event in found.events:
        events.add_row(event.what, f"{event.at:%Y-%m-%d %H:%M:%S}" if event.at else "", Text(event.detail))
    tries = f"{found.attempts} tries again, {found.starts} starts without an end, version {found.version}"
    out.print(arabic(found.title))
    out.print(events)
    why = f": {found.reason} {found.detail}".rstrip() if found.reason else ""
    out.print(Text(f"{found.state}{why}", style="bold"))
    out.print(f"last step: {found.stage}, {tries}")
    if found.in_redis:
        out.print(f"in Redis: {found.in_redis}")
