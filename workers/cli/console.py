"""How the command line prints: tables, Arabic lines, JSON lines, complaints."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Final, NoReturn

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from workers.cli.terminal import terminal_is_bidi, terminal_width
from workers.steps.patience import Patience
from workers.store.articles import MARKS

out: Final = Console(highlight=False, width=terminal_width())
err: Final = Console(stderr=True, highlight=False, width=terminal_width())
ISOLATE: Final = ("\u2067", "\u2069")
"""RIGHT-TO-LEFT ISOLATE and its end (Unicode Bidirectional Algorithm, 2.4)."""
FIRST_STRONG: Final = ("\u2068", "\u2069")
"""FIRST STRONG ISOLATE and its end: a name of either script among words of the other."""

SPANS: Final = (("days", 86_400), ("h", 3600), ("min", 60), ("s", 1))

SOURCE_HELP: Final = "Of this source: its name, host, address or id, as `warraq sources list` shows them."

Json = Annotated[bool, typer.Option("--json", help="As JSON: one line, or one for each row.")]
"""The option of every command that shows data."""


def complain(message: str) -> None:
    """Print an error."""
    err.print(Text(message, style="red"))


def warn(message: str) -> None:
    """Print what should be looked at, though the command goes on."""
    err.print(Text(message, style="yellow"))


def refuse(message: str) -> NoReturn:
    """End the command: it was used wrongly."""
    complain(message)
    raise typer.Exit(2)


def require_yes(question: str, *, given: bool) -> None:
    """Ask, on stderr so that a pipe has results alone; without a yes the command ends with exit code 1."""
    if not given and not typer.confirm(question, err=True):
        raise typer.Exit(1)


def patience(seconds: float) -> Patience:
    """Return a patience that prints what it waits for."""
    return Patience(seconds, say=warn)


def emit(value: object) -> None:
    """Print a value as one line of JSON; a dataclass by the names of its fields."""
    plain = TypeAdapter[Any](type(value)).dump_python(value, mode="json")
    out.print(Text(json.dumps(plain, ensure_ascii=False)), soft_wrap=True)


def table(*columns: Column | str, title: str = "") -> Table:
    """Return a table without lines, so that its words have the whole width."""
    return Table(*columns, title=title or None, title_justify="left", box=None, padding=(0, 2, 0, 0), pad_edge=False)


def block(head: str, lines: Iterable[str]) -> None:
    """Print what belongs together: its name, and lines under it."""
    out.print(isolated(head), style="bold")
    for line in lines:
        if " " in line or "://" not in line:
            out.print(Padding(Text(line), (0, 0, 0, 2), expand=False))
        else:  # an address: the terminal breaks it, so that it is copied as one
            out.print(Text(f"  {line}"), soft_wrap=True)


def isolated(name: str) -> Text:
    """Return a name that does not reorder the words around it on terminals that handle bidirectional text."""
    return Text(f"{FIRST_STRONG[0]}{name}{FIRST_STRONG[1]}" if out.is_terminal and terminal_is_bidi() else name)


def arabic(text: str) -> Text:
    """Return an Arabic line, its hits in bold; isolated as right-to-left if the terminal handles bidirectional text."""
    plain = Text(justify="right" if out.is_terminal else "left")
    for part in text.split(MARKS[0]):
        hit, mark, rest = part.partition(MARKS[1])
        plain.append(hit, style="bold yellow" if mark else "")
        plain.append(rest)
    return right_to_left(plain)


def right_to_left(line: Text) -> Text:
    """Return a line isolated as right-to-left if the terminal handles bidirectional text."""
    if out.is_terminal and terminal_is_bidi():
        return Text(ISOLATE[0]).append_text(line).append(ISOLATE[1])
    return line


def utc(moment: str) -> str:
    """Return an ISO 8601 time as people read it, in UTC: two papers' local times cannot be compared. '' of ''."""
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d %H:%M}" if moment else ""


def span(seconds: float) -> str:
    """Return a span of time in its largest unit that it has two of: `3 h`."""
    unit, size = next((one for one in SPANS if seconds >= 2 * one[1]), SPANS[-1])
    return f"{seconds / size:.0f} {unit}"


def ends_table(counts: dict[tuple[str, str], int], title: str) -> Table:
    """Return the table of states and reasons."""
    ends = table("state", "reason", Column("articles", justify="right"), title=title)
    for (state, reason), count in sorted(counts.items()):
        ends.add_row(state, reason, str(count))
    ends.add_section()
    ends.add_row("all", "", str(sum(counts.values())))
    return ends
