"""What is short of our own (time, a page store, room): no article is lost or fetched for ever, no source is blamed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.errors import Unavailable
from ingest.ledger.record import Record, State
from ingest.ledger.transitions import ATTEMPTS
from ingest.model import Entry
from ingest.urls import article_id
from tests.fakes import World, polled
from tests.unit.workers.steps.site import FEED, HTML, PARAGRAPH, RSS, SOURCE, page
from workers.steps import admit as admission
from workers.steps import reopen
from workers.steps.patience import Patience
from workers.steps.sweep import sweep
from workers.store import stream
from workers.store.selection import Selection

KEY = article_id("http://h/1")


@pytest.fixture(autouse=True)
def _yesterday(world: World) -> None:
    """Have the clock behind Redis' own, which makes lanes due, however far a test moves it on."""
    world.clock.at = datetime.now(UTC) - timedelta(days=1)


def swept(world: World, times: int = 10) -> None:
    for _ in range(times):
        world.clock.forward(30)
        sweep(world.rt)
        world.run()


def test_what_a_replay_wrote_at_its_last_try_is_found_by_sweep(world: World) -> None:
    urls = [f"http://h/{number}" for number in range(1, 5)]
    for number, url in enumerate(urls):
        world.web.answers[url] = page(url, HTML.replace("</h1>", f" {number}</h1>"))
    admission.admit(world.rt, SOURCE, [Entry(url) for url in urls])
    world.run()
    refused = dict.fromkeys((("record", article_id(url)) for url in urls), 429)
    world.elastic.verdicts = dict(refused)

    def waited(_: float) -> None:
        world.clock.forward(300)  # what became due before is no longer looked at
        sweep(world.rt)
        world.elastic.verdicts = {("record", KEY): 429} if world.elastic.verdicts == refused else {}

    world.clock.forward(60)
    patience = Patience(3600, pause=waited, clock=lambda: 0.0)
    reopen.replay(world.rt, which=Selection(states=(State.INDEXED,)), patience=patience, each=lambda _: None)
    swept(world)
    assert {record.state for record in world.ledger.records.values()} == {State.INDEXED}


