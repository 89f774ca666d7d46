"""`warraq retention`: what is older than it is to be kept."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Column

from workers import runtime
from workers.cli.console import Json, emit, out, require_yes, table
from workers.settings import settings
from workers.steps.retention import Line, go, look
from workers.store.keys import RETENTION_KEY


def retention(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Remove what is older than it is to be kept; settings: WARRAQ_KEEP_…_DAYS.

    Shows it first. The service `upkeep` does the same each day.
    """
    rt = _runtime()
    rt.ledger.refresh()
    lines = look(rt)
    if as_json:
        for line in lines:
            emit(line)
    else:
        _show(lines)
    if dry_run or not any(line.count for line in lines):
        return
    require_yes("Remove?", given=yes)
    went: list[Line] = []
    go(rt, went.append)
    if not as_json:
        out.print("removed: " + ", ".join(f"{line.kind} {line.count}" for line in went if line.count))


def _runtime() -> runtime.Runtime:
    """Return a runtime with the key that may remove things."""
    config = settings()
    return runtime.build(config.model_copy(update={"elasticsearch_key_file": config.secrets_dir / RETENTION_KEY}))


def _show(lines: Sequence[Line]) -> None:
    shown = table("kind", "kept", Column("would go", justify="right"), Column("bytes", justify="right"))
    for line in lines:
        kept = f"{line.days} days" if line.days else "for ever"
        shown.add_row(line.kind, kept, f"{line.count:,}", f"{line.bytes:,}" if line.count else "")
    out.print(shown)
    for why in (why for line in lines for why in line.kept):
        out.print(why)
