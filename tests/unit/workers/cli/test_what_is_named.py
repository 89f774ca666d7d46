"""What a command is told and cannot use is said, and is no success."""

import pytest

from ingest.ledger.record import Record, State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Source
from tests.fakes import World
from tests.unit.workers.cli.conftest import Command

SOURCE = Source("5" * 32, "feed", "http://h/feed", name="صحيفة", interval_s=600)


def said(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


@pytest.fixture
def failed(world: World) -> Record:
    """Have two articles that failed, and one that waits; return the first."""
    world.sources.put(SOURCE)
    three = [admitted(SOURCE, Entry(f"http://h/{number}"), world.clock.at) for number in range(3)]
    ends = [ended(one, State.FAILED, world.clock.at, "http_500") for one in three[:2]]
    world.ledger.save([*ends, three[2]])
    world.clock.forward(60)
    return ends[0]


def pending(world: World) -> set[str]:
    return {one.url for one in world.ledger.records.values() if one.pending}


def test_an_article_that_cannot_be_tried_again_is_named(world: World, warraq: Command, failed: Record) -> None:
    done = warraq("retry", failed.id[:12], "http://h/none", "http://h/2")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (1, "articles reopened: 1")
    assert "'http://h/none': no such article" in said(done.stderr)
    assert "'http://h/2' is pending: only what failed or was rejected" in said(done.stderr)
    assert pending(world) == {"http://h/0", "http://h/2"}
    assert warraq("retry", "http://h/1").exit_code == 0


def test_an_empty_name_stands_for_no_article(world: World, warraq: Command, failed: Record) -> None:
    assert failed
    for empty in ("", " "):
        assert warraq("retry", empty).exit_code == 1
    assert pending(world) == {"http://h/2"}
