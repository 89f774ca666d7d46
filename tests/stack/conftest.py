"""The newsroom, and the command line as a person runs it."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from deploy.demo.newsroom import Newsroom
from deploy.demo.proof import Proof
from deploy.local.stack import Stack
from tests.stack import forked

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def newsroom() -> Iterator[Newsroom]:
    """Serve the demo newsroom on a port of its own: its articles are new to the stack, whatever ran before."""
    with Newsroom(0, datetime.now(UTC)) as serving:
        yield serving


@pytest.fixture(scope="session")
def proof(stack: Stack) -> Proof:
    return Proof.of_stack(stack.env)


@pytest.fixture(scope="session")
def warraq(stack: Stack) -> Command:
    """Run `warraq` in a process of its own."""
    forked.preload({"WARRAQ_HOME": str(stack.home), "COLUMNS": "200"})
    return forked.warraq
