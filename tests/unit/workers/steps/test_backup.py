"""Backups in a world of fakes: made step by step, by whoever is alive; restored, with what was forgotten since."""

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from ingest.backup import PHASES
from ingest.document import ARTICLE_INDICES, ARTICLES, index_of
from ingest.errors import Permanent, Unavailable
from ingest.forget import of_article
from ingest.ledger.record import State
from ingest.model import Entry
from ingest.urls import article_id
from tests.fakes import World, fetched, operator
from tests.unit.workers.steps.site import HTML, SOURCE, page
from workers.steps import admit as admission
from workers.steps.backup import Keeper, make, scheduled
from workers.steps.forget import forget
from workers.steps.process import process_page
from workers.steps.restore import chosen, fetch, restore
from workers.steps.sweep import rebuild
from workers.store.snapshots import Snapshots
from workers.store.vault import Vault

KEEP = 3


class FakeSnapshots(Snapshots):
    """Snapshots of a FakeElastic, each whole at the second look."""

    def __init__(self, world: World, vault: Vault) -> None:
        self.world = world
        self.vault = vault
        self.states: dict[str, str] = {}
        self.kept: dict[str, Any] = {}
        self.fails = False

    def register(self) -> None:
        """There is no repository."""

    def forget_repository(self) -> None:
        """There is none."""

    def all(self) -> list[tuple[str, str]]:
        found = list(self.states.items())
        self.states = dict.fromkeys(self.states, "SUCCESS") if not self.fails else self.states
        return found

    def begin(self, name: str, kinds: Sequence[str]) -> None:
        self.states[name] = "FAILED" if self.fails else "IN_PROGRESS"
        self.vault.put(f"elasticsearch/snap-{name}.dat", b"")
        self.vault.put("elasticsearch/index.latest", b"")
        prefixes = tuple(ARTICLES if kind == ARTICLE_INDICES else kind for kind in kinds)
        names = self.world.elastic.names
        self.kept[name] = deepcopy({one: names[one] for one in names if one.startswith(prefixes)})

    def restore(self, name: str) -> None:
        self.world.elastic.names.update(deepcopy(self.kept[name]))

    def remove(self, names: Sequence[str]) -> None:
        for name in names:
            del self.states[name]
            self.vault.remove(f"elasticsearch/snap-{name}.dat")


@pytest.fixture
def world(world: World) -> World:
    """A world with two articles, one of which is indexed."""
    world.sources.put(SOURCE)
    for number in (1, 2, 3):
        world.web.answers[f"http://site.test/{number}"] = page(f"http://site.test/{number}", HTML)
    admission.admit(world.rt, SOURCE, [Entry("http://site.test/1")])
    world.run()
    admission.admit(world.rt, SOURCE, [Entry("http://site.test/2")])
    return world


ONE, TWO, THREE = (article_id(f"http://site.test/{number}") for number in (1, 2, 3))


@pytest.fixture
def keeper(world: World, tmp_path: Path) -> Keeper:
    secrets = tmp_path / "run"
    for name in ("people/flower_password", "workers/writer_key"):
        (secrets / name).parent.mkdir(parents=True)
        (secrets / name).write_text("secret")
    config = world.rt.settings.model_copy(
        update={"secrets_dir": secrets, "backup_hours": 1, "backup_keep": KEEP, "backup_url": str(tmp_path / "copy")}
    )
    vault = Vault(str(tmp_path / "backups"))
    return Keeper(replace(world.rt, settings=config), FakeSnapshots(world, vault), vault)


def snapshots(keeper: Keeper) -> FakeSnapshots:
    return cast("FakeSnapshots", keeper.snapshots)


def quietly(_: object) -> None:
    pass


def test_a_backup_has_all_phases_and_its_files(keeper: Keeper, tmp_path: Path) -> None:
    made = make(keeper, str(tmp_path / "elsewhere"), say=quietly, sleep=quietly)
    assert made.whole
    assert len(made.snapshots) == len(PHASES)
    there = Vault(str(tmp_path / "elsewhere"))
    names = {name.partition("/")[2] for name in there.sizes(made.name)}
    assert names == {"settings.json", "sources.json", "secrets/people/flower_password"}, "no key is of use elsewhere"
    assert json.loads(there.get(f"{made.name}/sources.json"))["url"] == SOURCE.url


def test_old_ones_go_with_their_files(world: World, keeper: Keeper) -> None:
    names = []
    for _ in range(KEEP + 2):
        names.append(make(keeper, "", say=quietly, sleep=quietly).name)
        world.clock.forward(3600)
    assert [one.name for one in keeper.all()] == names[-KEEP:]
    assert {name.partition("/")[0] for name in keeper.vault.sizes() if "/" in name} == {*names[-KEEP:], "elasticsearch"}


