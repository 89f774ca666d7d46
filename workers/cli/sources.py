"""`warraq sources`: what is polled."""

import tomllib
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

import typer
from pydantic import ValidationError
from rich.table import Column, Table
from rich.text import Text

from ingest.document import SOURCE, Poll
from ingest.model import Source
from ingest.urls import article_id, canonical, fetchable, host_of
from workers.cli.console import complain, out
from workers.runtime import runtime

app = typer.Typer(help="Add, list, import and remove sources.", no_args_is_help=True)


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="The address of a feed.")],
    name: Annotated[str, typer.Option(help="What to call it.")] = "",
    kind: Annotated[str, typer.Option(help="feed, article, or auto: whatever it turns out to be.")] = "auto",
    timezone: Annotated[str, typer.Option(help="IANA zone of dates that name none.")] = "UTC",
    interval: Annotated[int, typer.Option(help="Seconds between polls.", min=60)] = 600,
) -> None:
    """Poll a source from now on."""
    put(Source(source_id(url), kind, fetchable(url), name or host_of(url), timezone, interval))
    out.print(f"{source_id(url)} will be polled every {interval} s or more, the first time now")


@app.command("list")
def list_() -> None:
    """Show every source and how its last poll went."""
    table = Table(Column("id", no_wrap=True), Column("source", overflow="fold"), "polled", "last time (UTC)", "found")
    for source, poll in runtime().sources.all():
        every = _every(source, poll)
        polled = f"{poll.polled_at:%m-%d %H:%M:%S}" if poll.polled_at else "never"
        name = "\n".join(dict.fromkeys((source.name, source.url)))
        table.add_row(source.id[:12], Text(name), every, polled, Text(_found(poll)))
    out.print(table)


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="A TOML file like deploy/sources.toml.")]) -> None:
    """Add the sources of a file; those that are known take the file's settings."""
    try:
        declared = read_sources(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, ValidationError, KeyError) as error:
        complain(f"{file}: {error}. See deploy/sources.toml for the form")
        raise typer.Exit(2) from error
    for source in declared:
        put(source)
    out.print(f"{len(declared)} sources will be polled, the first time now")


@app.command()
def remove(source: Annotated[str, typer.Argument(help="Its address or id.")]) -> None:
    """Remove a source. Its articles stay."""
    rt = runtime()
    ids = [known.id for known, _ in rt.sources.all() if source in (known.url, known.id, known.id[:12])]
    for key in ids:
        rt.sources.remove(key)
        rt.lanes.schedule(key, None)
    if not ids:
        complain(f"no source {source}; `warraq sources list` shows them")
        raise typer.Exit(1)


def _every(source: Source, poll: Poll) -> str:
    """Tell how often a source is polled, and when it is due."""
    if poll.gone:
        return "no more: it is gone (410); add it again to poll it"
    if not source.interval_s:
        return "when asked"
    return f"every {source.interval_s} s or more{f', next {poll.due_at:%m-%d %H:%M:%S}' if poll.due_at else ''}"


def _found(poll: Poll) -> str:
    if poll.error:
        return f"{poll.error} ({poll.failures} times in a row)"
    troubled = f", {len(poll.problems)} unreadable" if poll.problems else ""
    moved = f"; moves to {poll.moved_to}" if poll.moved_to else ""
    quiet = f"; QUIET, against its rhythm, since {poll.rhythm.newest_at:%Y-%m-%d}" if poll.rhythm.quiet else ""
    return f"{poll.listed} listed, {poll.admitted} new{troubled}{moved}{quiet}"


def put(source: Source) -> None:
    """Store a source and have it polled now."""
    if source.timezone not in available_timezones():
        complain(f"{source.url}: {source.timezone} is no time zone; name one as Asia/Baghdad")
        raise typer.Exit(2)
    rt = runtime()
    rt.sources.put(source)
    rt.lanes.schedule(source.id, rt.now())


def source_id(url: str) -> str:
    """Return the id of a source: that of its canonical URL."""
    return article_id(canonical(url))


def read_sources(text: str) -> list[Source]:
    """Return the sources of a TOML text: one [[source]] each, with the fields of Source but the id."""
    tables = tomllib.loads(text)["source"]
    return [SOURCE.validate_python({"kind": "auto", **table, "id": source_id(table["url"])}) for table in tables]
