"""Processing: every end of a page, also the second time."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from unittest.mock import Mock

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from ingest.ledger.record import Stage, State
from ingest.ledger.reopening import reopened, replayed
from ingest.ledger.transitions import ATTEMPTS
from ingest.model import TRUNCATED, Entry
from ingest.pipeline import process
from ingest.urls import article_id
from tests.fakes import World, fetched, lease_over, polled
from tests.unit.workers.steps.site import HTML, SOURCE, page
from workers.steps import admit as admission
from workers.steps import attempt
from workers.steps import process as processing
from workers.steps.process import TWIN_MOST_S
from workers.steps.sweep import sweep


def test_processing_twice_leaves_one_document_and_one_end(listed: World) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    fetched(listed, key)
    processing.process_page(listed.rt, key)
    processing.process_page(listed.rt, key)
    listed.flush()
    assert listed.ledger.records[key].state is State.INDEXED
    assert listed.ledger.records[key].version == 2
    assert attempt.begin(listed.rt, key, Stage.FETCH) is None


def test_a_late_message_does_not_end_an_edited_article_with_its_old_page(listed: World) -> None:
    listed.run()
    key = article_id("http://h/1")
    listed.clock.at = datetime.now(UTC)
    admission.admit(listed.rt, SOURCE, [Entry("http://h/1?utm_source=rss", updated_at=listed.clock())])
    processing.process_page(listed.rt, key)
    listed.flush()
    assert listed.ledger.records[key].state is State.PENDING
    listed.web.answers["http://h/1?utm_source=rss"] = page("http://h/1", HTML.replace("ارتفاع", "تراجع"))
    listed.run()
    assert listed.index.articles[key].title == "تراجع إنتاج الكهرباء"


def test_a_text_file_can_be_processed_again_although_it_is_gone(world: World) -> None:
    entry = Entry("file:///1.txt", page=page("file:///1.txt", "عنوان\nقصير", "text/plain"))
    admission.admit(world.rt, replace(SOURCE, kind="text"), [entry])
    world.run()
    key = article_id("file:///1.txt")
    assert world.ledger.records[key].reason == "not_an_article"
    world.clock.at = datetime.now(UTC)
    moved = reopened(world.ledger.records[key], world.clock())
    attempt.move_on(world.rt, moved)
    world.run()
    assert (world.ledger.records[key].version, world.ledger.records[key].reason) == (4, "not_an_article")


def test_a_held_page_that_is_gone_is_fetched_if_it_can_be_and_fails_if_not(world: World) -> None:
    web = Entry("http://h/1", page=page("http://h/1", HTML))
    file = Entry("file:///1.txt", page=page("file:///1.txt", "x", "text/plain"))
    world.web.answers["http://h/1"] = page("http://h/1", HTML)
    admission.admit(world.rt, SOURCE, [web, file])
    world.rt.pages._fs.rm(world.rt.pages._root, recursive=True)
    world.run()
    assert world.ledger.records[article_id("http://h/1")].state is State.INDEXED
    assert world.ledger.records[article_id("file:///1.txt")].reason == "page_missing"


def test_a_page_that_names_an_indexed_one_as_its_original_is_a_duplicate(listed: World) -> None:
    listed.run()
    twin = HTML.replace("</head>", '<link rel="canonical" href="http://h/1"></head>')
    listed.web.answers["http://h/print/1"] = page("http://h/print/1", twin)
    admission.admit(listed.rt, SOURCE, [Entry("http://h/print/1")])
    listed.run()
    record = listed.ledger.records[article_id("http://h/print/1")]
    assert (record.state, record.detail) == (State.DUPLICATE, "http://h/1")
    assert len(listed.index.articles) == 1


TWIN = HTML.replace("</head>", '<link rel="canonical" href="http://h/1"></head>')


@pytest.mark.parametrize("order", [("http://h/1", "http://h/print/1"), ("http://h/print/1", "http://h/1")])
def test_a_page_waits_for_the_one_that_it_names_as_its_original(world: World, order: tuple[str, str]) -> None:
    for url in order:
        world.web.answers[url] = page(url, TWIN)
    admission.admit(world.rt, SOURCE, [Entry(url) for url in order])
    world.run()
    assert [record.url for record in world.ledger.records.values() if record.pending] == ["http://h/print/1"]
    _time_passes(world)
    assert world.ledger.counts() == {("indexed", ""): 1, ("duplicate", "same_page"): 1}
    assert list(world.index.articles) == [article_id("http://h/1")]
    assert {record.attempts for record in world.ledger.records.values()} == {0}


def _time_passes(world: World) -> None:
    """Let what waits be due, by Redis' clock, which a test cannot move: its lane is."""
    for name in ("warraq:lanes", "warraq:lane:h"):
        world.redis.zunionstore(name, {name: 0})  # all scores times 0
    world.run()


