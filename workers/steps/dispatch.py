"""Messages to the next step's workers, as functions that the tasks provide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from redis.client import Pipeline


class Enqueue(Protocol):
    """Enqueues a message for each article."""

    def __call__(self, articles: Mapping[str, str], pipe: Pipeline | None = None) -> object:
        """Send the messages of these ids, each with words for Flower, as part of a transaction if one is given."""
        ...


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The queues that tick fills."""

    poll_source: Callable[[str], object]
    fetch_articles: Enqueue
    process_articles: Enqueue
    index_flush: Callable[[], object]
    group_articles: Callable[[], object]
