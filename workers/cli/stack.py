"""`warraq up`, `down`, `status`, `keys`, and the one-shots `secrets` and `setup`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.table import Table

from workers.cli.console import complain, ends_table, out
from workers.frontier.gauge import FULL
from workers.queues import QUEUES
from workers.runtime import Runtime, runtime
from workers.secrets import ensure_secrets
from workers.settings import in_checkout, local_stack, secret, settings
from workers.store.setup import READER_KEY, set_up

ELASTIC_PASSWORD = "elasticsearch/elastic_password"  # noqa: S105  # the file's name


def up(
    heap: Annotated[str, typer.Option(help="Elasticsearch's heap.")] = "512m",
    override: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting for all services.")
    ] = None,
) -> None:
    """Start the whole stack on this machine, without Docker."""
    overrides = dict(pair.split("=", 1) for pair in override or [])
    with _local() as local:
        stack = local.up(overrides, heap, say=out.print)
    out.print(f"Elasticsearch  http://127.0.0.1:{stack.elasticsearch_port}")
    out.print(f"Flower         http://127.0.0.1:{stack.flower_port}  (user warraq, password: `warraq keys`)")


def down() -> None:
    """Stop the local stack. Its data stays."""
    with _local() as local:
        local.down(say=out.print)


def status() -> None:
    """Show the services (where there is a local stack), the queues and the ledger."""
    if in_checkout():
        out.print(_services())
    rt = runtime()
    out.print(_depths(rt))
    rt.ledger.refresh()
    out.print(ends_table(rt.ledger.counts(), "ledger"))
    pace = rt.ledger.pace(rt.now())
    rates = ", ".join(f"{rate:.1f} (last {minutes} min)" for minutes, rate in pace.per_minute.items())
    out.print(f"articles ended per minute: {rates}")
    if pace.oldest_pending:
        out.print(f"the oldest pending one waits since {pace.oldest_pending:%Y-%m-%d %H:%M:%S} UTC")
    share = rt.gauge.fullness()
    out.print(f"Redis uses {share:.0%} of its memory")
    if share >= FULL:
        complain(f"nothing is admitted while Redis uses {FULL:.0%} of its memory or more")
    if rt.gauge.fetching_paused():
        complain("the page store cannot be written; nothing is fetched until it can (pending records tell why)")
    if rt.stream.rests():
        complain("Elasticsearch cannot take articles now; the flushers wait and try again")


def keys() -> None:
    """Show the reader key, the line that uses it, and Flower's password."""
    folder = settings().secrets_dir
    url = settings().elasticsearch_url
    out.print(f"reader key       {secret(folder / READER_KEY)}", soft_wrap=True)
    out.print(f"Flower password  {secret(folder / 'people' / 'flower_password')}", soft_wrap=True)
    header = f"Authorization: ApiKey {secret(folder / READER_KEY)}"
    out.print(f"curl -G -H '{header}' '{url}/news/_search?size=3' --data-urlencode 'q=العراق'", soft_wrap=True)


def secrets() -> None:
    """Generate the passwords that are missing (the compose file's first one-shot)."""
    for path in ensure_secrets(settings().secrets_dir):
        out.print(f"made {path}")


def setup() -> None:
    """Make Elasticsearch's templates, indices and keys (the compose file's second one-shot)."""
    folder = settings().secrets_dir
    set_up(settings().elasticsearch_url, secret(folder / ELASTIC_PASSWORD), folder)
    out.print("Elasticsearch is set up")


def _services() -> Table:
    table = Table("service", "state", "pid", "healthy", "since")
    with _local() as local:
        for service in local.status():
            healthy = "yes" if service.healthy else "no"
            table.add_row(service.name, service.state, str(service.pid or ""), healthy, service.uptime)
    return table


def _depths(rt: Runtime) -> Table:
    table = Table("waiting in", title="queues and lanes")
    table.add_column("articles", justify="right")
    for queue in QUEUES:
        table.add_row(f"queue {queue.name}", str(rt.gauge.queued(queue.name)))
    table.add_row("index stream", str(rt.stream.depth()))
    table.add_row("lanes, work and stream together", str(rt.leases.count()))
    for lane, depth in sorted(rt.lanes.depths().items()):
        table.add_row(f"lane {lane}", str(depth))
    return table


@contextmanager
def _local() -> Iterator[Any]:
    """Hand over the local stack; its errors end in one line."""
    local = local_stack()
    try:
        yield local
    except local.LocalStackError as error:
        complain(str(error))
        raise typer.Exit(2) from error
