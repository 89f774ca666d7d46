"""Retention: what goes, what stays although it is old, and that a run that was cut short goes on."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.ledger.record import Record, State
from ingest.ledger.reopening import replayed
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Page, Source
from tests.fakes import World
from workers.settings import SettingsError
from workers.steps import reopen, retention, retention_ways
from workers.steps.patience import Patience
from workers.steps.retention import Line, daily, go, look
from workers.steps.retention_ways import Order, pages
from workers.store.ledger import End
from workers.store.page_files import FOLDERS, File, PageFiles
from workers.store.pages import Pages
from workers.store.selection import Selection

SOURCE = Source("s", "feed", "http://h/feed")
DAYS = 31


@pytest.fixture
def made(world: World, tmp_path: Path) -> World:
    """A world with a page store on disk: files there have the age that a test gives them."""
    world.rt = replace(world.rt, pages=Pages(str(tmp_path)), page_files=PageFiles(str(tmp_path)))
    return world


def stored(world: World, number: int, *, days: float = DAYS, pending: bool = False) -> Record:
    record = admitted(SOURCE, Entry(f"http://h/{number}"), world.clock() - timedelta(days=days))
    record = record if pending else ended(record, State.INDEXED, record.due_at)
    world.ledger.save([record])
    page = Page(record.url, 200, (("Content-Type", "text/html"),), b"<p>x", world.clock())
    world.rt.pages.put(record.id, page, record.asked_at)
    aged(world, days)
    return record


def aged(world: World, days: float) -> None:
    """Let all files that are new be so many days old."""
    at = (world.clock() - timedelta(days=days)).timestamp()
    for path in files(world):
        if path.stat().st_mtime > world.clock().timestamp() - 3600:
            os.utime(path, (at, at))


def files(world: World) -> list[Path]:
    return [path for path in Path(world.rt.page_files._root).rglob("*") if path.is_file()]


def config(world: World, **changes: int) -> None:
    world.rt = replace(world.rt, settings=world.rt.settings.model_copy(update=changes))


def went(world: World) -> dict[str, int]:
    lines: list[Line] = []
    go(world.rt, lines.append)
    return {line.kind: line.count for line in lines if line.count}


def test_old_pages_go_and_young_ones_stay(made: World) -> None:
    old, young = stored(made, 1), stored(made, 2, days=29)
    (line,) = [one for one in look(made.rt) if one.kind == "pages"]
    assert (line.count, line.days) == (1, 30)
    assert line.bytes > 0
    assert made.rt.pages.has(old.id), "a look removes nothing"
    assert went(made) == {"pages": 1}
    assert not made.rt.pages.has(old.id)
    assert made.rt.pages.has(young.id)
    assert went(made) == {}


def test_pages_are_kept_for_ever_where_that_is_wanted_but_no_leftovers(made: World) -> None:
    record = stored(made, 1, days=5000)
    (file,) = files(made)
    file.with_name(f"{file.name}.0af.part").write_bytes(b"half")
    file.with_name(f"{file.name}.1af.part").write_bytes(b"half")
    os.utime(file.with_name(f"{file.name}.0af.part"), (0, 0))
    config(made, keep_pages_days=0)
    assert went(made) == {"pages": 1}
    assert sorted(one.name for one in files(made)) == [file.name, f"{file.name}.1af.part"]
    assert made.rt.pages.has(record.id)


def test_what_a_pending_article_or_a_replay_needs_stays(made: World) -> None:
    waiting, again = stored(made, 1, pending=True), stored(made, 2)
    made.ledger.save([replayed(again, made.clock())])
    assert went(made) == {}
    assert made.rt.pages.has(waiting.id)
    assert made.rt.pages.has(again.id)


def test_all_pages_stay_while_a_replay_looks_for_its_own(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reopen, "AT_ONCE", 1)
    records = [stored(made, number) for number in range(3)]
    retentions: list[dict[str, int]] = []
    reopen.replay(
        made.rt,
        which=Selection(states=(State.INDEXED,)),
        patience=Patience(0),
        each=lambda _: retentions.append(went(made)),
    )
    assert retentions == [{}, {}, {}]
    assert all(made.ledger.records[record.id].pending for record in records)
    assert not made.rt.locks.goes_on(reopen.REPLAY, made.clock()), "it is over"


def test_of_two_replays_one_is_over_and_one_died(made: World) -> None:
    stored(made, 1)
    soon = made.clock() + timedelta(minutes=1)
    for who in ("over", "dead"):
        made.rt.locks.announce(reopen.REPLAY, who, soon)
    made.rt.locks.withdraw(reopen.REPLAY, "over")
    assert went(made) == {}
    made.clock.forward(61)
    assert went(made) == {"pages": 1}


def test_pages_of_articles_that_nobody_knows_go_with_age(made: World) -> None:
    record = stored(made, 1)
    made.elastic.names.clear()
    assert made.ledger.get(record.id) is None
    assert went(made) == {"pages": 1}


def test_files_of_others_are_never_touched(made: World) -> None:
    stored(made, 1)
    (file,) = files(made)
    other = file.with_name("README")
    other.write_bytes(b"mine")
    os.utime(other, (0, 0))
    assert went(made) == {"pages": 1}
    assert files(made) == [other]


def test_it_is_done_once_a_day(made: World) -> None:
    stored(made, 1)
    first = daily(made.rt, lambda: 0.0)
    assert first is not None
    assert first.said == "removed: pages 1"
    stored(made, 2)
    assert daily(made.rt, lambda: 0.0) is None
    made.clock.forward(86_401)
    assert daily(made.rt, lambda: 0.0) is not None
    assert files(made) == []


def test_the_next_day_begins_with_the_first_folder_again(made: World) -> None:
    daily(made.rt, lambda: 0.0)
    for number in range(40):
        stored(made, number)
    assert len({path.parent.parent.name for path in files(made)}) > 20
    made.clock.forward(86_401)
    daily(made.rt, lambda: 0.0)
    assert files(made) == []


def test_nothing_is_too_old_by_a_clock_that_has_just_leapt_ahead(made: World) -> None:
    """The battery of a machine is empty, and the time comes from the network a minute later."""
    stored(made, 1)
    made.rt.clock_watch.went_back()
    made.redis.decrby("warraq:clock", 40 * 86_400_000)
    assert daily(made.rt, lambda: 0.0) is None
    made.rt.clock_watch.went_back()
    assert daily(made.rt, lambda: 0.0) is None
    assert len(files(made)) == 1
    made.redis.delete("warraq:clock-leapt")  # its time is over
    assert daily(made.rt, lambda: 0.0) is not None
    assert files(made) == []


def test_a_round_that_ran_out_of_time_goes_on_a_minute_later(made: World) -> None:
    for number in range(40):
        stored(made, number)
    folders = {path.parent.parent.name for path in files(made)}
    clock, runs = iter(range(0, 10**6, 41)), 0
    while daily(made.rt, lambda: float(next(clock))) or retention._due(made.rt):
        runs += 1
        assert runs < 400, "it begins again and again"
    assert runs >= len(folders)
    assert files(made) == []


def test_a_full_disk_has_the_oldest_pages_go_before_their_time(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "FOR_S", 1e9)
    daily(made.rt, lambda: 0.0)
    ages = {number: stored(made, number, days=number + 0.5) for number in range(6)}
    waiting = stored(made, 9, days=9.5, pending=True)
    now = made.clock().timestamp()
    old = sum(path.stat().st_size for path in files(made) if path.stat().st_mtime < now - 4 * 86_400)
    config(made, pages_free_mb=1)
    monkeypatch.setattr(PageFiles, "free_bytes", lambda _: 2**20)
    assert daily(made.rt, lambda: 0.0) is None, "there is room enough"
    monkeypatch.setattr(PageFiles, "free_bytes", lambda _: 2**20 - 1)
    config(made, pages_free_mb=1)
    monkeypatch.setattr(retention, "_lacking", lambda *_: old)
    assert daily(made.rt, lambda: 0.0) is not None
    assert {number for number, one in ages.items() if made.rt.pages.has(one.id)} == {0, 1, 2, 3}
    assert made.rt.pages.has(waiting.id)


def test_how_much_room_is_made(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PageFiles, "free_bytes", lambda _: 2**20 - 1)
    config(made, pages_free_mb=1)
    assert retention._lacking(made.rt, made.rt.settings.keep) == 2**20 + 1
    config(made, keep_pages_days=0)
    assert retention._lacking(made.rt, made.rt.settings.keep) == 0, "for ever is for ever"
    monkeypatch.setattr(PageFiles, "free_bytes", lambda _: None)
    config(made, keep_pages_days=30)
    assert retention._lacking(made.rt, made.rt.settings.keep) == 0, "an object store has no end"


def test_two_runs_do_not_meet(made: World) -> None:
    stored(made, 1)
    assert made.rt.locks.take("retention", 60)
    assert daily(made.rt, lambda: 0.0) is None
    with pytest.raises(SettingsError, match="another run"):
        went(made)


def test_an_age_that_reports_cannot_live_with_is_refused(made: World) -> None:
    config(made, keep_ledger_days=3)
    with pytest.raises(SettingsError, match="ledger"):
        look(made.rt)


def test_a_page_that_was_written_anew_meanwhile_stays(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed with whole texts lists a change: its page is stored before the ledger says that there is work."""
    record, other = stored(made, 1), stored(made, 2)
    page = Page(record.url, 200, (("Content-Type", "text/html"),), b"<p>new", made.clock())
    real = made.ledger.ends

    def ends(ids: Sequence[str]) -> dict[str, End]:
        found = real(ids)
        if record.id in ids:
            made.rt.pages.put(record.id, page, made.clock())
        return found

    monkeypatch.setattr(made.ledger, "ends", ends)
    went(made)
    kept = made.rt.pages.get(record.id)
    assert kept is not None
    assert kept.body == b"<p>new"
    assert not made.rt.pages.has(other.id)


