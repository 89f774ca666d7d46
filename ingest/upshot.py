"""What a task has to say when it has ended: of which article or source, and what became of it. Flower shows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

LONGEST: Final = 300
"""Characters of each part; the rest is in the ledger."""


class Ending(StrEnum):
    """How a task's work ended, by Celery's names of states."""

    DONE = "SUCCESS"
    PUT_BACK = "RETRY"
    FAILED = "FAILURE"


@dataclass(frozen=True, slots=True)
class Upshot:
    """How a task ended, in words."""

    about: str
    """Its article as host and path, or its source's name; '' = what its message says."""
    said: str
    """What it brought, or why not."""
    ending: Ending = Ending.DONE


NOTHING: Final = Upshot("", "nothing to do")
"""Of a message that came twice, or too late."""


def place(url: str) -> str:
    """Return an address as people read it: host and path, with its letters and not their escapes, without a query."""
    parts = urlsplit(url)
    return readable(f"{parts.netloc}{unquote(parts.path)}")


def readable(text: str) -> str:
    """Return a text as one short line."""
    line = text[:LONGEST]
    return line if line.isprintable() else "".join(one if one.isprintable() else " " for one in line)


def size(count: int) -> str:
    """Return a number of bytes in KB, as `81 KB`."""
    return f"{-(-count // 1024)} KB"
