"""The short form of the chaos suite: each fault once, with few articles. `python -m tests.chaos` is the long one."""

from collections.abc import Iterator

import pytest

from deploy.local import stack as local
from deploy.local.stack import Stack
from tests.chaos.faults import FAULTS
from tests.chaos.harness import SHORT, Fault, run
from tests.chaos.rig import Rig
from tests.conftest import HEAP, OVERRIDES

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def rig(stack: Stack) -> Iterator[Rig]:
    """Hand over the session's stack, and bring it up again as the other tests know it."""
    assert stack.redis_port
    with Rig(HEAP) as made:
        yield made
        local.up(OVERRIDES, HEAP)


@pytest.mark.parametrize("fault", FAULTS[1:], ids=lambda fault: fault.name.replace(" ", "-"))
def test_nothing_is_lost_and_nothing_is_there_twice(fault: Fault, rig: Rig) -> None:
    result = run(fault, rig, SHORT)
    assert result.lost == 0, result.problems
    assert result.duplicated == 0, result.problems
    assert result.problems == ()
    assert result.admitted == SHORT.articles + len(fault.specials)
    assert result.open_at_fault > 0, "the fault came too late to prove anything"
    assert result.recovery_s < float("inf"), result.problems
