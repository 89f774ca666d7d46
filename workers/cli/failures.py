"""`warraq failures`, `retry` and `replay`: what did not get in, why, and once more."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.table import Column, Table
from rich.text import Text

from ingest.ledger.record import Record, State
from ingest.ledger.transitions import reopened, replayed
from workers.cli.articles import watch
from workers.cli.console import complain, ends_table, out
from workers.runtime import runtime
from workers.steps.ingest import Work

GROUPS: Final = ("state", "stage", "reason", "source_id")
ROW: Final = ("id", "state", "stage", "reason", "detail", "attempts", "starts", "url", "source_id")
REPLAY_S: Final = 86_400.0
"""Seconds to watch a replay; it goes on without us."""


def failures(
    reason: Annotated[str, typer.Option(help="List those with this reason.")] = "",
    source: Annotated[str, typer.Option(help="List those of this source's id.")] = "",
    stage: Annotated[str, typer.Option(help="List those that ended in this step: fetch, process or index.")] = "",
    size: Annotated[int, typer.Option(help="How many of them, the newest.", min=1)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each.")] = False,  # noqa: FBT002
) -> None:
    """Show what failed or was rejected: how many for each stage, reason and source, or the articles themselves."""
    query = select((State.FAILED, State.REJECTED), reason, source, stage=stage)
    if not (reason or source or stage or as_json):
        runtime().ledger.refresh()
        out.print(_groups(runtime().ledger.grouped(query, *GROUPS)))
        return
    rows = [record for page in runtime().ledger.find(query) for record in page][-size:]
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
    for page in rt.ledger.find(select((State.FAILED, State.REJECTED), reason, source)):
        wanted = [record for record in page if not ids or record.id.startswith(tuple(ids))]
        saved = rt.ledger.save([reopened(record, rt.now()) for record in wanted])
        rt.lanes.push(saved)
        brought += len(saved)
    out.print(f"{brought} articles are in work again")
    raise typer.Exit(0 if brought else 1)


def replay(
    since: Annotated[datetime | None, typer.Option(help="Only what ended since then (UTC).")] = None,
    source: Annotated[str, typer.Option(help="Only of this source's id.")] = "",
    failed: Annotated[bool, typer.Option("--failed", help="Only what failed or was rejected.")] = False,  # noqa: FBT002
) -> None:
    """Process stored pages again, without a fetch: after a change of extraction or repair."""
    rt = runtime()
    rt.ledger.refresh()
    states = (
        (State.FAILED, State.REJECTED) if failed else (State.INDEXED, State.DUPLICATE, State.FAILED, State.REJECTED)
    )
    work = Work()
    for page in rt.ledger.find(select(states, "", source, since)):
        stored = [record for record in page if rt.pages.has(record.id)]
        saved = rt.ledger.save([replayed(record, rt.now()) for record in stored])
        rt.lanes.push(saved)
        work += Work(ids=tuple(record.id for record in saved))
    out.print(ends_table(watch(work, REPLAY_S), f"{len(work.ids)} pages processed again"))


def select(
    states: Iterable[State], reason: str = "", source: str = "", since: datetime | None = None, stage: str = ""
) -> dict[str, Any]:
    """Return the query for ended records."""
    terms: list[dict[str, Any]] = [{"terms": {"state": list(states)}}]
    named = (("reason", reason), ("source_id", source), ("stage", stage))
    terms += [{"term": {name: value}} for name, value in named if value]
    terms += [{"range": {"ended_at": {"gte": since}}}] if since else []
    return {"bool": {"filter": terms}}


def _groups(counts: dict[tuple[str, ...], int]) -> Table:
    table = Table("state", "stage", "reason", Column("source", overflow="fold"))
    table.add_column("articles", justify="right")
    names = {source.id: source.name for source, _ in runtime().sources.all()}
    for (state, stage, reason, source), count in sorted(counts.items()):
        table.add_row(state, stage, reason, Text(names.get(source, source)), str(count))
    return table


def _row(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ROW}
