"""A batch: a task that goes on with the next article of its queue, while the queue is long.

One article at a time: the next one leaves the queue when the one before has ended, and has its own begin, end, lease,
verdict and count of starts. So a batch that is killed costs what one article costs.
"""

import time
from collections.abc import Callable
from typing import Protocol

from ingest.policy.backlog import Batches
from ingest.upshot import Upshot, together


class Backlog(Protocol):
    """The messages that wait for the same task."""

    def waiting(self) -> int:
        """Return how many there are."""
        ...

    def take(self) -> tuple[str | None, int]:
        """Take the next one; return its article, None if there is none to be had, and how many wait behind it."""
        ...


def batch(
    first: str,
    work: Callable[[str], Upshot],
    backlog: Backlog,
    batches: Batches,
    clock: Callable[[], float] = time.monotonic,
) -> Upshot:
    """Work on an article, and on those behind it as long as `batches` says; return what became of them all."""
    start, done = clock(), [work(first)]
    waiting = backlog.waiting() if batches.most > 1 else 0
    while batches.goes_on(len(done), clock() - start, waiting):
        article, waiting = backlog.take()
        if article is None:
            break
        done.append(work(article))
    return together(done)
