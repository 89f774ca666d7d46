"""`warraq backup` and `warraq restore`."""

import time
from typing import Annotated

import typer
from rich.table import Column

from workers.cli.console import Json, complain, emit, out, refuse, require_yes, table
from workers.settings import settings
from workers.steps.backup import make
from workers.steps.operator import keeper, operator
from workers.steps.restore import chosen, fetch, refuse_unless_empty
from workers.steps.restore import restore as bring_back
from workers.store.vault import Vault, lacking

Target = Annotated[
    str, typer.Argument(metavar="[DIR|URL]", help="A folder, or s3://…; by default WARRAQ_BACKUP_DIR alone.")
]


def backup(
    target: Target = "",
    *,
    list_: Annotated[bool, typer.Option("--list", help="Only show what backups there are.")] = False,
    as_json: Json = False,
) -> None:
    """Back up Elasticsearch, sources, settings and passwords; what has not changed is not copied again.

    Not the stored pages: copy their folder, or their bucket, if you want them. Goes on where a backup was killed.
    """
    if list_ and target:
        refuse("--list shows what Elasticsearch has in WARRAQ_BACKUP_DIR, not another place: leave that out")
    mine = keeper(settings())
    if not list_:
        done = make(mine, target or settings().backup_url, say=_quietly if as_json else out.print, sleep=time.sleep)
        if as_json:
            emit({"backup": done.name})
        else:
            out.print(f"{done.name} is whole")
        return
    mine.snapshots.register()
    known = mine.all()
    if as_json:
        for one in known:
            emit({"backup": one.name, "whole": one.whole, "at": one.at})
        return
    if not known:
        complain(f"there is no backup in {mine.vault.root} yet")
        return
    shown = table(Column("backup", no_wrap=True), "begun (UTC)", "state")
    for one in known:
        shown.add_row(one.name, f"{one.at:%Y-%m-%d %H:%M}", "whole" if one.whole else "being made, or broken")
    out.print(shown)


def restore(
    source: Target = "",
    *,
    name: Annotated[str, typer.Option("--backup", help="Which one, as `backup --list` shows it; else the last.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete the articles, and other backups, that are here.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Restore a backup into an empty stack, while it runs. What was forgotten since stays forgotten."""
    config = settings()
    mine = keeper(config)
    if place := source or config.backup_url:
        if replace and (lost := lacking(Vault(place), mine.vault)):
            complain(f"{len(lost)} snapshots that only {mine.vault.root} has are deleted")
            require_yes("Delete them?", given=yes)
        fetch(mine, place, replace=replace)
    mine.snapshots.register()
    which, owner = chosen(mine.all(), name), operator(config)
    refuse_unless_empty(owner, replace=replace)
    complain(f"{which.name} takes the place of all sources, records and articles that are here")
    require_yes("Restore it?", given=yes)
    again = bring_back(owner, mine, which, replace=replace, say=out.print)
    out.print(f"{which.name} is restored; workers go on by themselves")
    if again:
        out.print(f"{again} articles that were forgotten since are forgotten again")


def _quietly(_: str) -> None:
    pass
