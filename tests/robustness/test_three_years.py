"""Three simulated years with retention on: the disk is as full at the end as after the first, and nothing is lost."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from ingest.document import LEDGER
from ingest.ledger.record import Record, State
from ingest.ledger.tally import Tally
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Page, Source
from ingest.urls import article_id
from tests.fakes import World, world
from workers.steps import retention_ways
from workers.steps.admit import admit
from workers.steps.check import check_after
from workers.steps.report import ask
from workers.steps.retention import daily
from workers.store.outcomes import Outcome
from workers.store.page_files import FOLDERS, PageFiles
from workers.store.pages import Pages

START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(days=30)
STEPS = 37
FEW = FOLDERS[:8]
EACH = 4
"""Articles a step; one more waits for half a year, as at a site that is away."""
WAITS = 6
SOURCE = Source("s", "feed", "http://h/feed")
AGES = {"pages": 30, "articles": 365, "ledger": 180, "tallies": 365}
SLIM_BYTES = 460


def urls() -> Iterator[str]:
    """Yield addresses of articles whose pages lie in a few folders: a walk through all takes its time."""
    return (url for number in count() if article_id(url := f"http://h/{number}")[:2] in FEW)


@pytest.fixture
def years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = world("three-years")
    ages = {f"keep_{kind}_days": days for kind, days in AGES.items()}
    settings = made.rt.settings.model_copy(update=ages)
    store = str(tmp_path)
    made.rt = replace(made.rt, settings=settings, pages=Pages(store), page_files=PageFiles(store))
    made.clock.at = START
    monkeypatch.setattr(retention_ways, "AT_ONCE", 50)
    monkeypatch.setattr(retention_ways, "FOLDERS", FEW)
    yield made
    made.redis.close()


class Lapse:
    """What comes in, step by step, and what became of it."""

    def __init__(self, made: World, store: Path) -> None:
        self.made = made
        self.store = store
        self.urls = urls()
        self.entries: list[Entry] = []
        self.waiting: list[tuple[int, Record]] = []
        self.done: set[str] = set()
        self.sizes: list[int] = []

    def step(self, number: int) -> None:
        now = self.made.clock()
        fresh = [self.admit(next(self.urls), now) for _ in range(EACH + 1)]
        self.made.rt.tallies.add(Tally("s", f"{now:%Y-%m-%d}", polls=1, listed=EACH + 1, admitted=EACH + 1))
        self.waiting.append((number + WAITS, fresh.pop()))
        for record in [*fresh, *(one for due, one in self.waiting if due == number)]:
            self.index(record, now)
        daily(self.made.rt, lambda: 0.0)
        self.sizes.append(self.size())

    def admit(self, url: str, now: datetime) -> Record:
        entry = Entry(url, title=f"خبر {url}", summary="موجز " * 20, published_at=now)
        record = admitted(SOURCE, entry, now)
        self.made.ledger.create([record])
        self.made.rt.pages.put(record.id, Page(record.url, 200, (), os.urandom(2000), now), record.asked_at)
        (file,) = self.store.rglob(f"{record.id}*")
        os.utime(file, (now.timestamp(), now.timestamp()))
        self.entries.append(entry)
        return record

    def index(self, record: Record, now: datetime) -> None:
        assert self.made.rt.pages.get(record.id, record.asked_at), "the page of a pending article is gone"
        article = Article(id=record.id, url=record.url, title="خبر", body="نص " * 300, admitted_at=record.admitted_at)
        self.made.index.write([Outcome(ended(record, State.INDEXED, now), replace(article, source_id="s"))], now)
        self.done.add(record.id)

    def size(self) -> int:
        """Return the bytes of all that may not grow: everything but the slim records, which never go."""
        files = sum(path.stat().st_size for path in self.store.rglob("*") if path.is_file())
        slim = sum(record.slim for record in self.made.ledger.records.values()) * SLIM_BYTES
        names = self.made.elastic.names
        return files + sum(len(json.dumps(one)) for index in names.values() for _, one in index.values()) - slim


def test_three_years(years: World, tmp_path: Path) -> None:
    lapse = Lapse(years, tmp_path)
    for number in range(STEPS):
        lapse.step(number)
        years.clock.forward(STEP.total_seconds())
    second, third = lapse.sizes[15:26], lapse.sizes[26:]
    assert max(third) < 1.1 * max(second), lapse.sizes
    records = years.ledger.records
    assert len(records) == STEPS * (EACH + 1)
    assert {record.id for record in records.values() if not record.pending} == lapse.done
    assert sum(record.pending for record in records.values()) == WAITS, "those of the last half year"
    assert all(years.rt.pages.has(record.id) for record in records.values() if record.pending)
    slim = [len(json.dumps(one)) for _, one in years.elastic.indexed(LEDGER).values() if one["url"] == ""]
    assert max(slim) <= SLIM_BYTES
    assert len(slim) > 0.7 * len(records)
    agrees(years, lapse)


def agrees(years: World, lapse: Lapse) -> None:
    """Nothing old comes in as new; ledger, index and report agree."""
    assert admit(years.rt, SOURCE, lapse.entries).admitted == 0, "a listing that names three years of articles"
    assert check_after(years.rt, "", 10_000).agrees
    for day in (START, years.clock() - STEP, years.clock() - 15 * STEP):
        assert [problem for line in ask(years.rt, day=f"{day:%Y-%m-%d}") for problem in line.problems()] == []
