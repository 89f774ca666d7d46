"""Messages to the next step's workers, as functions that the tasks provide."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from redis.client import Pipeline


class Enqueue(Protocol):
    """Enqueues a message for each article."""

    def __call__(self, article_ids: list[str], pipe: Pipeline | None = None) -> object:
        """Send the messages, in this order, as part of a transaction if one is given."""
        ...


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The queues that tick fills."""

    poll_source: Callable[[str], object]
    fetch_articles: Enqueue
    process_articles: Enqueue
    index_flush: Callable[[], object]
