"""A desk that changes headlines again and again: one edition after the other, from a moment on."""

import time
from dataclasses import dataclass
from typing import Final

EVERY_S: Final = 15.0
THIRD: Final = 3


@dataclass(slots=True)
class Editions:
    """Counts editions; the first comes at the begin, none after the end."""

    begun: float = float("inf")
    ended: float = float("inf")

    def begin(self) -> None:
        """Bring out the first edition now."""
        self.begun = time.monotonic()

    def end(self) -> None:
        """Let the current one be the last."""
        self.ended = time.monotonic()

    def current(self) -> int:
        """Return the number of the edition that is out; 0 = nothing has been changed yet."""
        since = min(time.monotonic(), self.ended) - self.begun
        return 1 + int(since // EVERY_S) if since >= 0 else 0


def is_edited(number: int) -> bool:
    """Tell whether an article is in the editions: each third."""
    return number % THIRD == THIRD - 1
