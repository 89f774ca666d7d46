"""`python -m workers metrics`: the exporter as a process."""

import click

from workers.metrics.exporter import exporter, serve
from workers.runtime import runtime


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=9540, show_default=True)
def metrics(address: str, port: int) -> None:
    """Answer Prometheus."""
    serve(exporter(runtime()), address, port)
