"""`warraq search`."""

import json
from typing import Annotated, Any

import typer
from rich.text import Text

from ingest.query import Search, Sort
from workers.cli.console import arabic, complain, out
from workers.runtime import runtime


def search(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    *,
    exact: Annotated[bool, typer.Option("--exact", help="The words as written, all of them.")] = False,
    phrase: Annotated[bool, typer.Option("--phrase", help="The words side by side.")] = False,
    since: Annotated[str, typer.Option(help="Published since then: 2026-07-01, 7d, 12h.")] = "",
    source: Annotated[str, typer.Option(help="Of this source: its id, the site's name or host.")] = "",
    sort: Annotated[Sort, typer.Option(help="best, recent (best, lifting the new) or newest first.")] = Sort.BEST,
    size: Annotated[int, typer.Option(help="How many articles.", min=1, max=100)] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each article.")] = False,
) -> None:
    """Search the articles; hits are highlighted."""
    hits = runtime().index.search(Search(query, exact, phrase, since, source, sort), size)
    for hit in hits:
        if as_json:
            out.print(Text(json.dumps(hit, ensure_ascii=False)), soft_wrap=True)
        else:
            _show(hit)
    if not hits:
        complain("nothing found")
        raise typer.Exit(1)


def _show(hit: dict[str, Any]) -> None:
    found, marks = hit["_source"], hit.get("highlight", {})
    out.print(arabic(marks.get("title", [found["title"]])[0]), style="bold")
    when = found.get("published_at", "")[:16].replace("T", " ")
    out.print(Text(f"{found.get('site') or found.get('host', 'file')}  {when}  {found['url']}", style="dim"))
    for snippet in marks.get("body", []):
        out.print(arabic(" ".join(snippet.split())))
    out.print()