def test_one_that_was_killed_is_gone_on_with(world: World, keeper: Keeper) -> None:
    class Killed(Exception):
        pass

    def die(_: object) -> None:
        if len(snapshots(keeper).states) == 2:
            raise Killed

    with pytest.raises(Killed):
        make(keeper, "", say=quietly, sleep=die)
    world.clock.forward(600)
    made = make(keeper, "", say=quietly, sleep=quietly)
    assert len(keeper.all()) == 1
    assert made.whole


def test_one_that_fails_is_told_and_made_anew(keeper: Keeper) -> None:
    snapshots(keeper).fails = True
    with pytest.raises(Unavailable):
        make(keeper, "", say=quietly, sleep=quietly)


def test_two_at_once_are_one(keeper: Keeper) -> None:
    with pytest.raises(Permanent, match="another backup"):
        make(keeper, "", say=lambda _: make(keeper, "", say=quietly, sleep=quietly), sleep=quietly)


def test_it_is_made_by_itself_and_copied(world: World, keeper: Keeper, tmp_path: Path) -> None:
    said = [done.said for _ in range(20) if (done := scheduled(keeper))]
    assert said[-1].endswith("is done")
    assert len(said) == len(PHASES) + 1
    (made,) = keeper.all()
    assert made.whole
    assert f"{made.name}/settings.json" in Vault(str(tmp_path / "copy")).sizes()
    world.clock.forward(3601)
    assert scheduled(keeper)
    asleep = replace(keeper, rt=replace(keeper.rt, settings=keeper.rt.settings.model_copy(update={"backup_hours": 0})))
    assert scheduled(asleep) is None


def test_what_is_restored_is_what_was_there(world: World, keeper: Keeper) -> None:
    before = deepcopy(world.elastic.names)
    made = make(keeper, "", say=quietly, sleep=quietly)
    world.run()
    with pytest.raises(Permanent, match="--replace"):
        restore(operator(world), keeper, made, replace=False, say=quietly)
    assert restore(operator(world), keeper, made, replace=True, say=quietly) == 0
    assert {name: kept for name, kept in world.elastic.names.items() if kept} == {k: v for k, v in before.items() if v}
    asked = world.web.asked.count("http://site.test/1")
    world.redis.flushall()
    world.run()
    assert world.ledger.records[TWO].state is State.INDEXED
    assert world.web.asked.count("http://site.test/1") == asked, "what is indexed is not fetched again"


def test_what_was_forgotten_since_does_not_come_back(world: World, keeper: Keeper) -> None:
    made = make(keeper, "", say=quietly, sleep=quietly)
    stones = [of_article(key, world.clock(), "asked for", "") for key in (ONE, TWO)]
    mine = operator(world, vaults=(keeper.vault,))
    forget(mine, stones, lambda: iter([[ONE, TWO]]))
    world.elastic.names.clear()  # the whole stack is gone, and with it all tombstones but those beside the backup
    assert restore(operator(world), keeper, made, replace=False, say=quietly) == 2
    world.redis.flushall()
    world.run()
    assert {key: one.state for key, one in world.ledger.records.items()} == dict.fromkeys((ONE, TWO), State.FORGOTTEN)
    assert world.index.articles == {}
    assert admission.admit(world.rt, SOURCE, [Entry("http://www.site.test/1/")]).admitted == 0


def test_documents_that_are_ahead_of_the_ledger_come_again(world: World, keeper: Keeper) -> None:
    """Between the snapshot of the ledger and that of the documents, one article ends and another is admitted."""
    begin = snapshots(keeper).begin

    def begin_late(name: str, kinds: Sequence[str]) -> None:
        if ARTICLE_INDICES in kinds:
            world.run()
            admission.admit(world.rt, SOURCE, [Entry("http://site.test/3")])
            world.run()
        begin(name, kinds)

    keeper.snapshots.begin = begin_late  # type: ignore[method-assign]
    made = make(keeper, "", say=quietly, sleep=quietly)
    asked = len(world.web.asked)

    def meanwhile(said: str) -> None:
        if said.startswith("comparing"):
            world.redis.flushall()
            world.rt.pages.purge(TWO)  # they are in no backup
            rebuild(world.rt)  # a worker's, which finds in the ledger what is not true any more

    restore(operator(world), keeper, made, replace=True, say=meanwhile)
    assert world.index.articles.keys() == {ONE, TWO}
    two, (version, _) = world.ledger.records[TWO], world.elastic.indexed(index_of(world.ledger.records[TWO]))[TWO]
    assert (two.state, two.version) == (State.INDEXED, version)
    assert two.revisit is not None
    assert two.revisit.due_at, "it is looked at again like any other"
    world.run()
    assert len(world.web.asked) == asked, "what is indexed is not fetched again"
    world.redis.flushall()
    world.run()
    assert len(world.web.asked) == asked, "nor after a rebuild"
    assert THREE not in world.ledger.records
    assert admission.admit(world.rt, SOURCE, [Entry("http://site.test/3")]).admitted == 1


