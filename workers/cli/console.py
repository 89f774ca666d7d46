"""How the command line prints: tables, Arabic lines, complaints."""

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from workers.settings import terminal_is_bidi
from workers.store.articles import MARKS

out: Final = Console(highlight=False)
err: Final = Console(stderr=True, highlight=False)
ISOLATE: Final = ("\u2067", "\u2069")
"""RIGHT-TO-LEFT ISOLATE and its end (Unicode Bidirectional Algorithm, 2.4)."""


def complain(message: str) -> None:
    """Print an error."""
    err.print(Text(message, style="red"))


def arabic(text: str) -> Text:
    """Return an Arabic line: isolated as right-to-left where the terminal orders text, its hits in bold."""
    plain = Text(justify="right" if out.is_terminal else "left")
    for part in text.split(MARKS[0]):
        hit, mark, rest = part.partition(MARKS[1])
        plain.append(hit, style="bold yellow" if mark else "")
        plain.append(rest)
    if out.is_terminal and terminal_is_bidi():
        return Text(ISOLATE[0]).append_text(plain).append(ISOLATE[1])
    return plain


def ends_table(counts: dict[tuple[str, str], int], title: str) -> Table:
    """Return the table of states and reasons."""
    table = Table("state", "reason", title=title)
    table.add_column("articles", justify="right")
    for (state, reason), count in sorted(counts.items()):
        table.add_row(state, reason, str(count))
    table.add_section()
    table.add_row("all", "", str(sum(counts.values())))
    return table
