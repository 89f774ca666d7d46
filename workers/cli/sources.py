"""`warraq sources`: what is polled."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from ingest.discover import CHOICES
from ingest.errors import Permanent
from ingest.files.opml import write_opml
from ingest.model import REVISIT_HOURS, Source
from ingest.urls import fetchable, host_of
from workers.cli.console import Json, block, complain, emit, out, refuse
from workers.cli.source_lines import failed, found, lines_of
from workers.runtime import runtime
from workers.settings import is_it_up
from workers.steps import sources as steps
from workers.steps.ingest import put_off
from workers.steps.source_file import source_id
from workers.steps.sources import as_listed

OPML: Final = (".opml", ".xml")
KIND_HELP: Final = "; ".join(f"{kind}: {meaning}" for kind, meaning in CHOICES.items())

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="Add, list, import, export and remove sources.",
    no_args_is_help=True,
)


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="The address of a site, or of its feed or sitemap.")],
    *,
    name: Annotated[str, typer.Option(help="What to call it.")] = "",
    kind: Annotated[str, typer.Option(help=KIND_HELP)] = next(iter(CHOICES)),
    timezone: Annotated[str, typer.Option(help="IANA zone of dates that name none.")] = "UTC",
    interval: Annotated[int, typer.Option(help="Least seconds between polls; its rhythm makes it more.", min=60)] = 600,
    selector: Annotated[str, typer.Option(help="CSS selector of an index page's articles.")] = "",
    full_text: Annotated[bool, typer.Option(help="Its feed carries the whole articles.")] = False,
    since: Annotated[str, typer.Option(help="Oldest articles to admit, as 90d; all: an archive, however old.")] = "30d",
    owner: Annotated[str, typer.Option(help="Who owns it: one owner's sources are one voice of a story.")] = "",
    languages: Annotated[str, typer.Option(help="What to index of it, as ar or ar,fa; everything if empty.")] = "",
    licensed: Annotated[bool, typer.Option(help="We have the right to its texts, whatever its pages reserve.")] = False,
    revisit: Annotated[bool, typer.Option(help="Look at its articles again, for edits and deletions.")] = True,
    deletions: Annotated[bool, typer.Option(help="An article whose page is gone is gone.")] = True,
    wait: Annotated[int, typer.Option(help="Seconds to wait for the first poll.", min=0)] = 120,
) -> None:
    """Poll a source from now on.

    Of a site's address, its feed, sitemap or index page is found. Exit code 1 if the first poll failed, or was not over
    in time: the source is added all the same.
    """
    source = Source(
        id=source_id(url),
        kind=kind,
        url=fetchable(url),
        name=name or host_of(url),
        timezone=timezone,
        interval_s=interval,
        selector=selector,
        full_text=full_text,
        since_days=steps.since_days(since),
        owner=owner,
        languages=steps.language_codes(languages),
        licensed=licensed,
        revisit_hours=REVISIT_HOURS if revisit else (),
        deletions=deletions,
    )
    polls = steps.add(runtime(), source=source)
    _tell(source, polls=polls, wait=wait)


@app.command("list")
def list_(*, as_json: Json = False) -> None:
    """Show every source and how its last poll went."""
    for one in steps.listed(runtime()):
        if as_json:
            emit(one)
        else:
            block(one.name or one.url, lines_of(one))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file, or a TOML file like deploy/sources.toml.")],
) -> None:
    """Add the sources of a file; those that are known take its settings.

    A source that is wrong is named; the others are added.
    """
    try:
        opml = file.suffix.lower() in OPML
        done = steps.import_file(runtime(), body=file.read_bytes(), opml=opml)
    except (OSError, ValueError, KeyError, Permanent) as error:
        complain(f"{file}: {error}. See deploy/sources.toml for the form")
        raise typer.Exit(2) from error
    for problem in done.problems:
        complain(f"{file}: {problem}")
    if not done.sources and not done.problems:
        refuse(f"{file}: there is no source in it")
    count = sum(not one.paused for one in done.sources)
    out.print(f"{count} {'source' if count == 1 else 'sources'} will be polled, the first time now")
    if paused := len(done.sources) - count:
        out.print(f"{paused} paused")
    if done.problems and not (opml and done.sources):  # readers' lists hold more than feeds
        raise typer.Exit(2)


@app.command()
def export() -> None:
    """Print the sources that are polled as OPML, which feed readers and `import` read."""
    known = [source for source, _ in runtime().sources.all()]
    polled = [source for source in known if source.interval_s]
    print(write_opml(polled), end="")  # noqa: T201  # a file's content
    if left_out := len(known) - len(polled):
        complain(f"{left_out} that are read only when asked, as by `warraq ingest`, are left out")


Named = Annotated[str, typer.Argument(help="Its name, host, address or id.")]


@app.command()
def remove(source: Named) -> None:
    """Remove a source. Its articles stay."""
    _done("removed, its articles stay", steps.remove(runtime(), named=source))


@app.command()
def pause(source: Named) -> None:
    """Stop polling a source; its settings stay."""
    _done("paused", steps.pause(runtime(), named=source, paused=True))


@app.command()
def resume(source: Named) -> None:
    """Poll a paused source again, the first time now."""
    _done("polled again", steps.pause(runtime(), named=source, paused=False))


def _done(what: str, found: tuple[Source, ...]) -> None:
    """Say of which sources something was done: a host, or a name, may stand for several."""
    for one in found:
        block(one.name or one.url, [f"{one.id[:12]} is {what}", one.url])


def _tell(source: Source, *, polls: int, wait: int) -> None:
    """Say that a source is added, wait for its first poll, if at all, and say what was chosen, and what was wrong.

    The command ends with exit code 1 if the poll failed, or did not come to pass.
    """
    said = f"will be polled every {source.interval_s} s or more, the first time now; id {source.id[:12]}"
    out.print(Text(f"{source.url}\n{said}"), soft_wrap=True)
    if not wait:
        return
    with out.status("reading it"):
        poll = steps.first_poll(runtime(), source_id=source.id, polls=polls, wait_s=wait)
    if poll is None:
        why = put_off(runtime().sources.poll_of(source.id), runtime().now()) or f". {is_it_up()}"
        complain(f"it is added, but not read yet after {wait} s; `warraq sources list` will tell{why}")
        raise typer.Exit(1)
    for problem in poll.problems:
        out.print(Text(problem, style="dim"))
    if poll.error:
        complain(failed(source, poll))
        raise typer.Exit(1)
    if poll.found:
        out.print(Text(poll.found))
    out.print(found(as_listed(source, poll, runtime().now())))
