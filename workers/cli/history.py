"""`warraq history` and `warraq changes`: what was published, and what became of it."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Final

import typer
from rich.text import Text

from ingest.errors import Permanent
from ingest.revisions.atom import atom
from ingest.revisions.difference import Piece
from ingest.revisions.edit import Kind
from ingest.since import since as moment
from workers.cli.console import SOURCE_HELP, Json, arabic, complain, emit, out, refuse, right_to_left
from workers.runtime import runtime
from workers.steps.history import Version, changes, history, version
from workers.steps.still_there import not_gone
from workers.steps.story import find

STYLES: Final = {"same": "", "cut": "red strike", "new": "bold green"}
MARKED: Final = {"same": "{}", "cut": "[-{}-]", "new": "{{+{}+}}"}
"""As `git diff --word-diff` has it, where there are no colours."""
AROUND: Final = 12
"""Words that are shown before and after a change."""


def show_history(
    article: Annotated[str, typer.Argument(help="Its id, the first 12 digits, or its address.")],
    *,
    still_there: Annotated[
        bool, typer.Option("--not-gone", help="Say that it is still there, whatever we find.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the versions of an article, and which words changed from one to the next."""
    if still_there:
        if as_json:
            refuse("--not-gone shows nothing: leave out --json")
        _say_not_gone(article)
        return
    found = history(runtime(), article=article)
    if found is None:
        complain(f"{article}: no such article was ever admitted")
        raise typer.Exit(1)
    if as_json:
        emit(found)
        return
    out.print(arabic(found.title), style="bold")
    out.print(Text(found.url, style="dim"), soft_wrap=True)
    for one in found.versions:
        _show(one)
    if not found.versions:
        out.print("never seen changed")
    if found.next_look_at:
        out.print(f"next look: {found.next_look_at:%Y-%m-%d %H:%M} UTC")


def _say_not_gone(article: str) -> None:
    record = find(runtime(), article)
    if record is None or not not_gone(runtime(), record):
        complain(f"{article}: no such article is said to be gone")
        raise typer.Exit(1)
    out.print("in some seconds its document says so too; it is not looked at any more")


def show_changes(
    *,
    since: Annotated[str, typer.Option(help="Seen since then: 24h, 7d, 2026-07-01, yesterday, أمس (UTC).")] = "24h",
    kind: Annotated[str, typer.Option(help=f"Of these kinds: {', '.join(list(Kind)[1:])}.")] = "",
    source: Annotated[str, typer.Option(help=SOURCE_HELP)] = "",
    as_atom: Annotated[bool, typer.Option("--atom", help="As an Atom feed.")] = False,
    as_json: Json = False,
) -> None:
    """Show what was changed, taken away or brought back of late."""
    if as_atom and as_json:
        refuse("either --atom or --json")
    rt = runtime()
    found = changes(rt, since=moment(since, rt.now()), kinds=kinds_of(kind), source=source)
    if as_atom:
        print(atom(found, rt.now()), end="")  # noqa: T201  # a file's content
        return
    empty = True
    for one in found:
        empty = False
        if as_json:
            emit(version(one))
        else:
            out.print(arabic(one.title), style="bold")
            out.print(Text(one.url, style="dim"), soft_wrap=True)
            _show(version(one))
    if empty:
        complain(f"nothing has changed since {since}")
        raise typer.Exit(1)


def kinds_of(text: str) -> tuple[Kind, ...]:
    """Return the kinds of `headline,gone`. Raises Permanent (`bad_kind`)."""
    named = tuple(word.strip() for word in text.split(",") if word.strip())
    if wrong := [word for word in named if word not in list(Kind)]:
        raise Permanent("bad_kind", f"{wrong[0]!r} is no kind of change; one of {', '.join(list(Kind)[1:])}")
    return tuple(map(Kind, named))


def _show(one: Version) -> None:
    out.print(Text(f"{one.number}  {one.seen_at:%Y-%m-%d %H:%M}  {', '.join(one.kinds)}"))
    for passage in one.changes:
        out.print(arabic_difference(passage))
    out.print()


def arabic_difference(passage: Iterable[Piece]) -> Text:
    """Return a passage with its changed words marked, and some words around them."""
    line = Text(justify="right" if out.is_terminal else "left")
    for number, piece in enumerate(parts := list(passage)):
        text = _shortened(piece, first=number == 0, last=number == len(parts) - 1)
        marked = text if out.is_terminal else MARKED[piece.what].format(text)
        line.append(marked, style=STYLES[piece.what])
        line.append(" ")
    line.rstrip()
    return right_to_left(line)


def _shortened(piece: Piece, *, first: bool, last: bool) -> str:
    words = piece.text.split()
    if piece.what != "same" or len(words) <= 2 * AROUND:
        return piece.text
    return " ".join(_ends(words, first=first, last=last))


def _ends(words: list[str], *, first: bool, last: bool) -> Iterator[str]:
    yield from () if first else words[:AROUND]
    yield "…"
    yield from () if last else words[-AROUND:]
