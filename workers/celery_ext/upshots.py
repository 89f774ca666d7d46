"""How a task's upshot comes from its process or thread to the one that sends the events.

Celery hands a result on as its `repr`, and sends that as `result` of `task-succeeded`.
"""

from dataclasses import dataclass
from typing import Final

from ingest.upshot import Ending, Upshot

SEPARATOR: Final = "\x1f"
"""ASCII's unit separator: no part has one, since what is not printable is taken out of them."""


@dataclass(frozen=True, slots=True, repr=False)
class Packed:
    """An upshot as a task returns it."""

    upshot: Upshot

    def __repr__(self) -> str:
        return SEPARATOR.join((self.upshot.ending, self.upshot.about, self.upshot.said))


def unpacked(result: object) -> Upshot | None:
    """Return the upshot of a task's result, or None if it is another one's."""
    if not isinstance(result, str) or result.count(SEPARATOR) != 2:  # noqa: PLR2004  # three parts
        return None
    ending, about, said = result.split(SEPARATOR)
    return Upshot(about, said, Ending(ending))
