"""What a task has to say when it has ended: of which article or source, and what became of it. Flower shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

LONGEST: Final = 300
"""Characters of each part; the rest is in the ledger."""

LONGEST_OF_ALL: Final = 4_000
"""Characters of what is said of all articles of a batch."""


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


def together(some: Sequence[Upshot]) -> Upshot:
    """Return what became of the articles of a batch, each with its address; it ends as its worst one did."""
    if len(some) == 1:
        return some[0]
    endings = {one.ending for one in some}
    ending = next((one for one in (Ending.FAILED, Ending.PUT_BACK) if one in endings), Ending.DONE)
    first = sorted(some, key=lambda one: one.ending is not ending)  # what decides its colour must not be cut off
    told = "; ".join(f"{one.about}: {one.said}" if one.about else one.said for one in first)
    return Upshot(f"{len(some)} articles", told[:LONGEST_OF_ALL], ending)


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
