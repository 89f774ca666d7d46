"""How fast it is, and how long it will take."""

from collections.abc import Iterator

import pytest
from rich.progress import Progress, TaskID

from workers.cli.rate import Left, Rate


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def bar() -> Iterator[tuple[Progress, TaskID, Clock]]:
    clock = Clock()
    progress = Progress(get_time=clock, auto_refresh=False, disable=True)
    yield progress, progress.add_task("", total=1000), clock
    progress.stop()


def test_before_anything_is_done_nothing_is_known(bar: tuple[Progress, TaskID, Clock]) -> None:
    task = bar[0].tasks[0]
    assert (str(Rate().render(task)), str(Left().render(task))) == ("", "")


def test_rate_and_time_left(bar: tuple[Progress, TaskID, Clock]) -> None:
    progress, key, clock = bar
    for _ in range(4):
        clock.at += 1
        progress.update(key, advance=100, unit=" MB")
    assert str(Rate().render(progress.tasks[0])) == "100 MB/s"
    assert str(Left(compact=True).render(progress.tasks[0])) == "00:06 left"


def test_what_is_slow_has_a_digit_more_and_what_is_over_no_time_left(bar: tuple[Progress, TaskID, Clock]) -> None:
    progress, key, clock = bar
    for _ in range(4):
        clock.at += 40 / 3
        progress.update(key, advance=20)
    assert str(Rate().render(progress.tasks[0])) == "1.5/s"
    progress.update(key, completed=1000)
    assert str(Left().render(progress.tasks[0])) == ""
