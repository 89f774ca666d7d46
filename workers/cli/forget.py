"""`warraq forget` and `warraq forgotten`: what a publisher asks to be taken out."""

import getpass
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Annotated, Final

import typer
from rich.table import Column
from rich.text import Text

from ingest.forget import Tombstone, is_below, of_article, of_host
from ingest.urls import article_id, canonical
from workers.cli.console import Json, arabic, complain, emit, out, refuse, require_yes, table
from workers.runtime import Runtime, runtime
from workers.settings import settings
from workers.steps.forget import forget, in_lots
from workers.steps.operator import operator
from workers.steps.story import find
from workers.steps.traces import Traces, affected, all_of_site, of_site, traces

ID: Final = re.compile("[0-9a-f]{32}")
SHOWN: Final = 20
"""Articles of a host that are listed before it is asked."""


def forget_articles(
    articles: Annotated[list[str] | None, typer.Argument(help="Ids, their first 12 digits, or addresses.")] = None,
    *,
    host: Annotated[str, typer.Option(help="All of this host and below it, and whatever it publishes later.")] = "",
    why: Annotated[str, typer.Option(help="The reason, for those who ask later.")] = "",
    who: Annotated[str, typer.Option(help="Who decided it; by default who runs this.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Take articles out for good: documents, versions, pages, and what ledger and Redis say of them.

    They never come in again, from whatever listing, file or backup. Shows first what would go, and asks.
    """
    if bool(articles) == bool(host) or not (why or dry_run):
        refuse("forget what, and why? Name articles or a --host, and give the reason by --why")
    rt, now, by = runtime(), runtime().now(), who or _user()
    if host:
        stone = of_host(host, now, why, by)
        ids = list(dict.fromkeys(key for some in of_site(rt, stone.host) for key in some))
        stones = [stone]
    else:
        given = [canonical(article) for article in articles or () if "://" in article]
        ids = list(affected(rt, [_id(rt, article) for article in articles or ()], given))
        stones = [of_article(key, now, why, by) for key in ids]
    _show(traces(rt, ids[:SHOWN] if host else ids), len(ids), as_json=as_json)
    if dry_run:
        return
    require_yes("Forget this for good?", given=yes)
    complain("this takes half a minute or more: the files that hold the words are written anew")
    count = forget(operator(settings()), stones, lambda: _batches(rt, stones, ids))
    if not as_json:
        out.print(f"forgotten: {count} article{'s' * (count != 1)}")
    for source, _ in rt.sources.all() if host else ():
        if is_below(source.url, {stones[0].host}):
            complain(f"{source.url} is not asked any more:\n`warraq sources remove {source.id[:12]}`")


def forgotten(*, as_json: Json = False) -> None:
    """List what was forgotten, when, why and by whom."""
    stones = runtime().tombstones.all()
    if as_json:
        for one in stones:
            emit(one)
        return
    what, when = Column("what", no_wrap=True), Column("when (UTC)", no_wrap=True)
    shown = table(what, when, "who", Column("why", overflow="fold"))
    for one in stones:
        why = one.why if one.done_at else f"{one.why} (not finished: `warraq check --repair`)"
        shown.add_row(one.host or one.id, f"{one.at:%Y-%m-%d %H:%M}", Text(one.who), Text(why))
    out.print(shown)


def _batches(rt: Runtime, stones: Sequence[Tombstone], ids: Sequence[str]) -> Iterator[list[str]]:
    if stones and stones[0].kind == "host":
        yield from all_of_site(rt, stones[0].host)
        return
    yield from in_lots(ids)


def _id(rt: Runtime, article: str) -> str:
    """Return the id of an article, whether anybody has listed it yet or not."""
    if "://" in article:
        return article_id(canonical(article))
    if record := find(rt, article):
        return record.id
    if ID.fullmatch(article):
        return article
    return refuse(f"{article}: no such article; to keep out one that was never admitted, give its address")


def _show(found: Iterator[Traces], count: int, *, as_json: bool) -> None:
    if as_json:
        for one in found:
            emit(one)
        return
    shown = table("state", "documents", "versions", "pages", "stories", Column("article", overflow="fold"))
    for one in found:
        counts = (one.documents, one.versions, one.pages, one.stories)
        shown.add_row(one.state, *map(str, counts), arabic(one.title or one.url or one.id))
    out.print(shown)
    out.print(f"{count} article{'s' * (count != 1)}; no variant of their addresses comes in again")


def _user() -> str:
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return ""