def test_a_replay_that_begins_while_the_ledger_is_asked_finds_its_pages(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = stored(made, 1)
    real = made.ledger.ends

    def ends(ids: Sequence[str]) -> dict[str, End]:
        found = real(ids)
        made.rt.locks.announce(reopen.REPLAY, "somebody", made.clock() + timedelta(minutes=1))
        return found

    monkeypatch.setattr(made.ledger, "ends", ends)
    assert went(made) == {}
    assert made.rt.pages.has(record.id)


def test_a_look_at_a_large_store_leaves_time_to_make_room(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task has 50 s, and so many pages may not even be counted in them."""
    for number in range(40):
        stored(made, number, days=20.5 if number % 2 else 9.5)
    config(made, pages_free_mb=1)
    monkeypatch.setattr(retention, "_due", lambda _: False)
    monkeypatch.setattr(retention, "_lacking", lambda *_: sum(path.stat().st_size for path in files(made)) // 3)
    now, listed = 0.0, []
    real = made.rt.page_files.under

    def under(folder: str) -> list[File]:
        nonlocal now
        now += 0.1
        listed.append(folder)
        return real(folder)

    monkeypatch.setattr(PageFiles, "under", lambda _, folder: under(folder))
    assert daily(made.rt, lambda: now) is not None
    assert listed.index("00", 1) < len(FOLDERS) / 2, "part of it was looked at, then it began"
    assert listed[-1] == FOLDERS[-1]
    assert len(files(made)) == 20, "the older half went"


def test_a_folder_with_very_many_pages_goes_in_lots(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An object store removes one file at a time: a task has less time than that takes for a folder."""
    monkeypatch.setattr(retention_ways, "AT_ONCE", 1)
    record = stored(made, 1)
    (file,) = files(made)
    for number in (1, 2):
        shutil.copy(file, file.with_name(f"{record.id}.{number}.warc.gz"))
    aged(made, DAYS)
    order = Order(made.clock() - timedelta(days=30), act=True)
    went = [(one.place == record.id[:2], len(files(made))) for one in pages(made.rt, order) if one.count]
    assert went == [(False, 2), (False, 1), (True, 0)], "killed before the end, it goes on with the same folder"
