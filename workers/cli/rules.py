"""`warraq rules`: a page as extracted with its site rule, beside the generic result."""

import gzip
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Column, Table
from rich.text import Text

from ingest.errors import WarraqError
from ingest.extract import extract
from ingest.extract.rules import SiteRules, rules_for
from ingest.model import Article, Entry, Page, Source
from ingest.urls import host_of
from workers.cli.console import arabic, complain, out, refuse
from workers.runtime import runtime
from workers.site_rules import RULES, site_rules

app: Final = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="Site rules: try them.", no_args_is_help=True
)


@app.callback()
def rules() -> None:
    """Site rules: try them."""


@app.command("try")
def try_rule(
    page: Annotated[str, typer.Argument(metavar="FILE|URL", help="A saved page, or one to fetch.")],
    url: Annotated[str, typer.Option(help="Where a saved page was: its host chooses the rule.")] = "",
    folder: Annotated[Path, typer.Option(help="Where the rules lie.")] = RULES,
) -> None:
    """Show what the host's rule gives beside the generic result. Exit code 1 where there is no rule, or it fits not."""
    fetched = _page(page, url)
    found = site_rules(folder)
    if not rules_for(host_of(fetched.url), fetched.fetched_at, found):
        where = host_of(fetched.url) or "of a file: name it with --url"
        complain(f"no rule in {folder} is for the host {where}. This is the generic result:")
    ruled, generic = article_of(fetched, found), article_of(fetched, {})
    mine, others = lines_by_rule(ruled), generic.body.split("\n") if generic and generic.body else []
    out.print(values(ruled, generic))
    out.print(comparison(mine, others))
    out.print(f"rule: {_size(mine)}; generic: {_size(others)}")
    if not mine and not any(origin.endswith("=rule") for origin in (ruled.provenance if ruled else ())):
        raise typer.Exit(1)


def article_of(page: Page, found: Mapping[str, SiteRules]) -> Article | None:
    """Return the article of a page by its rules, None if it is refused; without rules, the generic one."""
    source = Source(id="command-line", kind="article", url=page.url)
    try:
        return extract(source, Entry(page.url), page, rules=found)
    except WarraqError as error:
        complain(str(error))
        return None


def lines_by_rule(article: Article | None) -> list[str]:
    """Return the body's lines if a rule has found them."""
    ruled = article is not None and article.quality is not None and article.quality.method == "rule"
    return article.body.split("\n") if article and ruled and article.body else []


def values(ruled: Article | None, generic: Article | None) -> Table:
    """Return a table of the values besides the body that rules can set; a star marks those that were set."""
    table = Table(Column("value"), Column("rule", overflow="fold"), Column("generic", overflow="fold"))
    for name in ("title", "authors", "published_at"):
        table.add_row(name, _shown(ruled, name), _shown(generic, name))
    return table


def _shown(article: Article | None, name: str) -> Text:
    value = getattr(article, name, None)
    star = "* " if article and f"{name}=rule" in article.provenance else ""
    return arabic(star + (", ".join(value) if isinstance(value, tuple) else str(value or "-")))


def comparison(ruled: list[str], generic: list[str]) -> Table:
    """Return a table of all lines in the order of the page, and who found them."""
    table = Table(
        Column("rule", justify="center"), Column("generic", justify="center"), Column("line", overflow="fold")
    )
    for line in dict.fromkeys((*_merged(ruled, generic),)):
        table.add_row("+" if line in ruled else "", "+" if line in generic else "", arabic(line))
    return table


def _merged(ruled: list[str], generic: list[str]) -> list[str]:
    """Return the generic lines, each of the rule's own put after the line that precedes it there."""
    merged = list(generic)
    for number, line in enumerate(ruled):
        if line not in merged:
            before = ruled[number - 1] if number else ""
            merged.insert(merged.index(before) + 1 if before in merged else 0, line)
    return merged


def _size(lines: list[str]) -> str:
    return f"{len(lines)} lines, {sum(len(line.split()) for line in lines)} words"


def _page(page: str, url: str) -> Page:
    if "://" in page:
        return runtime().web.get(page)
    file = Path(page)
    try:
        body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        refuse(f"{file} cannot be read: {error}")
    where = url or file.resolve().as_uri()
    return Page(where, 200, (("Content-Type", "text/html"),), body, datetime.now(UTC))
