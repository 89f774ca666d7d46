"""The command line on a world of fakes."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.fakes import World
from workers import cli, runtime
from workers.cli import console

Command = Callable[..., Result]


@pytest.fixture
def warraq(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Run `warraq` as on a terminal of 80 columns."""
    monkeypatch.setattr(runtime, "build", lambda _: world.rt)
    monkeypatch.setattr("workers.cli.stack.in_checkout", lambda: False)
    monkeypatch.setattr(console.out, "_width", 80)
    monkeypatch.setattr(console.err, "_width", 80)
    runtime.runtime.cache_clear()
    yield lambda *arguments: CliRunner().invoke(cli.app, list(arguments))
    runtime.runtime.cache_clear()


def rows(done: Result) -> list[dict[str, Any]]:
    """Return the JSON lines of an output."""
    return [json.loads(line) for line in done.stdout.splitlines()]
