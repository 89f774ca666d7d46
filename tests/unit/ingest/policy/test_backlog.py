"""When a task goes on with the next article, and how long outcomes wait for others."""

import pytest

from ingest.policy.backlog import LINGER_BEHIND_S, LINGER_S, LONG_S, Batches

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


def test_outcomes_wait_longer_for_others_while_pages_wait_for_longer_still() -> None:
    assert BATCHES.linger_s(5) == LINGER_S
    assert BATCHES.linger_s(6) == LINGER_BEHIND_S
    assert Batches(most=1, behind=5).linger_s(6) == LINGER_S
