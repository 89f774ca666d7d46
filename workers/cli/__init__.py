"""The command `warraq`."""

import sys

import structlog
import typer
from elastic_transport import TransportError
from elasticsearch import ApiError
from redis.exceptions import RedisError

from ingest.errors import WarraqError
from workers.cli import (
    articles,
    check,
    desk,
    failures,
    history,
    reindex,
    reopen,
    report,
    retention,
    rules,
    search,
    show,
    sources,
    stack,
    stories,
)
from workers.cli.console import complain
from workers.settings import SettingsError, is_it_up

app = typer.Typer(help="The Arabic news pipeline.", no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.add_typer(sources.app, name="sources")
app.add_typer(rules.app, name="rules")
app.add_typer(stories.app, name="stories")
app.add_typer(stack.keys_app, name="keys")
for command in (
    stack.up,
    desk.desk,
    stack.down,
    stack.status,
    articles.ingest,
    search.search,
    failures.failures,
    reopen.retry,
    reopen.replay,
    show.show,
    stories.story,
    report.report,
    check.check,
    stack.secrets,
    stack.setup,
    reindex.reindex,
    retention.retention,
):
    app.command()(command)
app.command("history")(history.show_history)
app.command("changes")(history.show_changes)


def main() -> None:
    """Run the command; expected errors end in one line and exit code 2."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # stdout is for results
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
    sys.exit(2)