def test_a_page_does_not_wait_for_one_that_has_a_document_or_never_will(world: World) -> None:
    world.web.answers = {url: page(url, TWIN) for url in ("http://h/1", "http://h/print/1", "http://h/print/2")}
    gone = world.web.answers.pop("http://h/1")
    admission.admit(world.rt, SOURCE, [Entry("http://h/1")])
    world.run()
    admission.admit(world.rt, SOURCE, [Entry("http://h/print/1")])
    world.run()
    assert world.ledger.counts() == {("failed", "http_404"): 1, ("indexed", ""): 1}
    world.web.answers["http://h/1"] = gone
    attempt.move_on(world.rt, reopened(world.ledger.records[article_id("http://h/1")], world.clock()))
    world.run()
    attempt.move_on(world.rt, reopened(world.ledger.records[article_id("http://h/1")], world.clock()))
    admission.admit(world.rt, SOURCE, [Entry("http://h/print/2")])
    fetched(world, article_id("http://h/print/2"))
    processing.process_page(world.rt, article_id("http://h/print/2"))
    world.flush()
    assert world.ledger.records[article_id("http://h/print/2")].state is State.DUPLICATE


def test_two_pages_that_name_each_other_do_not_wait_for_ever(world: World) -> None:
    for one, other in ((1, 2), (2, 1)):
        text = HTML.replace("</head>", f'<link rel="canonical" href="http://h/{other}"></head>')
        world.web.answers[f"http://h/{one}"] = page(f"http://h/{one}", text)
    admission.admit(world.rt, SOURCE, [Entry("http://h/1"), Entry("http://h/2")])
    world.run()
    world.clock.forward(TWIN_MOST_S - 60)
    _time_passes(world)
    assert all(record.pending for record in world.ledger.records.values())
    world.clock.forward(60)
    _time_passes(world)
    assert world.ledger.counts() == {("indexed", ""): 2}


