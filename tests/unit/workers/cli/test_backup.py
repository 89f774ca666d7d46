"""`warraq backup` and `restore`: what they say, and that nothing is replaced without a yes."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import Permanent
from ingest.model import Entry
from ingest.urls import article_id
from tests.fakes import World, operator
from tests.unit.workers.cli.conftest import Command, rows
from tests.unit.workers.steps.site import HTML, SOURCE, page
from tests.unit.workers.steps.test_backup import FakeSnapshots
from workers.steps.admit import admit
from workers.steps.backup import Keeper
from workers.store.vault import Vault

URL = "http://site.test/1"
KEY = article_id(URL)


@pytest.fixture
def keeper(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    """Keep the backups of a world with one article."""
    world.web.answers[URL] = page(URL, HTML)
    world.sources.put(SOURCE)
    admit(world.rt, SOURCE, [Entry(URL)])
    world.run()
    config = world.rt.settings.model_copy(update={"secrets_dir": tmp_path / "secrets", "backup_url": ""})
    vault = Vault(str(tmp_path / "backups"))
    made = Keeper(replace(world.rt, settings=config), FakeSnapshots(world, vault), vault)
    for name, value in {"keeper": made, "operator": operator(world), "settings": config}.items():
        monkeypatch.setattr(f"workers.cli.backup.{name}", lambda *_, value=value: value)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return made


def test_a_backup_is_made_listed_and_restored(world: World, keeper: Keeper, warraq: Command, tmp_path: Path) -> None:
    done = warraq("backup", str(tmp_path / "far"), "--json")
    (told,) = rows(done)
    (listed,) = rows(warraq("backup", "--list", "--json"))
    assert (listed["backup"], listed["whole"]) == (told["backup"], True)
    world.elastic.names.clear()
    assert warraq("restore", "--yes").exit_code == 0
    assert KEY in world.index.articles
    assert keeper.all()


def test_nothing_is_restored_without_a_yes(world: World, keeper: Keeper, warraq: Command) -> None:
    warraq("backup")
    del world.elastic.indexed(next(name for name in world.elastic.names if name.startswith("news-articles")))[KEY]
    done = warraq("restore", "--replace")
    assert "takes the place of" in done.stderr
    assert KEY not in world.index.articles
    assert keeper.all()


def test_backups_that_are_only_here_are_deleted_only_with_a_yes(
    world: World, keeper: Keeper, warraq: Command, tmp_path: Path
) -> None:
    far = str(tmp_path / "far")
    warraq("backup", far)
    world.clock.forward(60)
    warraq("backup")
    before = keeper.vault.sizes()
    done = warraq("restore", far, "--replace")
    assert "4 snapshots that only" in done.stderr
    assert keeper.vault.sizes() == before
    refused = warraq("restore", far)
    assert "Restore it?" not in refused.stderr, "what is refused is not asked first"
    assert isinstance(refused.exception, Permanent)
    assert keeper.vault.sizes() == before


def test_no_backup_is_said(keeper: Keeper, warraq: Command) -> None:
    done = warraq("backup", "--list")
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"there is no backup in {keeper.vault.root}" in done.stderr.replace("\n", "")
