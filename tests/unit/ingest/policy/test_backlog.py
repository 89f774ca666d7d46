"""When a task goes on with the next article."""

import pytest

from ingest.policy.backlog import LONG_S, Batches

BATCHES = Batches(most=20, behind=5)


@pytest.mark.parametrize(
    ("done", "seconds", "waiting", "expected"),
    [
        (1, 0.0, 6, True),
        (1, 0.0, 5, False),  # the queue is short: a task for each, which Flower shows one by one
        (19, 0.0, 6, True),
        (20, 0.0, 600, False),
        (2, LONG_S, 600, False),  # the next one would have less than its time
    ],
)
def test_a_task_goes_on_while_it_is_behind(done: int, seconds: float, waiting: int, *, expected: bool) -> None:
    assert BATCHES.goes_on(done, seconds, waiting) is expected


def test_batches_can_be_forced_and_forbidden() -> None:
    assert Batches(most=20, behind=0).goes_on(1, 0.0, 1)
    assert not Batches(most=1, behind=0).goes_on(1, 0.0, 1000)
