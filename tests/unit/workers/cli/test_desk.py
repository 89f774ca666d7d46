"""`warraq desk`: what it serves with."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from workers.cli import app
from workers.settings import Settings


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what the server is started with; it does not start."""
    called: list[Any] = []
    config = Settings(secrets_dir=tmp_path, redis_password_file=tmp_path / "workers" / "redis_password")
    monkeypatch.setattr("workers.cli.desk.settings", lambda: config)
    monkeypatch.setattr("workers.desk.serve.serve", lambda *arguments: called.extend(arguments))
    return called


def test_the_stacks_own_desk_has_its_key_and_makes_its_passwords(served: list[Any], tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["desk", "--port", "8081"]).exit_code == 0
    config, address, port = served
    assert (address, port) == ("127.0.0.1", 8081)
    assert config.elasticsearch_key_file == tmp_path / "desk" / "reader_key"
    assert config.redis_password_file is not None
    assert (tmp_path / "people" / "desk_reader_password").exists()


def test_a_desk_of_another_archive_changes_nothing_there(served: list[Any], tmp_path: Path) -> None:
    options = ["--elasticsearch", "https://es.example:9200", "--key-file", str(tmp_path / "key")]
    assert CliRunner().invoke(app, ["desk", *options]).exit_code == 0
    config = served[0]
    assert config.elasticsearch_hosts == ["https://es.example:9200"]
    assert config.elasticsearch_key_file == tmp_path / "key"
    assert config.redis_password_file is None
