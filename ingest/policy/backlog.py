"""What is done for many articles at once while there is a backlog: each message and each bulk has a cost of its own."""

from dataclasses import dataclass
from typing import Final

LONG_S: Final = 0.5
"""Seconds after which a task begins no further article: that one still has nearly all of the time that a task may take,
and a worker that is asked to end has not long to wait."""

LINGER_S: Final = 0.2
"""Seconds for which the first outcome of a bulk waits for others: one alone costs nearly as much as fifty."""
LINGER_BEHIND_S: Final = 1.0
"""The same while pages wait to be processed, for longer than that: nobody would find the article sooner."""


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

    def linger_s(self, waiting: int) -> float:
        """Return for how long outcomes wait for others, while so many pages wait to be processed."""
        return LINGER_BEHIND_S if self.most > 1 and waiting > self.behind else LINGER_S
