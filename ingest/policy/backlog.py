"""When a worker goes on with the next article by itself: Celery's part of a message is paid once for many of them."""

from dataclasses import dataclass
from typing import Final

LONG_S: Final = 0.5
"""Seconds after which a task begins no further article: that one still has nearly all of the time that a task may take,
and a worker that is asked to end has not long to wait."""


@dataclass(frozen=True, slots=True)
class Batches:
    """How a backlog is worked off."""

    most: int
    """Articles of one task at most; 1 = always a task for each."""
    behind: int
    """Messages that must wait in the queue for a task to go on."""

    def goes_on(self, done: int, seconds: float, waiting: int) -> bool:
        """Return whether a task takes another article, after those it has done, while so many messages wait.

        It takes one only when it can begin it at once, so none is ever in hand that is not being worked on.
        """
        return waiting > self.behind and done < self.most and seconds < LONG_S
