"""`warraq failures` and `warraq retry`: what did not get in, why, and once more."""

import json
from typing import Annotated, Any

import typer
from rich.table import Column, Table
from rich.text import Text

from ingest.record import Record, State, reopened
from workers.cli.console import complain, out
from workers.runtime import runtime


def failures(
    reason: Annotated[str, typer.Option(help="Only this reason.")] = "",
    rejected: Annotated[bool, typer.Option(help="Rejected articles too.")] = True,  # noqa: FBT002  # a flag
    size: Annotated[int, typer.Option(help="How many of them.", min=1)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each.")] = False,  # noqa: FBT002
) -> None:
    """Show articles that failed or were rejected, newest last."""
    states = [State.FAILED, State.REJECTED] if rejected else [State.FAILED]
    rows = [record for page in runtime().ledger.find(_query(states, reason)) for record in page][-size:]
    if as_json:
        for record in rows:
            out.print(Text(json.dumps(_row(record), ensure_ascii=False)), soft_wrap=True)
        return
    table = Table(Column("id", no_wrap=True), Column("end", no_wrap=True), Column("which, and why", overflow="fold"))
    for record in rows:
        table.add_row(record.id[:12], f"{record.state}\n{record.reason}", Text(f"{record.url}\n{record.detail}"))
    out.print(table)


def retry(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids, or their first 12 digits.")] = None,
    reason: Annotated[str, typer.Option(help="All that failed for this reason.")] = "",
    source: Annotated[str, typer.Option(help="All that failed of this source's id.")] = "",
) -> None:
    """Take failed or rejected articles to work again."""
    if not (ids or reason or source):
        complain("retry what? Name ids, a --reason or a --source; `warraq failures` shows them")
        raise typer.Exit(2)
    rt = runtime()
    rt.ledger.refresh()
    brought = 0
    for page in rt.ledger.find(_query([State.FAILED, State.REJECTED], reason, source)):
        wanted = [record for record in page if not ids or record.id.startswith(tuple(ids))]
        saved = rt.ledger.save([reopened(record, rt.now()) for record in wanted])
        rt.lanes.push(saved)
        brought += len(saved)
    out.print(f"{brought} articles are in work again")
    raise typer.Exit(0 if brought else 1)


def _query(states: list[State], reason: str, source: str = "") -> dict[str, Any]:
    terms: list[dict[str, Any]] = [{"terms": {"state": states}}]
    terms += [{"term": {name: value}} for name, value in (("reason", reason), ("source_id", source)) if value]
    return {"bool": {"filter": terms}}


def _row(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ("id", "state", "reason", "detail", "attempts", "url", "source_id")}
