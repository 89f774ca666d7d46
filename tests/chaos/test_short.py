"""The short form of the chaos suite: each fault once, with few articles, a group of them on the same stack.

`python -m tests.chaos` is the long one.
"""

from collections.abc import Iterator

import pytest

from deploy.local import stack as local
from deploy.local.stack import Stack
from tests.chaos.faults import GROUPS
from tests.chaos.faults import SHORT as SHORT_GROUPS
from tests.chaos.harness import SHORT, run
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


@pytest.mark.parametrize("group", SHORT_GROUPS)
def test_nothing_is_lost_and_nothing_is_there_twice(group: str, rig: Rig) -> None:
    faults = GROUPS[group]
    for fault, result in zip(faults, run(faults, rig, SHORT), strict=True):
        what = f"{fault.name}: {result.problems}"
        assert (result.lost, result.duplicated, result.problems) == (0, 0, ()), what
        assert result.admitted == SHORT.articles + len(fault.specials(SHORT)), what
        assert result.open_at_fault > 0, f"{what}; it came too late to prove anything"
        assert result.recovery_s < float("inf"), what
