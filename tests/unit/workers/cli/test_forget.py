"""`warraq forget`: it shows first, asks, and says what was done; `forgotten` and `check` tell of it."""

from dataclasses import replace
from typing import cast

import pytest

from ingest.document import index_of
from ingest.forget import of_article
from ingest.ledger.record import State
from ingest.model import Entry
from ingest.urls import article_id
from tests.fakes import FakeEraser, World, operator
from tests.unit.workers.cli.conftest import Command, rows
from tests.unit.workers.steps.site import HTML, SOURCE, page
from workers.steps import admit as admission

URL = "http://site.test/1"
KEY = article_id(URL)
MINE: list[FakeEraser] = []
"""What the operator of each world deletes with."""


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world with an indexed article, and an operator."""
    mine = operator(world)
    MINE.append(cast("FakeEraser", mine.eraser))
    for module in ("forget", "check"):
        monkeypatch.setattr(f"workers.cli.{module}.operator", lambda _: mine)
    world.sources.put(SOURCE)
    world.web.answers[URL] = page(URL, HTML)
    admission.admit(world.rt, SOURCE, [Entry(URL, title="ارتفاع")])
    world.run()
    assert world.ledger.records[KEY].state is State.INDEXED
    return world


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "arguments", [(), (URL,), (URL, "--host", "h", "--why", "x"), ("no such thing", "--why", "x"), ("--why", "x")]
)
def test_what_is_not_said_clearly_is_refused(warraq: Command, arguments: tuple[str, ...]) -> None:
    assert warraq("forget", *arguments).exit_code == 2


def test_nothing_happens_before_the_answer(world: World, warraq: Command) -> None:
    for arguments in (("--dry-run",), ("--why", "x")):  # no answer is a no
        done = warraq("forget", URL, *arguments)
        assert "ارتفاع" in done.stdout
        assert KEY in world.index.articles
        assert world.rt.tombstones.all() == []


def test_it_is_done_and_told(world: World, warraq: Command) -> None:
    done = warraq("forget", KEY[:12], "--why", "asked for", "--who", "me", "--yes")
    assert (done.exit_code, "forgotten: 1" in done.stdout) == (0, True)
    assert KEY not in world.index.articles
    (told,) = rows(warraq("forgotten", "--json"))
    assert (told["id"], told["kind"], told["why"], told["who"]) == (KEY, "article", "asked for", "me")
    assert "asked for" in warraq("forgotten").stdout
    assert rows(warraq("check", "--json"))[0]["forgotten"] == []


def test_an_article_that_nobody_has_listed_is_kept_out(world: World, warraq: Command) -> None:
    assert warraq("forget", "https://site.test/never", "--why", "x", "--yes").exit_code == 0
    assert admission.admit(world.rt, SOURCE, [Entry("http://site.test/never")]).admitted == 0


def test_a_check_names_what_is_left_and_repairs_it(world: World, warraq: Command) -> None:
    warraq("forget", "--host", "site.test", "--why", "x", "--yes")
    assert world.ledger.records[KEY].state is State.FORGOTTEN
    late = article_id("http://site.test/2")
    world.rt.tombstones.hosts = frozenset  # type: ignore[method-assign]  # this worker has not heard of it yet
    admission.admit(world.rt, SOURCE, [Entry("http://site.test/2")])
    done = warraq("check")
    assert (done.exit_code, "site.test was forgotten" in done.stderr) == (1, True)
    assert world.ledger.records[late].state is State.PENDING
    assert warraq("check", "--repair", "--yes").exit_code == 1
    assert world.ledger.records[late].state is State.FORGOTTEN
    assert warraq("check").exit_code == 0


def test_a_source_of_a_forgotten_host_is_named(world: World, warraq: Command) -> None:
    world.sources.put(replace(SOURCE, id="mine", url="https://www.site.test/feed"))
    done = warraq("forget", "--host", "site.test", "--why", "x", "--yes")
    assert "`warraq sources remove mine`" in done.stderr
    assert SOURCE.url not in done.stderr


def test_a_repair_rewrites_the_disks_of_all_months_not_of_the_last_one_alone(world: World, warraq: Command) -> None:
    """Two takedowns were killed before they had deleted anything, of articles of two months."""
    (month,) = {index_of(world.ledger.records[KEY])}
    record = replace(world.ledger.records[KEY], id="b" * 32, url="http://other/1", version=9)
    other = replace(record, admitted_at=record.admitted_at.replace(year=2001))
    world.ledger.create([other])
    world.elastic.indexed(index_of(other))[other.id] = (9, world.elastic.indexed(month)[KEY][1] | {"id": other.id})
    world.rt.tombstones.put([of_article(key, world.clock(), "x", "") for key in (KEY, other.id)])
    assert warraq("check", "--repair", "--yes").exit_code == 1
    assert world.index.articles == {}
    assert {month, index_of(other)} <= set(MINE[-1].erased)
    assert warraq("check").exit_code == 0


@pytest.mark.parametrize(("arguments", "stays"), [((), True), (("--repair",), True), (("--repair", "--yes"), False)])
def test_a_repair_asks_before_it_removes_anything(
    world: World, warraq: Command, arguments: tuple[str, ...], *, stays: bool
) -> None:
    """A stack that was made anew beside its old page store knows none of its pages: they wait for a restore."""
    world.elastic.names.clear()
    world.clock.forward(2 * 86_400)
    done = warraq("check", *arguments)
    assert "1 stored pages of no article" in done.stderr
    assert bool(world.rt.pages.names(KEY)) == stays
    assert ("1 pages and 0 articles are deleted" in done.stdout) != stays