def test_a_bug_ends_one_article_visibly_and_no_other(listed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    fetched(listed, key)
    monkeypatch.setattr(processing, "process", lambda *_, **__: 1 / 0)
    for _ in range(ATTEMPTS):
        processing.process_page(listed.rt, key)
    listed.flush()
    record = listed.ledger.records[key]
    assert (record.state, record.reason) == (State.FAILED, "bug")
    assert "ZeroDivisionError" in record.detail


def test_a_replay_processes_the_stored_page_and_fetches_nothing(listed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    listed.run()
    asked, key = list(listed.web.asked), article_id("http://h/1")
    monkeypatch.setattr(processing, "process", lambda *args, **kept: replace(process(*args, **kept), title="أفضل"))
    listed.clock.at = datetime.now(UTC)
    attempt.move_on(listed.rt, replayed(listed.ledger.records[key], listed.clock()))
    listed.run()
    assert listed.web.asked == asked
    assert listed.index.articles[key].title == "أفضل"
    assert (listed.ledger.records[key].state, listed.ledger.records[key].reason) == (State.INDEXED, "")


@pytest.mark.parametrize(
    ("error", "reason"), [(MemoryError(), "out_of_memory"), (SoftTimeLimitExceeded(), "time_limit")]
)
def test_a_page_that_takes_too_much_fails_in_its_step(
    listed: World, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def process_(*_: object, **__: object) -> None:
        clock.append(listed.rt.settings.process_limit_s / 2)
        raise error

    clock = [0.0]
    monkeypatch.setattr(processing, "process", process_)
    monkeypatch.setattr(time, "process_time", lambda: clock[-1])
    listed.run()
    record = listed.ledger.records[article_id("http://h/1")]
    assert (record.state, record.stage, record.reason) == (State.FAILED, Stage.PROCESS, reason)
    assert listed.ledger.records[article_id("http://h/gone")].stage is Stage.FETCH


@pytest.mark.parametrize("cpu_s", [0, 2])
def test_a_limit_that_passes_in_a_page_that_had_little_of_the_time_is_not_its_fault(
    listed: World, monkeypatch: pytest.MonkeyPatch, cpu_s: float
) -> None:
    def process_(*_: object, **__: object) -> None:
        clock.append(cpu_s)
        raise SoftTimeLimitExceeded

    clock = [0.0]
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    assert listed.rt.lanes.pop(9)
    fetched(listed, key)
    with monkeypatch.context() as late:
        late.setattr(processing, "process", process_)
        late.setattr(time, "process_time", lambda: clock[-1])
        with pytest.raises(SoftTimeLimitExceeded):
            processing.process_page(listed.rt, key)
    listed.flush()
    assert listed.ledger.records[key].state is State.PENDING


def test_a_limit_that_passes_while_a_service_is_waited_for_is_no_fault_of_the_page(
    listed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    assert listed.rt.lanes.pop(9)
    fetched(listed, key)
    with monkeypatch.context() as late:
        late.setattr(processing, "source_of", Mock(side_effect=SoftTimeLimitExceeded))
        with pytest.raises(SoftTimeLimitExceeded):
            processing.process_page(listed.rt, key)
    listed.flush()
    assert listed.ledger.records[key].state is State.PENDING
    lease_over(listed.rt.leases, key)
    listed.clock.at = datetime.now(UTC)
    sweep(listed.rt)
    listed.run()
    assert listed.ledger.records[key].state is State.INDEXED


def test_a_damaged_page_is_fetched_again(listed: World) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    fetched(listed, key)
    listed.rt.pages._fs.pipe_file(listed.rt.pages._path(key), b"junk")
    listed.run()
    assert listed.ledger.records[key].state is State.INDEXED
    assert listed.web.asked.count("http://h/1?utm_source=rss") == 2


def test_a_truncated_page_is_indexed_as_such_and_fetched_once_it_is_listed(listed: World) -> None:
    url, archive = "http://h/1", replace(SOURCE, id="w", kind="text", interval_s=0)
    half = page(url, HTML[: HTML.index("رقم 4")])
    cut = replace(half, headers=(*half.headers, (TRUNCATED, "length")))
    key = article_id(url)
    for _ in range(2):  # the same archive again brings nothing
        admission.admit(listed.rt, archive, [Entry(url, page=cut)])
        listed.run()
    record = listed.ledger.records[key]
    assert (record.state, record.reason, record.version) == (State.INDEXED, "truncated", 2)
    assert (listed.index.articles[key].truncated, "رقم 4" in listed.index.articles[key].body) == (True, False)
    listed.clock.at = datetime.now(UTC)
    admission.admit(listed.rt, SOURCE, [Entry(f"{url}?utm_source=rss")])
    listed.run()
    assert listed.ledger.records[key].reason == ""
    assert (listed.index.articles[key].truncated, "رقم 4" in listed.index.articles[key].body) == (None, True)


def test_a_page_in_no_wanted_language_is_rejected_and_counted(world: World) -> None:
    urls = [f"http://h/{language}" for language in ("ar", "fr")]
    french = "Le ministère annonce une hausse de la production dans tout le sud du pays ce matin. " * 6
    bodies = (HTML, f"<html lang=fr><title>Production</title><h1>Production</h1><p>{french}</p>")
    entries = [Entry(url, page=page(url, body)) for url, body in zip(urls, bodies, strict=True)]
    source = replace(SOURCE, languages=("ar",))
    world.rt.sources.put(source)
    admission.admit(world.rt, source, entries)
    world.run()
    ends = [world.ledger.records[article_id(url)] for url in urls]
    assert [(record.state, record.reason) for record in ends] == [
        (State.INDEXED, ""),
        (State.REJECTED, "language"),
    ]


def test_a_title_that_the_host_s_pages_share_gives_way_to_the_listing_s(world: World) -> None:
    shared = HTML.replace("ارتفاع إنتاج الكهرباء", "شبكة أنباء الجنوب")
    world.rt.sources.put(SOURCE)
    for number in range(12):
        url = f"http://h/{number}"
        body = shared.replace("رقم", f"رقم {number}")
        admission.admit(world.rt, SOURCE, [Entry(url, f"خبر مهم رقم {number}", page=page(url, body))])
        world.run()
    titles = [world.index.articles[article_id(f"http://h/{number}")].title for number in (0, 11)]
    assert titles == ["شبكة أنباء الجنوب", "خبر مهم رقم 11"]
