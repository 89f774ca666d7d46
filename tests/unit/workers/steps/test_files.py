"""Paths to entries: what is read of files and folders, what is not."""

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.files.saved import saved_from
from ingest.ledger.record import State
from ingest.model import Entry, Page
from tests.fakes import world
from workers.steps.files import MAX_BYTES, Position, entries, size
from workers.steps.ingest import admit_all, admit_path
from workers.steps.patience import Patience
from workers.store.pages import _pack

PATIENCE = Patience(0)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHROME = "<!DOCTYPE html>\n<!-- saved from url=(0031)https://akhbar.example/news/12345 -->\n<html><p>خبر"
SINGLE = (
    "<html lang=ar><!--\n Page saved with SingleFile \n url: https://akhbar.example/news/7 \n saved date: x\n--><p>خبر"
)


def found(path: Path) -> tuple[list[str], list[str]]:
    """Return the ends of the addresses, and the faults."""
    all_ = list(entries(path, NOW))
    return [one.url.rpartition("/")[2] for one in all_ if isinstance(one, Entry)], [
        x for x in all_ if isinstance(x, str)
    ]


def test_every_kind_of_file_in_order_of_name(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    page = Page("https://akhbar.example/2", 200, (("Content-Type", "text/html"),), b"<p>x", NOW)
    (tmp_path / "b" / "pages.WARC.gz").write_bytes(_pack("0" * 32, page, NOW))
    (tmp_path / "b" / "one.HTM").write_text("<p>خبر")
    (tmp_path / "a.txt").write_text("عنوان\nمتن")
    (tmp_path / "c.html").write_text(CHROME)
    (tmp_path / "d.jpg").write_bytes(b"x")
    assert found(tmp_path) == (["a.txt", "12345", "one.HTM", "2"], [])


def test_how_much_of_the_files_has_been_read(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    page = Page("https://akhbar.example/2", 200, (("Content-Type", "text/html"),), b"<p>x", NOW)
    (tmp_path / "b" / "pages.warc").write_bytes(b"".join(_pack(f"{n:032x}", page, NOW) for n in range(3)))
    for name in ("a.txt", "c.txt", "no.jpg"):
        (tmp_path / name).write_text("عنوان\nمتن")
    position = Position()
    seen = [position.read for _ in entries(tmp_path, NOW, position)]
    assert seen == sorted(seen)
    assert seen[0] == size(tmp_path / "a.txt")
    assert seen[-1] == size(tmp_path) == size(tmp_path / "b" / "pages.warc") + 2 * seen[0]


def test_each_batch_is_told_with_what_was_read_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.steps.ingest.AT_ONCE", 2)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for number in range(3):
            (tmp_path / folder / f"{number}.txt").write_text(f"عنوان {number}\nمتن")
    told: list[tuple[int, int]] = []
    targets = [str(tmp_path / "one"), str(tmp_path / "two")]
    work = admit_all(
        world("told").rt, targets=targets, patience=PATIENCE, each=lambda ids, read: told.append((len(ids), read))
    )
    each = size(tmp_path / "one" / "0.txt")
    assert told == [(2, 2 * each), (1, 3 * each), (2, 5 * each), (1, 6 * each)]
    assert len(work.ids) == 6


def test_what_a_file_says_of_itself(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("<p>خبر")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    page = Page(file.as_uri(), 200, (("Content-Type", "text/html"),), "<p>خبر".encode(), NOW)
    assert list(entries(file, NOW)) == [
        Entry(file.as_uri(), updated_at=datetime.fromtimestamp(1_700_000_000, UTC), page=page)
    ]
    file.write_text(CHROME)
    (entry,) = entries(file, NOW)
    assert isinstance(entry, Entry)
    assert (entry.url, entry.updated_at) == ("https://akhbar.example/news/12345", None)


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (CHROME, "https://akhbar.example/news/12345"),
        (SINGLE, "https://akhbar.example/news/7"),
        ("<!-- saved from url=(0014)about:internet -->", ""),
        ("<!-- saved from url=(0033)file:///C:/pages/a.html -->", ""),
        ("<!-- saved from url=(0020)http://u:p@a.example/ -->", ""),
        ('<link rel="canonical" href="https://akhbar.example/">', ""),
        (" " * 5000 + CHROME, ""),
        ("", ""),
    ],
)
def test_where_a_saved_page_is_from(html: str, url: str) -> None:
    assert saved_from(html.encode()) == url


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * (MAX_BYTES + 1))
    (tmp_path / "b.warc").write_bytes(b"not a WARC file")
    (tmp_path / "c.warc.gz").write_bytes(gzip.compress(b"WARC")[:-4])
    (tmp_path / "d.txt").symlink_to("missing")
    (tmp_path / "e.txt").write_text("عنوان")
    os.mkfifo(tmp_path / "f.warc")
    good, faults = found(tmp_path)
    assert good == ["e.txt"]
    names = ["a.txt", "b.warc", "c.warc.gz", "d.txt", "f.warc"]
    assert [fault.partition(":")[0].rpartition("/")[2] for fault in faults] == names


def test_no_link_leads_out_of_a_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("سر")
    (inside / "link.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    assert found(inside) == ([], [f"{inside / 'link.txt'}: a link out of the folder is not followed"])


def test_a_warc_file_is_ingested_without_a_request(tmp_path: Path) -> None:
    one = world("warc")
    paragraphs = "".join(
        f"<p>قال متحدث باسم الميناء رقم {n} إن السفينة رست فجر اليوم، وحملت القمح إلى المدينة.</p>" for n in range(6)
    )
    html = f'<html lang="ar"><title>خبر الميناء</title><article><h1>خبر الميناء</h1>{paragraphs}</article>'
    pages = [
        Page(f"https://akhbar.example/{n}", 200, (("Content-Type", "text/html"),), html.encode(), NOW) for n in range(3)
    ]
    file = tmp_path / "x.warc.gz"
    file.write_bytes(b"".join(_pack(f"{n:032x}", page, NOW) for n, page in enumerate(pages)))
    work = admit_path(one.rt, path=file, patience=PATIENCE)
    assert (len(work.ids), work.problems) == (3, ())
    one.run()
    assert {record.state for record in one.ledger.records.values()} == {State.INDEXED}
    assert {article.host for article in one.index.articles.values()} == {"akhbar.example"}
    assert one.web.asked == []
    assert admit_path(one.rt, path=file, patience=PATIENCE).ids == work.ids


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert admit_path(world("missing").rt, path=tmp_path / "x", patience=PATIENCE).problems == (
        f"{tmp_path / 'x'}: there is no such file or folder",
    )
