"""`warraq history` and `warraq changes`: whole words, both texts, in colours, marks, JSON and Atom."""

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from ingest.revisions.difference import Piece
from ingest.revisions.revision import next_version
from tests.fakes import World
from tests.unit.workers.cli.conftest import Command, rows
from workers.cli import console
from workers.cli.history import arabic_difference
from workers.store.outcomes import Outcome

URL = "http://h/1"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def edited(world: World) -> str:
    """An article whose number and headline were changed; its id."""
    now = world.clock.at
    source = Source("5" * 32, "feed", "http://h/feed")
    record = ended(admitted(source, Entry(URL, title="خبر"), now), State.INDEXED, now)
    old = Article(record.id, URL, "مقتل 3 أشخاص", "قتل 3 أشخاص في حادث <سير> أمس.", host="h", source_id=source.id)
    made = next_version(old, replace(old, title="مقتل 5 أشخاص", body=old.body.replace("3", "5")), now)
    world.index.write([Outcome(record, made.article, revisions=made.revisions)], now)
    return record.id


def test_a_history_shows_the_words_that_changed(edited: str, warraq: Command) -> None:
    done = warraq("history", edited[:12])
    assert done.exit_code == 0, done.output
    assert "[-3-] {+5+}" in done.stdout
    assert "headline, substantive" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_difference_runs_from_right_to_left_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal that can: the marked words are inside the isolate."""
    monkeypatch.setattr(console.out, "_force_terminal", True)
    monkeypatch.setattr(console, "terminal_is_bidi", lambda: True)
    line = arabic_difference((Piece("same", "قتل"), Piece("cut", "3"), Piece("new", "5"), Piece("same", "أمس")))
    assert line.plain == "\u2067قتل 3 5 أمس\u2069"


def test_a_history_as_json_has_every_version(edited: str, warraq: Command) -> None:
    (found,) = rows(warraq("history", URL, "--json"))
    assert found["id"] == edited
    assert [one["kinds"] for one in found["versions"]] == [["first"], ["headline", "substantive"]]


def test_an_article_that_nobody_knows(warraq: Command) -> None:
    done = warraq("history", "http://h/none")
    assert (done.exit_code, "no such article" in done.stderr) == (1, True)


@pytest.mark.parametrize(("options", "count"), [((), 1), (("--kind", "headline,gone"), 1), (("--kind", "gone"), 0)])
def test_changes_by_kind(edited: str, warraq: Command, options: tuple[str, ...], count: int) -> None:
    assert edited
    done = warraq("changes", "--json", *options)
    assert len(done.stdout.splitlines()) == count
    assert done.exit_code == (0 if count else 1)


def test_a_kind_that_does_not_exist_is_told(edited: str, warraq: Command) -> None:
    assert edited
    done = warraq("changes", "--kind", "huge")
    assert done.exit_code != 0
    assert "huge" in str(done.exception)


def test_changes_as_atom_are_a_feed_that_escapes_what_it_quotes(edited: str, warraq: Command) -> None:
    feed = ET.fromstring(warraq("changes", "--atom").stdout)  # our own
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:warraq:{edited}.1"
    content = entry.findtext(f"{ATOM}content") or ""
    assert "<del>3</del> <ins>5</ins>" in content
    assert "&lt;سير&gt;" in content
    assert [one.get("term") for one in entry.findall(f"{ATOM}category")] == ["headline", "substantive"]
    assert json.dumps(content)


def test_what_is_not_gone_cannot_be_taken_back(edited: str, warraq: Command) -> None:
    done = warraq("history", edited, "--not-gone")
    assert (done.exit_code, "is said to be gone" in done.stderr) == (1, True)
