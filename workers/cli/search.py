"""`warraq search`."""

from typing import Annotated

import typer
from rich.text import Text

from ingest.query import ANY_SOURCE, Search, Sort, SourceName
from ingest.since import since as moment
from workers.cli.console import Json, arabic, complain, emit, out, utc
from workers.runtime import runtime
from workers.steps.search import Hit
from workers.steps.search import search as find


def search(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    *,
    exact: Annotated[bool, typer.Option("--exact", help="The words as written, all of them.")] = False,
    phrase: Annotated[bool, typer.Option("--phrase", help="The words side by side.")] = False,
    since: Annotated[str, typer.Option(help="Published since then: 2026-07-01, 7d, 12h, yesterday, أمس (UTC).")] = "",
    source: Annotated[
        SourceName,
        typer.Option(parser=SourceName, metavar="<str>", help="Of this source: its id, the site's name or host."),
    ] = ANY_SOURCE,
    sort: Annotated[Sort, typer.Option(help="best, recent (best, lifting the new) or newest first.")] = Sort.BEST,
    each: Annotated[bool, typer.Option("--all", help="Each article, not one for all that tell the same.")] = False,
    size: Annotated[int, typer.Option(help="How many articles.", min=1, max=100)] = 10,
    old: Annotated[bool, typer.Option("--include-old", help="Earlier versions too: what was changed since.")] = False,
    as_json: Json = False,
) -> None:
    """Search the articles; hits are highlighted."""
    rt = runtime()
    start = moment(since, rt.now()) if since else None
    asked = Search(query, exact=exact, phrase=phrase, since=start, source=source, sort=sort, each=each or old, old=old)
    hits = find(rt, asked=asked, size=size)
    for hit in hits:
        if as_json:
            emit(hit)
        else:
            _show(hit)
    if not hits:
        complain("nothing found")
        raise typer.Exit(1)


def _show(hit: Hit) -> None:
    out.print(arabic(hit.title), style="bold")
    when = utc(hit.published_at)
    version = f"  as it was until it was changed (version {hit.version})" if hit.version is not None else ""
    out.print(Text(f"{hit.site}  {when}  {hit.url}{version}", style="dim"))
    for snippet in hit.snippets:
        out.print(arabic(snippet))
    if hit.more:
        out.print(Text(f"and {hit.more} more: warraq story {hit.id[:12]}", style="dim"))
    out.print()
