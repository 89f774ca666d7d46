"""`warraq story` and `warraq stories`."""

from datetime import UTC
from typing import Annotated, Final

import typer
from rich.table import Column
from rich.text import Text

from ingest.since import since as moment
from workers.cli.articles import progress_bar
from workers.cli.console import Json, arabic, complain, emit, out, refuse, span, table
from workers.runtime import runtime
from workers.steps import ungrouped
from workers.steps.stories import Telling, Told, largest, told
from workers.steps.story import find

SHOWN: Final = 4
"""Changed sentences that are shown of one article; `--json` has them all."""
SIZE: Final = 20
SIGNS: Final = {"added": "+", "removed": "-"}

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="Stories that several articles tell.", invoke_without_command=True
)


def story(
    article: Annotated[str, typer.Argument(help="An article's id, the first 12 digits, or its address.")],
    *,
    as_json: Json = False,
) -> None:
    """Show who had a story when, who copied whom, and what each changed."""
    rt = runtime()
    found = told(rt, article=article)
    if found is None:
        known = find(rt, article)
        why = (
            "no other article tells the same, or it is not indexed yet"
            if known
            else "no such article was ever admitted"
        )
        complain(f"{article}: {why}")
        raise typer.Exit(1)
    if as_json:
        emit(found)
    else:
        _show(found)


@app.callback()
def stories(
    context: typer.Context,
    *,
    day: Annotated[
        str, typer.Option(help="The day on which they began: 2026-07-01, yesterday, أمس (UTC); else today.")
    ] = "",
    size: Annotated[int, typer.Option(help="How many stories.", min=1, max=1000)] = SIZE,
    as_json: Json = False,
) -> None:
    """List the largest stories of a day, by independent publishers."""
    if context.invoked_subcommand:
        if day or as_json or size != SIZE:
            refuse("`warraq stories rebuild` is of all stories: leave out --day, --size and --json")
        return
    rt = runtime()
    began = moment(day or "today", rt.now()).astimezone(UTC)
    found = largest(rt, day=f"{began:%Y-%m-%d}", size=size)
    for one in found if as_json else ():
        emit(one)
    if not found:
        complain(f"no story of several articles began on {began:%Y-%m-%d} (UTC); `--day` names another")
        raise typer.Exit(1)
    if not as_json:
        rows = table(
            Column("publishers", justify="right"), Column("articles", justify="right"), "first (UTC)", "story", "id"
        )
        for one in found:
            first = f"{one.story.first_at.astimezone(UTC):%H:%M} {one.story.first_publisher}"
            rows.add_row(
                f"{one.story.publishers}", f"{one.story.articles}", first, arabic(one.title), one.story.id[:12]
            )
        out.print(rows)


@app.command()
def rebuild() -> None:
    """Have every document compared that is not, or was by other rules. Killed, it goes on where it was."""
    with progress_bar() as progress:
        bar = progress.add_task("comparing", total=None)
        for at in ungrouped.rebuild(runtime()):
            waiting = f"{at.waiting} wait" if at.waiting else "comparing"
            progress.update(bar, description=waiting, completed=at.done - at.waiting, total=at.records)
            if at.stuck:
                complain(f"{at.waiting} articles wait, and nobody compares them: is a worker of `control` up?")
                raise typer.Exit(1)


def _show(found: Told) -> None:
    one = found.story
    out.print(
        f"{one.articles} articles of {one.publishers} independent publishers within {span(one.spread_s)}, times in UTC"
        f"{'; ' + ', '.join(one.agencies) if one.agencies else ''}",
        style="bold",
    )
    for telling in found.tellings:
        out.print()
        _show_telling(telling)


def _show_telling(one: Telling) -> None:
    like = (
        f" of {one.copied_from}, {one.similarity:.0%} alike" if one.copied_from and one.similarity is not None else ""
    )
    out.print(Text(f"{one.at.astimezone(UTC):%Y-%m-%d %H:%M}  {one.publisher}  {one.role}{like}", style="bold"))
    if one.agencies:
        out.print(Text(f"{', '.join(one.agencies)}{' (by content)' if one.agency_by == 'content' else ''}"))
    out.print(arabic(one.title))
    out.print(Text(one.url, style="dim"))
    for change in one.changes[:SHOWN]:
        out.print(Text(f"{SIGNS[change.kind]} ").append_text(arabic(change.sentence)))
    if len(one.changes) > SHOWN:
        out.print(f"  and {len(one.changes) - SHOWN} more sentences")
