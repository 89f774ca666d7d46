"""The page store as files, on a disk and in an object store."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.errors import Unavailable
from ingest.model import Page
from workers.store.page_files import FOLDERS, PageFiles
from workers.store.pages import Pages

ID = "0123456789abcdef" * 2
NOW = datetime.now(UTC)


@pytest.fixture(params=["disk", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path) if request.param == "disk" else f"memory://page-files-{tmp_path.name}"


def test_pages_are_listed_with_age_and_size_and_removed(url: str) -> None:
    Pages(url).put(ID, Page("http://h/", 200, (), b"<p>x", NOW), NOW)
    files = PageFiles(url)
    assert [one for folder in FOLDERS if folder != ID[:2] for one in files.under(folder)] == []
    (file,) = files.under(ID[:2])
    assert file.name == f"{ID}.warc.gz"
    assert file.size > 100
    assert abs(file.modified - datetime.now(UTC)) < timedelta(minutes=5)
    files.remove([file])
    files.remove([file])
    assert files.under(ID[:2]) == []
    assert not Pages(url).has(ID)


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
