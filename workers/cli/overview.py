"""What `warraq status` shows, as tables."""

from typing import Any, Final

from rich.table import Column, Table

from workers.cli.console import block, complain, ends_table, out, table
from workers.cli.source_lines import silence
from workers.steps.status import Status

LANES: Final = 10
"""How many lanes are shown, the longest first; `--json` has all."""


def services_table(services: list[dict[str, Any]]) -> Table:
    """Return the services of the stack on this machine."""
    shown = table("service", "state", "pid", "healthy", "since")
    for one in services:
        healthy = "yes" if one["healthy"] else "no"
        shown.add_row(one["name"], one["state"], str(one["pid"] or ""), healthy, one["uptime"])
    return shown


def show(now: Status) -> None:
    """Print queues, lanes, ledger and throughput."""
    out.print(_depths(now))
    out.print()
    out.print(ends_table({(one.state, one.reason): one.articles for one in now.ledger}, "ledger"))
    out.print()
    rates = ", ".join(f"{rate:.1f} ({minutes} min)" for minutes, rate in now.per_minute.items())
    out.print(f"articles ended per minute: {rates}")
    if now.oldest_pending:
        out.print(f"the oldest pending one waits since {now.oldest_pending:%Y-%m-%d %H:%M:%S} UTC")
    out.print(f"Redis uses {now.redis_share:.0%} of its memory")
    for one in now.quiet:
        block(one.name or one.url, [silence(one)])
    for why in now.waiting_for:
        complain(why)


def _depths(now: Status) -> Table:
    shown = table(Column("waiting in", overflow="fold"), title="queues and lanes")
    shown.add_column("articles", justify="right")
    for queue, depth in now.queues.items():
        shown.add_row(f"queue {queue}", str(depth))
    shown.add_row("index stream", str(now.stream))
    shown.add_row("index stream, could not be read", str(now.unreadable))
    shown.add_row("under way", str(now.under_way))
    for lane, depth in list(now.lanes.items())[:LANES]:
        shown.add_row(f"lane {lane}", str(depth))
    if rest := list(now.lanes.values())[LANES:]:
        shown.add_row(f"{len(rest)} other lanes", str(sum(rest)))
    return shown