def test_nothing_is_handed_out_while_it_restores(world: World, keeper: Keeper) -> None:
    made = make(keeper, "", say=quietly, sleep=quietly)
    paused: list[bool] = []

    def note(_: object) -> None:
        paused.append(world.rt.gauge.fetching_paused() and world.rt.stream.allowed(9) == 0 and world.rt.stream.rests())
        world.rt.stream.give_back([], 0.0)  # a bulk that was under way has failed, and asks for a shorter pause

    restore(operator(world), keeper, made, replace=True, say=note)
    assert paused[1:]
    assert all(paused)
    assert not world.redis.pttl("warraq:index-restores") > 1
    assert not world.rt.gauge.fetching_paused()
    assert not world.rt.gauge.knows()


def test_a_backup_is_chosen_by_its_name(world: World, keeper: Keeper, tmp_path: Path) -> None:
    first = make(keeper, "", say=quietly, sleep=quietly)
    world.clock.forward(86_400)
    last = make(keeper, str(tmp_path / "far"), say=quietly, sleep=quietly)
    assert chosen(keeper.all(), "") == last
    assert chosen(keeper.all(), first.name) == first
    for name in ("warraq-1999", "warraq-"):
        with pytest.raises(Permanent):
            chosen(keeper.all(), name)
    for name in ("elasticsearch", "owner", last.name):
        keeper.vault.remove(name)
    fetch(keeper, str(tmp_path / "far"))
    assert f"{last.name}/settings.json" in keeper.vault.sizes()
    assert fetched(world, TWO)
    process_page(world.rt, TWO)


def another(keeper: Keeper, folder: Path) -> Keeper:
    """Return what keeps the backups of a stack that was made in the place of one that was lost."""
    vault = Vault(str(folder))
    return replace(keeper, vault=vault, snapshots=FakeSnapshots(snapshots(keeper).world, vault))


def test_a_stack_in_the_place_of_one_that_was_lost_does_not_replace_its_backups(
    world: World, keeper: Keeper, tmp_path: Path
) -> None:
    copied = str(tmp_path / "copy")
    made = make(keeper, copied, say=quietly, sleep=quietly)
    new = another(keeper, tmp_path / "new")
    world.clock.forward(60)
    world.elastic.names.clear()
    assert [scheduled(new) for _ in range(9)] == [None] * 9, "there is nothing yet"
    admission.admit(world.rt, SOURCE, [Entry("http://site.test/3")])
    with pytest.raises(Permanent, match="another stack"):
        make(new, copied, say=quietly, sleep=quietly)
    for name in made.snapshots:
        assert f"elasticsearch/snap-{name}.dat" in Vault(copied).sizes()
    with pytest.raises(Permanent, match="--replace"):
        fetch(new, copied)
    fetch(new, copied, replace=True)
    assert new.vault.sizes().keys() == Vault(copied).sizes().keys()
    make(new, copied, say=quietly, sleep=quietly)  # now they are its own


def test_an_owner_without_backups_owns_what_is_brought(keeper: Keeper, tmp_path: Path) -> None:
    copied = str(tmp_path / "copy")
    make(keeper, copied, say=quietly, sleep=quietly)
    new = another(keeper, tmp_path / "new")
    new.vault.claim()
    fetch(new, copied)
    assert new.vault.get("owner") == keeper.vault.get("owner")


def test_a_place_without_a_backup_takes_none_away(keeper: Keeper, tmp_path: Path) -> None:
    make(keeper, "", say=quietly, sleep=quietly)
    before = keeper.vault.sizes()
    for replaced in (False, True):
        with pytest.raises(Permanent, match="no backup"):
            fetch(keeper, str(tmp_path / "mistyped"), replace=replaced)
    assert keeper.vault.sizes() == before


def test_what_is_only_here_is_not_lost_to_an_older_copy(world: World, keeper: Keeper, tmp_path: Path) -> None:
    copied = str(tmp_path / "far")
    make(keeper, copied, say=quietly, sleep=quietly)
    world.clock.forward(3600)
    make(keeper, "", say=quietly, sleep=quietly)
    before = keeper.vault.sizes()
    with pytest.raises(Permanent, match="restores one"):
        fetch(keeper, copied)
    assert keeper.vault.sizes() == before
