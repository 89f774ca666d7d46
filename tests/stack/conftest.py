"""The newsroom, and the command line as a person runs it."""

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from deploy.demo.newsroom import Newsroom
from deploy.demo.proof import Proof
from deploy.local import places
from deploy.local.stack import Stack

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

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [places.interpreter_folder() / "warraq", *arguments],
            env={**os.environ, "WARRAQ_HOME": str(stack.home), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    return run
