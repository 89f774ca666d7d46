"""`warraq ingest` and `warraq search`."""

import json
import time
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from ingest.record import State
from workers.cli.console import arabic, complain, ends_table, out
from workers.runtime import runtime
from workers.work import Work, admit_path, admit_url

EVERY_S: Final = 0.5


def ingest(
    targets: Annotated[list[str], typer.Argument(metavar="PATH|URL…", help="Files, folders, feeds, articles.")],
    timeout: Annotated[float, typer.Option(help="Seconds to wait for the last article.")] = 600,
) -> None:
    """Take in files (text, saved pages, WARC), folders of them, feeds and articles; wait until each has ended.

    Exit code 1 if anything failed.
    """
    rt = runtime()
    work = Work()
    for target in targets:
        work += admit_url(rt, target) if "://" in target else admit_path(rt, Path(target))
    for problem in work.problems:
        complain(problem)
    counts = watch(work, timeout)
    rt.index.refresh()
    out.print(ends_table(counts, "what became of it"))
    failures = [f"{source.url}: {error}" for source, error in work.failed_polls(rt)]
    for failure in failures:
        complain(failure)
    bad = {State.FAILED, State.PENDING}
    if failures or work.problems or any(state in bad for state, _ in counts):
        raise typer.Exit(1)


def search(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    size: Annotated[int, typer.Option(help="How many articles.", min=1, max=100)] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each article.")] = False,  # noqa: FBT002
) -> None:
    """Search the articles; hits are highlighted."""
    hits = runtime().index.search(query, size)
    for hit in hits:
        if as_json:
            out.print(Text(json.dumps(hit, ensure_ascii=False)), soft_wrap=True)
        else:
            _show(hit)
    if not hits:
        complain("nothing found")
        raise typer.Exit(1)


def watch(work: Work, timeout: float) -> dict[tuple[str, str], int]:
    """Show a progress bar until every article has ended, or the time is over; return the counts by state and reason."""
    rt, deadline = runtime(), time.monotonic() + timeout
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out) as progress:
        bar = progress.add_task("reading the listings", total=None)
        while True:
            listed = work.listed(rt)  # before the counts: what a listing brings must be among them
            counts = work.counts(rt)
            ended = sum(count for (state, _), count in counts.items() if state != State.PENDING)
            progress.update(bar, description=_line(counts), completed=ended, total=sum(counts.values()) or None)
            over = listed and ended == sum(counts.values())
            if over or time.monotonic() > deadline:
                return counts
            time.sleep(EVERY_S)


def _line(counts: dict[tuple[str, str], int]) -> str:
    by_state: dict[str, int] = {}
    for (state, _), count in counts.items():
        by_state[state] = by_state.get(state, 0) + count
    return " ".join(f"{state} {by_state[state]}" for state in State if state in by_state) or "reading the listings"


def _show(hit: dict[str, Any]) -> None:
    found, marks = hit["_source"], hit.get("highlight", {})
    out.print(arabic(marks.get("title", [found["title"]])[0]), style="bold")
    when = found.get("published_at", "")[:16].replace("T", " ")
    out.print(Text(f"{found.get('site') or found.get('host', 'file')}  {when}  {found['url']}", style="dim"))
    for snippet in marks.get("body", []):
        out.print(arabic(" ".join(snippet.split())))
    out.print()
