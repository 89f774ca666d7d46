"""`python -m workers metrics`: the exporter as a process."""

import logging

import click

from workers.celery_ext import logs
from workers.metrics.exporter import exporter, serve
from workers.settings import settings


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=9540, show_default=True)
def metrics(address: str, port: int) -> None:
    """Answer Prometheus."""
    logs.set_up(logging.getLevelNamesMapping()[settings().log_level.upper()])
    serve(exporter(settings()), address, port)