def test_an_admission_that_stores_pages_for_minutes_and_dies_is_found_by_sweep(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.rt.gauge.remember()
    put, push = world.rt.pages.put, world.rt.lanes.push

    def slow(*args: Any) -> None:
        world.clock.forward(300)
        sweep(world.rt)
        put(*args)

    def dies(_: list[Record]) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(world.rt.pages, "put", slow)
        patch.setattr(world.rt.lanes, "push", lambda records: dies(records) if records else push(records))
        with pytest.raises(SystemExit):
            admission.admit(world.rt, SOURCE, [Entry("http://h/1", page=page("http://h/1", HTML))])
    swept(world)
    assert not world.ledger.records[KEY].pending


def test_a_poll_ends_in_time_though_its_pages_are_stored_slowly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can stop its thread: the source would be polled anew beside it, and the third poll given up as poison."""
    items = "".join(
        f"<item><title>خبر {n}</title><link>http://h/{n}</link><description>&lt;p&gt;{PARAGRAPH * 8}{n}&lt;/p&gt;"
        "</description></item>"
        for n in range(20)
    )
    feed = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'
    world.web.answers[FEED] = page(FEED, feed, "application/rss+xml")
    world.sources.put(replace(SOURCE, full_text=True))
    put = world.rt.pages.put

    def slow(*args: Any) -> None:
        world.clock.forward(10)
        put(*args)

    with monkeypatch.context() as patch:
        patch.setattr(world.rt.pages, "put", slow)
        polled(world, SOURCE.id)
    (tally,) = world.tallies.of_day(f"{world.clock():%Y-%m-%d}")
    assert (tally.listed, tally.admitted, dict(tally.drops)) == (20, 4, {"page_store_slow": 16})
    world.web.answers[FEED] = page(FEED, f"{feed}<!-- later -->", "application/rss+xml")
    polled(world, SOURCE.id)
    assert len(world.ledger.records) == 20


def test_a_page_store_that_gives_nothing_back_has_no_site_asked_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.web.answers["http://h/1"] = page("http://h/1", HTML)
    admission.admit(world.rt, SOURCE, [Entry("http://h/1")])
    monkeypatch.setattr(world.rt.pages, "put", lambda *_: None)
    world.run()
    record = world.ledger.records[KEY]
    assert (record.state, record.reason) == (State.FAILED, "page_missing")
    assert world.web.asked.count("http://h/1") == ATTEMPTS


UNKEPT = HTML.replace("<head>", '<head><meta name="robots" content="noarchive">')
BROKEN = "<head><meta name='robots' content='noarchive'></head><p>x"
FILES = replace(SOURCE, kind="files", interval_s=0)


def is_read_only(_: str) -> None:
    raise Unavailable("page_store", "cannot be written: read-only")


@pytest.mark.parametrize("body", [UNKEPT, BROKEN])
def test_a_page_store_that_cannot_remove_keeps_the_outcome_and_stops_no_other(
    world: World, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.web.answers = {"http://h/1": page("http://h/1", body), "http://h/2": page("http://h/2", HTML)}
    admission.admit(world.rt, SOURCE, [Entry("http://h/1")])
    with monkeypatch.context() as patch:
        patch.setattr(world.rt.pages, "remove", is_read_only)
        world.run()
        assert world.rt.stream.depth() == 1
        assert not world.rt.stream.rests()
        admission.admit(world.rt, SOURCE, [Entry("http://h/2")])
        world.run()
    assert world.ledger.records[article_id("http://h/2")].state is State.INDEXED
    monkeypatch.setattr(stream, "CLAIM_AFTER_MS", 0)
    world.flush()
    assert world.rt.stream.depth() == 0
    assert world.rt.pages.get(KEY) is None
    assert not world.ledger.records[KEY].pending
    assert world.ledger.records[KEY].starts == 0


@pytest.mark.parametrize(("body", "state"), [(UNKEPT, State.INDEXED), (BROKEN, State.REJECTED)])
def test_a_file_that_may_not_be_kept_outlives_a_wipe_before_its_outcome_is_written(
    world: World, body: str, state: State
) -> None:
    url = "file:///a/1.html"
    admission.admit(world.rt, FILES, [Entry(url, page=page(url, body))])
    world._tick()
    assert world.rt.stream.depth() == 1
    world.redis.flushall()
    world.run()
    assert world.ledger.records[article_id(url)].state is state
    assert world.rt.pages.get(article_id(url)) is None


def test_a_damaged_page_is_removed_with_its_end(world: World) -> None:
    url = "file:///a/1.html"
    admission.admit(world.rt, FILES, [Entry(url, page=page(url, HTML))])
    world.rt.pages._fs.pipe_file(world.rt.pages._path(article_id(url)), b"no WARC")
    world.run()
    assert world.ledger.records[article_id(url)].reason == "page_unreadable"
    assert not world.rt.pages.has(article_id(url))


@pytest.mark.parametrize("url", ["file:///a/1.html", "http://h/1"])
def test_two_admissions_of_one_page_at_once_leave_one_article(
    world: World, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Entry(url, page=page(url, HTML))
    put = world.rt.pages.put

    def another_is_quicker(*args: Any) -> None:
        monkeypatch.setattr(world.rt.pages, "put", put)
        world.clock.forward(0.05)
        admission.admit(world.rt, FILES, [entry])
        put(*args)

    monkeypatch.setattr(world.rt.pages, "put", another_is_quicker)
    admission.admit(world.rt, FILES, [entry])
    world.run()
    assert world.ledger.records[article_id(url)].state is State.INDEXED


def test_a_full_redis_is_no_failure_of_a_source(world: World) -> None:
    found = replace(SOURCE, home="http://h/")
    world.sources.put(found)
    world.redis.used = 80
    for number in range(10):
        world.web.answers[FEED] = page(FEED, f"{RSS}<!-- {number} -->", "application/rss+xml")
        polled(world, found.id)
    poll = world.sources.poll_of(found.id)
    assert (poll.failures, poll.error.split(":")[0]) == (0, "redis_full")
    assert world.sources.get(found.id) == found
