"""`warraq reindex`."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column
from rich.text import Text

from workers.cli.console import arabic, complain, out, refuse, table
from workers.settings import secret, settings
from workers.steps.reindex import SHOWN, Rebuilt, drop, rebuild, swap
from workers.store.connection import client
from workers.store.keys import BOOTSTRAP_KEY
from workers.store.reindex import Reindex
from workers.store.searches import Searches
from workers.store.versions import ReindexError


def reindex(
    *,
    queries: Annotated[
        Path | None,
        typer.Option(help="One query a line, or queries.jsonl.gz; else the newest headlines."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Swap without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only compare.")] = False,
) -> None:
    """Build the article indices anew, and swap them in.

    Shows first what changes in searches. Writes go on meanwhile.
    """
    asked = read_queries(queries) if queries else []
    with client(settings(), api_key=secret(settings().secrets_dir / BOOTSTRAP_KEY)) as elastic:
        work = Reindex(elastic)
        try:
            rebuilt = rebuild(work, Searches(elastic), queries=asked, say=out.print)
            _show(rebuilt)
            if dry_run or not (yes or _agrees()):
                drop(work, rebuilt=rebuilt)
            else:
                swap(work, rebuilt=rebuilt, say=out.print)
        except ReindexError as error:
            complain(str(error))
            raise typer.Exit(1) from error


def _agrees() -> bool:
    """Ask. Who breaks it off has said no: a copy of all articles must not be left."""
    try:
        return typer.confirm("Swap?", err=True)
    except typer.Abort:
        return False


def read_queries(file: Path) -> list[str]:
    """Return the queries of a file: plain lines, or JSON lines with a `question`, gzipped or not.

    The command ends where there are none.
    """
    try:
        data = file.read_bytes()
        lines = (gzip.decompress(data) if file.suffix == ".gz" else data).decode().splitlines()
        found = [json.loads(line)["question"] if line[0] == "{" else line.strip() for line in lines if line.strip()]
    except (OSError, EOFError, ValueError, KeyError, zlib.error) as error:
        refuse(f"{file} is no file of queries: {error}")
    return found or refuse(f"{file} has no query")


def _show(rebuilt: Rebuilt) -> None:
    changes = rebuilt.changes
    out.print(
        f"{rebuilt.queries} queries: {len(changes)} have other best hits or another order, "
        f"{rebuilt.other_first} another first hit"
    )
    for one in changes[:SHOWN]:
        out.print(Text(f"{one.query} (kept {one.kept} of {len(one.before)})", style="bold"))
        moves = table("before", "after", Column("article", overflow="fold"))
        for key, before, after in one.moves():
            moves.add_row(str(before or "–"), str(after or "–"), arabic(rebuilt.titles.get(key, key)))
        out.print(moves)
