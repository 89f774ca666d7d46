"""The page store as files: what may go wrong. The cases for all kinds of stores: tests/contract/test_pages.py."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from ingest.errors import Unavailable
from workers.store.page_files import PageFiles

ID = "0123456789abcdef" * 2
NOW = datetime.now(UTC)


def test_a_file_that_vanishes_meanwhile_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "01").mkdir()
    for name in ("a", "b"):
        (tmp_path / "01" / name).write_bytes(b"1")
    real = Path.stat

    def stat(path: Path, **options: bool) -> os.stat_result:
        if path.name == "a":
            raise FileNotFoundError(path)
        return real(path, **options)

    monkeypatch.setattr(Path, "stat", stat)
    assert [one.name for one in PageFiles(str(tmp_path)).under("01")] == ["b"]


def test_an_object_store_is_asked_anew_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def find(*_: object, **__: object) -> dict[str, object]:
        calls.append("asked")
        return {}

    monkeypatch.setattr(MemoryFileSystem, "invalidate_cache", lambda _: calls.append("forgotten"))
    monkeypatch.setattr(MemoryFileSystem, "find", find)
    PageFiles("memory://x").under("01")
    assert calls == ["forgotten", "asked"]


def test_a_store_that_cannot_be_read_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scandir(path: str) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(Unavailable, match="cannot be read"):
        PageFiles(str(tmp_path)).under("01")


def test_room_is_known_of_a_disk_only(tmp_path: Path) -> None:
    assert (PageFiles(str(tmp_path)).free_bytes() or 0) > 0
    assert PageFiles(str(tmp_path / "none")).free_bytes() is None
    assert PageFiles("memory://x").free_bytes() is None
