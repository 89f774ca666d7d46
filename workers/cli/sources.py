"""`warraq sources`: what is polled."""

import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import available_timezones

import typer
from rich.table import Column, Table
from rich.text import Text

from ingest.discover import KINDS
from ingest.document import SOURCE
from ingest.errors import Permanent
from ingest.files.opml import read_opml, write_opml
from ingest.model import Source
from ingest.polling.poll import Poll
from ingest.urls import article_id, canonical, fetchable, host_of
from workers.cli.console import complain, out
from workers.runtime import runtime

OPML: Final = (".opml", ".xml")
EVERY_S: Final = 0.5

app = typer.Typer(help="Add, list, import, export and remove sources.", no_args_is_help=True)


@app.command()
def add(  # noqa: PLR0917  # the command line has options, not positions
    url: Annotated[str, typer.Argument(help="The address of a site, or of its feed or sitemap.")],
    name: Annotated[str, typer.Option(help="What to call it.")] = "",
    kind: Annotated[str, typer.Option(help="feed, sitemap, index, article; site: whatever lists its news.")] = "site",
    timezone: Annotated[str, typer.Option(help="IANA zone of dates that name none.")] = "UTC",
    interval: Annotated[int, typer.Option(help="Least seconds between polls; its rhythm makes it more.", min=60)] = 600,
    selector: Annotated[str, typer.Option(help="CSS selector of an index page's articles.")] = "",
    full_text: Annotated[bool, typer.Option(help="Its feed carries the whole articles.")] = False,  # noqa: FBT002
    wait: Annotated[int, typer.Option(help="Seconds to wait for the first poll.", min=0)] = 120,
) -> None:
    """Poll a source from now on. Of a site's address, its feed, sitemap or index page is found."""
    source = Source(source_id(url), kind, fetchable(url), name or host_of(url), timezone, interval)
    source = replace(source, selector=selector, full_text=full_text)
    before = runtime().sources.poll_of(source.id).polls
    put(source)
    out.print(f"{source.id} will be polled every {interval} s or more, the first time now")
    if wait:
        _tell(source.id, before, wait)


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
def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file, or a TOML file like deploy/sources.toml.")],
) -> None:
    """Add the sources of a file; those that are known take the file's settings."""
    try:
        declared, problems = read_file(file.read_bytes(), opml=file.suffix.lower() in OPML)
    except (OSError, ValueError, KeyError, Permanent) as error:
        complain(f"{file}: {error}. See deploy/sources.toml for the form")
        raise typer.Exit(2) from error
    for source in declared:
        put(as_found(source, runtime().sources.get(source.id)))
    for problem in problems:
        complain(f"{file}: {problem}")
    out.print(f"{len(declared)} sources will be polled, the first time now")


@app.command()
def export() -> None:
    """Print the sources that are polled as OPML, which feed readers and `import` read."""
    print(write_opml(source for source, _ in runtime().sources.all() if source.interval_s), end="")  # noqa: T201  # a file's content


@app.command()
def remove(source: Annotated[str, typer.Argument(help="Its address or id.")]) -> None:
    """Remove a source. Its articles stay."""
    rt = runtime()
    ids = [known.id for known, _ in rt.sources.all() if source in (known.url, known.id, known.id[:12])]
    for key in ids:
        rt.sources.remove(key)
        rt.schedule.set(key, None)
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
    troubled += f", {len(poll.further)} listings to go" if poll.further else ""
    moved = f"; moves to {poll.moved_to}" if poll.moved_to else ""
    quiet = f"; QUIET, against its rhythm, since {poll.rhythm.newest_at:%Y-%m-%d}" if poll.rhythm.quiet else ""
    return f"{poll.listed} listed, {poll.admitted} new{troubled}{moved}{quiet}"


def _tell(key: str, before: int, wait: int) -> None:
    """Wait for a source's first poll; say what was chosen, and what was wrong."""
    rt, deadline = runtime(), time.monotonic() + wait
    with out.status("reading it"):
        while (poll := rt.sources.poll_of(key)).polls == before and time.monotonic() < deadline:
            time.sleep(EVERY_S)
    if poll.polls == before:
        return complain(f"not read yet after {wait} s; `warraq sources list` will tell. Is the stack up (`warraq up`)?")
    for problem in poll.problems:
        out.print(Text(problem, style="dim"))
    if poll.error:
        return complain(f"{poll.error}; it will be tried again")
    if poll.found:
        out.print(Text(poll.found))
    return out.print(_found(poll))


def put(source: Source) -> None:
    """Store a source and have it polled now."""
    if source.timezone not in available_timezones():
        complain(f"{source.url}: {source.timezone} is no time zone; name one as Asia/Baghdad")
        raise typer.Exit(2)
    if source.kind not in KINDS:
        complain(f"{source.url}: {source.kind} is no kind of source; one of {', '.join(KINDS)}")
        raise typer.Exit(2)
    rt = runtime()
    rt.sources.put(source)
    if (poll := rt.sources.poll_of(source.id)).further:  # what an earlier setting had begun to read
        rt.sources.note(source.id, replace(poll, further=()))
    rt.schedule.set(source.id, rt.now())


def as_found(source: Source, known: Source | None) -> Source:
    """Return a site's source with the listing that was found for it before, if it was: it is not searched again."""
    if source.kind != "site" or known is None or known.home != source.url:
        return source
    return replace(source, kind=known.kind, url=known.url, home=known.home)


def source_id(url: str) -> str:
    """Return the id of a source: that of its canonical URL."""
    return article_id(canonical(url))


def read_file(body: bytes, *, opml: bool) -> tuple[list[Source], tuple[str, ...]]:
    """Return the sources of an OPML or a TOML file, and what could not be read of it.

    A source that was found from a site's address is known by that, whatever its listing's address is now.
    """
    tables, problems = read_opml(body) if opml else (tomllib.loads(body.decode("utf-8-sig"))["source"], ())
    return [
        SOURCE.validate_python({"kind": "site", **table, "id": source_id(table.get("home") or table["url"])})
        for table in tables
    ], problems
