"""The short form of the chaos suite: each fault once, with few articles. `python -m tests.chaos` is the long one."""

import time

import pytest

from deploy.local.stack import Stack
from tests.chaos.faults import FAULTS
from tests.chaos.harness import SHORT, Fault, Running, run
from tests.conftest import OVERRIDES

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("fault", FAULTS[1:], ids=lambda fault: fault.name.replace(" ", "-"))
def test_nothing_is_lost_and_nothing_is_there_twice(fault: Fault, stack: Stack) -> None:
    result = run(fault, Running(stack, OVERRIDES, heap="256m"), SHORT, int(time.time()))
    assert result.lost == 0, result.problems
    assert result.duplicated == 0, result.problems
    assert result.admitted == SHORT.articles
    assert result.open_at_fault > 0, "the fault came too late to prove anything"
    assert result.recovery_s < float("inf"), result.problems
