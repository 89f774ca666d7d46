"""What an editor asks for at the desk, and what became of it. The desk only leaves a note: the workers do it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from pydantic import TypeAdapter

What = Literal["add", "try", "pause", "resume", "remove", "retry"]
WHATS: Final[tuple[str, ...]] = get_args(What)
PATIENCE: Final = timedelta(minutes=5)
"""How long an answer is waited for: an order is lost with the worker that has taken it, or with Redis."""
Wait = Literal["", "waits", "lost"]


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


def order_id(now: datetime, token: str) -> str:
    """Return the id of an order; it says when it was given."""
    return f"{int(now.timestamp()):x}-{token}"


def wait_for(wanted: str, now: datetime) -> Wait:
    """Tell of an order, by its id, whether its answer still comes (`waits`) or not any more (`lost`), "" of none."""
    try:
        age = now.timestamp() - int(wanted.partition("-")[0], 16)
    except ValueError:
        return ""
    return "waits" if abs(age) < PATIENCE.total_seconds() else "lost"


ORDER: Final = TypeAdapter(Order)
ANSWER: Final = TypeAdapter(Answer)
