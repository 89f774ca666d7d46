"""`python -m workers worker …`, `python -m workers beat …`: Celery's own commands, with all their options.

The `celery` command loads every plugin first, Flower with its web server among them: 22 MB more in each process.
"""

import sys

import click
from celery.bin.base import CLIContext
from celery.bin.beat import beat
from celery.bin.worker import worker

from workers.app import app


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Run a worker or beat of warraq."""
    context.obj = CLIContext(app=app, no_color=not sys.stdout.isatty(), workdir=None)


main.add_command(worker)
main.add_command(beat)

if __name__ == "__main__":
    main()
