"""`warraq reindex`."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from elasticsearch import Elasticsearch
from rich.table import Table

from workers.cli.console import complain, out
from workers.settings import secret, settings
from workers.store.reindex import Comparison, Reindex, ReindexError
from workers.store.setup import BOOTSTRAP_KEY

HEADLINES: Final = 200
SHOWN: Final = 10


def reindex(
    *,
    queries: Annotated[
        Path | None,
        typer.Option(help="One query a line, or queries.jsonl.gz; else the newest headlines."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Swap without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only compare.")] = False,
) -> None:
    """Build the article indices anew, show what changes in searches, swap them in while writes go on."""
    with Elasticsearch(settings().elasticsearch_url, api_key=secret(settings().secrets_dir / BOOTSTRAP_KEY)) as client:
        work = Reindex(client)
        months = work.months()
        try:
            for month in months:
                work.build(month)
                out.print(f"built {month.new}")
            asked = read_queries(queries) if queries else work.headlines(HEADLINES)
            _show(work, work.compare(months, asked), len(asked))
            if dry_run or not (yes or typer.confirm("Swap?")):
                for month in months:
                    work.drop(month)
                return
            for month in months:
                work.swap(month)
                out.print(f"{month.name} is {month.new} now")
        except ReindexError as error:
            complain(str(error))
            raise typer.Exit(1) from error


def read_queries(file: Path) -> list[str]:
    """Return the queries of a file: plain lines, or JSON lines with a `question`, gzipped or not."""
    data = file.read_bytes()
    lines = (gzip.decompress(data) if file.suffix == ".gz" else data).decode().splitlines()
    return [json.loads(line)["question"] if line.startswith("{") else line.strip() for line in lines if line.strip()]


def _show(work: Reindex, changes: Sequence[Comparison], asked: int) -> None:
    first = sum(one.before[:1] != one.after[:1] for one in changes)
    out.print(f"{asked} queries: {len(changes)} have other best hits or another order, {first} another first hit")
    for one in changes[:SHOWN]:
        titles = work.titles([*one.before, *one.after])
        table = Table("before", "after", "article", title=f"{one.query} (kept {one.kept} of {len(one.before)})")
        for key, before, after in one.moves():
            table.add_row(str(before or "–"), str(after or "–"), titles.get(key, key))
        out.print(table)
