"""Passwords: made once, readable by whom they are for, never overwritten."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from workers.secrets import FOLDERS, ensure_secrets

FILES = {
    "redis/users.acl": 0o640,
    "elasticsearch/elastic_password": 0o600,
    "workers/redis_password": 0o600,
    "flower/redis_password": 0o600,
    "flower/password": 0o600,
    "people/flower_password": 0o600,
    "grafana/admin_password": 0o600,
    "people/grafana_password": 0o600,
    "desk/reader_password": 0o600,
    "desk/editor_password": 0o600,
    "desk/session_key": 0o600,
    "desk/redis_password": 0o600,
    "operator/redis_password": 0o600,
    "people/desk_reader_password": 0o600,
    "people/desk_editor_password": 0o600,
}


@pytest.fixture(params=[0o022, 0o077])
def _umask(request: pytest.FixtureRequest) -> object:
    before = os.umask(request.param)
    yield
    os.umask(before)


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("_umask")
def test_first_run_makes_every_file_with_its_mode(tmp_path: Path) -> None:
    written = ensure_secrets(tmp_path)
    assert {str(path.relative_to(tmp_path)): path.stat().st_mode & 0o777 for path in written} == FILES
    assert {path.name for path in tmp_path.iterdir()} == set(FOLDERS)


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    before = contents(tmp_path)
    assert ensure_secrets(tmp_path) == []
    assert contents(tmp_path) == before


def test_passwords_are_long_and_all_different(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    derived = {"redis/users.acl", *(name for name in FILES if name.startswith("people/"))}
    own = {text for name, text in contents(tmp_path).items() if name not in derived}
    assert len(own) == 10
    assert all(len(text) == 32 and text.strip() == text for text in own)


def test_users_acl_holds_hashes_and_no_password(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    files = contents(tmp_path)
    acl = files.pop("redis/users.acl")
    assert not any(text in acl for text in files.values())
    assert sha256(files["workers/redis_password"].encode()).hexdigest() in acl
    users = ("default", "app", "flower", "desk", "operator", "health")
    assert [line.split()[:2] for line in acl.splitlines()] == [["user", name] for name in users]


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_people_see_the_passwords_that_the_desk_asks_for(tmp_path: Path, role: str) -> None:
    ensure_secrets(tmp_path)
    shown = (tmp_path / f"people/desk_{role}_password").read_text()
    assert shown == (tmp_path / f"desk/{role}_password").read_text()


def test_people_see_the_passwords_that_flower_and_grafana_ask_for(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    assert (tmp_path / "people/flower_password").read_text() == (tmp_path / "flower/password").read_text()
    assert (tmp_path / "people/grafana_password").read_text() == (tmp_path / "grafana/admin_password").read_text()


def test_a_removed_password_is_replaced_and_users_acl_follows(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    (tmp_path / "workers/redis_password").unlink()
    written = ensure_secrets(tmp_path)
    assert [path.name for path in written] == ["redis_password", "users.acl"]
    fresh = sha256((tmp_path / "workers/redis_password").read_bytes()).hexdigest()
    assert fresh in (tmp_path / "redis/users.acl").read_text()


def test_a_killed_run_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "workers").mkdir()
    (tmp_path / "workers/redis_password.part").write_text("")
    ensure_secrets(tmp_path)
    assert "workers/redis_password.part" not in contents(tmp_path)
    assert (tmp_path / "workers/redis_password").read_text()
