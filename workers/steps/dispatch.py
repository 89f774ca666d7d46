"""How one step has the next one done: the messages to the other workers, as functions that the tasks fill in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from redis.client import Pipeline


class Enqueue(Protocol):
    """Puts a message for each article into a queue."""

    def __call__(self, article_ids: list[str], pipe: Pipeline | None = None) -> object:
        """Send the messages, in this order; as a part of a transaction if there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The queues that tick fills."""

    poll_source: Callable[[str], object]
    fetch_articles: Enqueue
    process_articles: Enqueue
    index_flush: Callable[[], object]
