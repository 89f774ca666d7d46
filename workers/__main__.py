"""`python -m workers worker|beat|flower|metrics …`: Celery's own commands, Flower's with all its options, the exporter.

The `celery` command loads every plugin before it knows which command is meant: Flower's web server into each worker.
"""

import sys
from importlib import import_module
from typing import Final

import click

from workers.celery_ext.lean import lean

with lean():
    from celery.bin.base import CLIContext
    from kombu.utils.imports import symbol_by_name

    from workers.app import app

COMMANDS: Final = {
    "worker": "celery.bin.worker:worker",
    "beat": "celery.bin.beat:beat",
    "flower": "flower.command:flower",
    "metrics": "workers.metrics.command:metrics",
}


class Commands(click.Group):
    """Loads only the command that is asked for."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names."""
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        with lean():
            if name == "worker":
                import_module("workers.tasks")  # else Celery would, later
            return symbol_by_name(COMMANDS[name]) if name in COMMANDS else None


@click.group(cls=Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """Run a worker, beat, Flower or the exporter of warraq."""
    if context.invoked_subcommand != "worker":
        app.conf.include = ()  # beat and Flower name tasks and run none; what these import takes 45 MB
    context.obj = CLIContext(app=app, no_color=not sys.stdout.isatty(), workdir=None)


if __name__ == "__main__":
    main()
