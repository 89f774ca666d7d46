"""`warraq ledger`: its size, and more shards for it."""

from typing import Annotated

import typer

from workers.cli.console import complain, out, require_yes
from workers.settings import secret, settings
from workers.store.connection import client
from workers.store.keys import BOOTSTRAP_KEY
from workers.store.split import Split
from workers.store.versions import ReindexError

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def ledger() -> None:
    """Give the ledger more shards."""


@app.command("split")
def split(
    shards: Annotated[int, typer.Argument(help="How many: two, four, eight … times as many as it has.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Split without asking.")] = False,
) -> None:
    """Split the ledger's index into more shards, from 30 million records on.

    Workers wait meanwhile: seconds for a million records. It cannot be undone.
    """
    with client(settings(), api_key=secret(settings().secrets_dir / BOOTSTRAP_KEY)) as elastic:
        work = Split(elastic)
        has, records = work.shards(), work.records()
        out.print(f"{records:,} records in {has} shard{'s' * (has > 1)}")
        require_yes(f"Split into {shards}? Nothing is admitted or indexed meanwhile.", given=yes)
        try:
            work.split(shards)
        except ReindexError as error:
            complain(str(error))
            raise typer.Exit(1) from error
        out.print(f"{work.shards()} shards now")
