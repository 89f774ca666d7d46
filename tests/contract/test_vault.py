"""Where backups are kept: the same cases in memory, in a folder and in an object store."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.errors import Permanent, Unavailable
from ingest.forget import of_article
from tests.contract import test_pages
from tests.contract.test_pages import S3
from workers.settings import SettingsError
from workers.store.vault import PRIVATE, Vault, copy, lacking

bucket, s3fs = test_pages.bucket, test_pages.s3fs
STONE = of_article("0" * 32, datetime(2026, 11, 27, tzinfo=UTC), "سبب", "somebody")
BLOBS = {
    "owner": b"me",
    "elasticsearch/index-3": b"names all",
    "elasticsearch/index.latest": b"3",
    "elasticsearch/snap-a.dat": b"a",
    "elasticsearch/indices/x/0/__b": b"data",
    "warraq-1/settings.json": b"{}",
}


@pytest.fixture(params=["memory", "folder", S3])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    urls = {"memory": f"memory://{request.node.name}", "folder": str(tmp_path / "there")}
    url = urls.get(request.param) or request.getfixturevalue("bucket")[0]
    return Vault(url)


@pytest.fixture
def here(tmp_path: Path) -> Vault:
    made = Vault(str(tmp_path / "here"))
    for name, data in BLOBS.items():
        made.put(name, data)
    return made


class Recorded(Vault):
    """A vault that tells in which order it was written."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.order: list[str] = []

    def put(self, name: str, data: bytes, mode: int = PRIVATE) -> None:
        self.order.append(name)
        super().put(name, data, mode)


def test_a_copy_has_everything_and_only_that(here: Vault, vault: Vault) -> None:
    for name in ("owner", "elasticsearch/snap-a.dat"):
        vault.put(name, BLOBS[name])
    vault.put("elasticsearch/indices/x/0/__old", b"nobody names it any more")
    vault.put("warraq-0/settings.json", b"pruned")
    assert copy(here, vault)
    assert {name: vault.get(name) for name in vault.sizes()} == BLOBS


def test_tombstones_outlive_everything(here: Vault, vault: Vault) -> None:
    vault.bury(STONE)
    assert copy(here, vault)
    assert vault.tombstones() == [STONE]
    vault.bury(STONE)
    assert vault.tombstones() == [STONE]


def test_what_is_there_is_not_copied_again(here: Vault, tmp_path: Path) -> None:
    target = Recorded(str(tmp_path / "there"))
    assert copy(here, target)
    assert target.order[-2:] == ["elasticsearch/index-3", "elasticsearch/index.latest"]
    target.order.clear()
    here.put("elasticsearch/indices/x/0/__c", b"more")
    assert copy(here, target)
    assert target.order == ["elasticsearch/indices/x/0/__c", "elasticsearch/index.latest"]


def test_a_copy_that_is_cut_short_goes_on(here: Vault, tmp_path: Path) -> None:
    target = Recorded(str(tmp_path / "there"))
    left = iter([True, True, False])
    assert not copy(here, target, lambda: next(left))
    assert copy(here, target)
    assert len(target.order) == len(BLOBS)
    assert target.sizes() == here.sizes()


def test_files_are_for_their_owner_alone(here: Vault) -> None:
    for name in BLOBS:
        assert Path(here.root, name).stat().st_mode & 0o777 == 0o600
    here.remove("owner")
    here.claim()
    assert Path(here.root, "owner").stat().st_mode & 0o777 == 0o644


def test_a_folder_with_all_below_it_is_removed(vault: Vault) -> None:
    vault.put("warraq-1/secrets/a/b", b"x")
    vault.remove("warraq-1")
    vault.remove("warraq-1")
    assert vault.sizes() == {}


def test_what_cannot_be_kept_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        Vault("nowhere://x")
    with pytest.raises(Unavailable):
        Vault(str(tmp_path)).get("no such file")


OTHERS = {"thesis.txt": b"1", "photos/a": b"2", "tombstones.old/x": b"3"}


def test_whatever_else_lies_there_stays(here: Vault, vault: Vault) -> None:
    for name, data in OTHERS.items():
        vault.put(name, data)
    for _ in range(2):
        assert copy(here, vault)
    assert {name: vault.get(name) for name in vault.sizes()} == BLOBS | OTHERS


def test_a_copy_is_not_kept_in_what_is_copied(here: Vault) -> None:
    before = here.sizes()
    with pytest.raises(Permanent, match="lies in"):
        copy(here, Vault(f"{here.root}/copy"))
    assert here.sizes() == before


@pytest.mark.parametrize("owner", [b"another", b""])
def test_another_stacks_backups_stay_as_they_are(here: Vault, vault: Vault, owner: bytes) -> None:
    """Its owner is told, or it was made before owners were."""
    theirs = {"elasticsearch/snap-z.dat": b"z", "elasticsearch/index.latest": b"9"} | (
        {"owner": owner} if owner else {}
    )
    for name, data in theirs.items():
        vault.put(name, data)
    with pytest.raises(Permanent, match="another stack"):
        copy(here, vault)
    assert {name: vault.get(name) for name in vault.sizes()} == theirs


def test_a_copy_of_before_owners_were_told_is_known_by_its_snapshots(here: Vault, vault: Vault) -> None:
    for name in BLOBS.keys() - {"owner"}:
        vault.put(name, BLOBS[name])
    vault.put("elasticsearch/snap-old.dat", b"pruned since")
    assert copy(here, vault)
    assert vault.sizes().keys() == BLOBS.keys()


def test_of_two_vaults_it_is_told_what_only_one_has(here: Vault, vault: Vault) -> None:
    assert lacking(vault, here) == ["elasticsearch/snap-a.dat"]
    copy(here, vault)
    assert lacking(vault, here) == []
    vault.claim()
    assert vault.get("owner") == b"me"
