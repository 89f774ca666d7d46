"""Portions of what is read or written at once, by what each part weighs: some are as long as a thousand others."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def by_weight(some: Iterable[T], weight: Callable[[T], int], room: int, most: int | None = None) -> Iterator[list[T]]:
    """Yield them in lists of at most `most`, which weigh no more than `room` together, or are one."""
    portion, heavy = list[T](), 0
    for one in some:
        if portion and (len(portion) == most or heavy + weight(one) > room):
            yield portion
            portion, heavy = [], 0
        portion.append(one)
        heavy += weight(one)
    if portion:
        yield portion
