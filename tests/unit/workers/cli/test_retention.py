"""`warraq retention`: shows what would go, asks, and removes nothing without a yes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from typer.testing import CliRunner

from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Source
from tests.fakes import World
from tests.unit.workers.cli.conftest import Command, rows
from workers import cli


@pytest.fixture
def old(world: World) -> Record:
    """A record that is old enough to be slimmed."""
    world.rt = replace(world.rt, settings=world.rt.settings.model_copy(update={"keep_ledger_days": 30}))
    then: datetime = world.clock() - timedelta(days=40)
    record = ended(admitted(Source("s", "feed", "http://h/"), Entry("http://h/1"), then), State.FAILED, then, "x")
    world.ledger.save([record])
    return record


def is_slim(world: World, record: Record) -> bool:
    return world.ledger.records[record.id].slim


def test_a_dry_run_shows_a_table_and_removes_nothing(world: World, old: Record, warraq: Command) -> None:
    done = warraq("retention", "--dry-run")
    assert done.exit_code == 0
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("ledger")]
    assert line.split()[:4] == ["ledger", "30", "days", "1"]
    assert "for ever" in done.stdout
    assert not is_slim(world, old)


@pytest.mark.parametrize(("answer", "removed"), [("n\n", False), ("y\n", True), ("", False)])
@pytest.mark.usefixtures("warraq")
def test_it_asks_first(world: World, old: Record, answer: str, *, removed: bool) -> None:
    done = CliRunner().invoke(cli.app, ["retention"], input=answer)
    assert ("Remove?" in done.stderr, "Remove?" in done.stdout) == (True, False), "what is piped has no question"
    assert ("removed: ledger 1" in done.stdout, is_slim(world, old)) == (removed, removed)
    assert (done.exit_code == 0) == removed, "whoever runs it in a script must know"


def test_yes_asks_nothing(world: World, old: Record, warraq: Command) -> None:
    assert "Remove?" not in warraq("retention", "--yes").output
    assert is_slim(world, old)
    done = warraq("retention", "--yes")
    assert (done.exit_code, "removed:" in done.stdout) == (0, False), "nothing is left to remove"


def test_a_retry_of_what_is_slim_says_why_nothing_comes_of_it(old: Record, warraq: Command) -> None:
    warraq("retention", "--yes")
    done = warraq("retry", old.id)
    assert (done.exit_code, "no page of them is stored" in " ".join(done.stderr.split())) == (1, True)


def test_json_has_a_line_for_each_kind(old: Record, warraq: Command) -> None:
    assert old
    found = {one["kind"]: one for one in rows(warraq("retention", "--dry-run", "--json"))}
    assert list(found) == ["pages", "articles", "ledger", "tallies", "revisions", "stories"]
    assert (found["ledger"]["count"], found["pages"]["days"], found["articles"]["days"]) == (1, 30, 0)
