"""The command line on a world of fakes."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from tests.fakes import World
from workers import cli, runtime
from workers.cli import console

Command = Callable[..., Result]


COMMAND = get_command(cli.app)
"""Built once; typer's runner would build it for each call, which takes longer than most commands."""


@pytest.fixture
def warraq(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Run `warraq` as on a terminal of 80 columns."""
    monkeypatch.setattr(runtime, "build", lambda _: world.rt)
    monkeypatch.setattr("workers.cli.stack.in_checkout", lambda: False)
    monkeypatch.setattr(console.out, "_width", 80)
    monkeypatch.setattr(console.err, "_width", 80)
    monkeypatch.setattr("typer.testing._get_command", lambda _: COMMAND)
    runtime.runtime.cache_clear()
    yield lambda *arguments: CliRunner().invoke(cli.app, list(arguments))
    runtime.runtime.cache_clear()


def rows(done: Result) -> list[dict[str, Any]]:
    """Return the JSON lines of an output."""
    return [json.loads(line) for line in done.stdout.splitlines()]
