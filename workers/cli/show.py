"""`warraq show`: the whole story of one article, every step with its time."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from ingest.ledger.record import Record
from ingest.model import Page
from ingest.urls import article_id, canonical
from workers.cli.console import arabic, complain, out
from workers.runtime import Runtime, runtime


def show(article: Annotated[str, typer.Argument(help="Its id, the first 12 digits, or its address.")]) -> None:
    """Tell the whole story of one article."""
    rt = runtime()
    record = _find(rt, article)
    if record is None:
        complain(f"{article}: no such article was ever admitted")
        raise typer.Exit(1)
    table = Table(Column("step", no_wrap=True), Column("time (UTC)", no_wrap=True), Column("what", overflow="fold"))
    for step, at, what in steps_of(record, rt.pages.get(record.id)):
        table.add_row(step, f"{at:%Y-%m-%d %H:%M:%S}" if at else "", Text(what))
    out.print(arabic(record.entry.title))
    out.print(table)
    if record.pending:
        out.print(f"in Redis: {rt.leases.whereabouts([record])[0]}")


def steps_of(record: Record, page: Page | None) -> list[tuple[str, datetime | None, str]]:
    """Return the steps of an article with their times, oldest first."""
    stored = f"{page.status}, {len(page.body)} bytes from {page.url}" if page else "its page is not in the store"
    steps: list[tuple[str, datetime | None, str]] = [
        ("admitted", record.admitted_at, f"{record.url} (source {record.source_id[:12]}, id {record.id})"),
        ("asked for", record.asked_at, f"lane {record.lane}"),
        ("fetched", page.fetched_at if page else None, stored),
        ("processed", record.processed_at, ""),
        ("indexed", record.indexed_at, "first time"),
        *((one.what, one.at, one.detail) for one in record.history),
    ]
    known = sorted((step for step in steps if step[1]), key=lambda step: step[1] or record.admitted_at)
    tries = f"{record.attempts} failed attempts, {record.starts} starts without an end, version {record.version}"
    so_far = f"{record.state} in {record.stage} {record.reason} {record.detail}".rstrip()
    return [*known, *(step for step in steps if not step[1] and step[0] == "fetched"), (so_far, None, tries)]


def _find(rt: Runtime, article: str) -> Record | None:
    if "://" in article:
        return rt.ledger.get(article_id(canonical(article)))
    return rt.ledger.get(article) or rt.ledger.starting_with(article)
