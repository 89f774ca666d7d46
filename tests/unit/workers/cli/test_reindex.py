"""`warraq reindex`: what was built is swapped in, or goes."""

from contextlib import nullcontext

import pytest
from typer.testing import CliRunner

from workers import cli
from workers.cli import reindex
from workers.steps.reindex import Rebuilt


@pytest.mark.parametrize(
    ("arguments", "answer", "done"),
    [
        ((), "y\n", "swap"),
        ((), "n\n", "drop"),
        ((), "", "drop"),
        (("--yes",), "", "swap"),
        (("--dry-run",), "", "drop"),
    ],
)
@pytest.mark.usefixtures("warraq")
def test_without_a_yes_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], answer: str, done: str
) -> None:
    did: list[str] = []
    for name in ("swap", "drop"):
        monkeypatch.setattr(reindex, name, lambda *_, name=name, **__: did.append(name))
    monkeypatch.setattr(reindex, "rebuild", lambda *_, **__: Rebuilt((), 0, (), {}))
    monkeypatch.setattr(reindex, "client", lambda *_, **__: nullcontext())
    monkeypatch.setattr(reindex, "secret", lambda _: "")
    for name in ("Reindex", "Searches"):
        monkeypatch.setattr(reindex, name, lambda _: None)
    CliRunner().invoke(cli.app, ["reindex", *arguments], input=answer)
    assert did == [done]
