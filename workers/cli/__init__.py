"""The command `warraq`."""

import sys
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

import structlog
import typer
from elastic_transport import TransportError
from elasticsearch import ApiError
from redis.exceptions import RedisError
from typer.core import TyperGroup
from typer.main import get_command

from ingest.errors import WarraqError
from workers.cli.console import complain, warn
from workers.cli.variables import unread
from workers.settings import SettingsError, environment, is_it_up

if TYPE_CHECKING:
    from typer._click import Command, Context  # typer's own copy of click

COMMANDS: Final = {
    "up": "stack:up",
    "down": "stack:down",
    "status": "stack:status",
    "keys": "stack:keys_app",
    "desk": "desk:desk",
    "sources": "sources:app",
    "ingest": "articles:ingest",
    "search": "search:search",
    "show": "show:show",
    "story": "stories:story",
    "stories": "stories:app",
    "history": "history:show_history",
    "changes": "history:show_changes",
    "failures": "failures:failures",
    "retry": "reopen:retry",
    "replay": "reopen:replay",
    "report": "report:report",
    "check": "check:check",
    "forget": "forget:forget_articles",
    "forgotten": "forget:forgotten",
    "rules": "rules:app",
    "reindex": "reindex:reindex",
    "ledger": "ledger:app",
    "retention": "retention:retention",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "secrets": "stack:secrets",
    "setup": "stack:setup",
}
"""Each command's module here, and its function or group in it."""


class Commands(TyperGroup):
    """Loads only the command that is asked for: all of them take a second more."""

    def list_commands(self, ctx: "Context") -> list[str]:
        """Return the names."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """Return the command of that name, or None."""
        del ctx
        return _loaded(cmd_name) if cmd_name in COMMANDS else None


@cache
def _loaded(name: str) -> "Command":
    module, _, attribute = COMMANDS[name].partition(":")
    found = getattr(import_module(f"workers.cli.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        function, found = found, typer.Typer(add_completion=False, rich_markup_mode=None)
        found.command(name)(function)
    command = get_command(found)
    command.name = name
    return command


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def warraq() -> None:
    """Run the Arabic news pipeline, and ask it."""


def main() -> None:
    """Run the command; expected errors end in one line and exit code 2."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # stdout is for results
    for sentence in unread(environment()):
        warn(sentence)
    try:
        app()
    except (SettingsError, WarraqError) as error:
        complain(str(error))
    except RedisError as error:
        complain(f"Redis does not answer: {error}. {is_it_up()}")
    except ApiError as error:
        complain(f"Elasticsearch refuses: {error}")
    except TransportError as error:
        complain(f"Elasticsearch does not answer: {error}. {is_it_up()}")
    except OSError as error:  # a file or a folder that was named
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    sys.exit(2)
