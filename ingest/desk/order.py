"""What an editor asks for at the desk, and what became of it. The desk only leaves a note: the workers do it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from pydantic import TypeAdapter

What = Literal["add", "try", "pause", "resume", "remove", "retry"]
WHATS: Final[tuple[str, ...]] = get_args(What)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One wish."""

    id: str
    what: What
    asked_at: datetime
    url: str = ""
    """Of the source that is added, or tried."""
    name: str = ""
    source: str = ""
    """Id of the source."""
    reason: str = ""
    """Of the failures that are tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of it."""

    order: Order
    at: datetime
    ok: bool = True
    said: str = ""
    """Why not, where it was not done."""
    number: int = 0
    """How many articles, or entries."""
    found: tuple[str, ...] = ()
    """Some of the entries that a listing has."""


ORDER: Final = TypeAdapter(Order)
ANSWER: Final = TypeAdapter(Answer)
