"""The steps in a world of fakes: every way an article can go, and what is left behind when a worker dies."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from elastic_transport import ConnectionTimeout
from redis.exceptions import RedisError

from ingest.errors import Permanent, Transient, Unavailable
from ingest.ledger.record import Stage, State
from ingest.ledger.transitions import ATTEMPTS, reopened, replayed
from ingest.model import Entry, Page, Source
from ingest.pipeline import process
from ingest.polling.poll import Poll
from ingest.urls import INLINE, article_id
from tests.fakes import World, fetched, lease_over, polled
from workers.steps import admit as admission
from workers.steps import attempt, tick
from workers.steps import index as flusher
from workers.steps import poll as polling
from workers.steps import process as processing
from workers.store import stream
from workers.store.sources import next_poll

FEED = "http://h/feed"
SOURCE = Source(article_id(FEED), "feed", FEED, interval_s=600)
PARAGRAPH = "أعلنت وزارة الطاقة اليوم أن إنتاج الكهرباء ارتفع في المحافظات الجنوبية بعد دخول محطة جديدة إلى الخدمة. "
HTML = f"""<!doctype html><html lang="ar"><head><title>ارتفاع إنتاج الكهرباء</title></head><body><article>
<h1>ارتفاع إنتاج الكهرباء</h1>{"".join(f"<p>{PARAGRAPH} رقم {i}</p>" for i in range(6))}</article></body></html>"""
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>أخبار</title>
<item><title>ارتفاع إنتاج الكهرباء</title><link>http://h/1?utm_source=rss</link></item>
<item><title>خبر ضائع</title><link>http://h/gone</link></item></channel></rss>"""


def page(url: str, body: str, kind: str = "text/html; charset=utf-8") -> Page:
    return Page(url, 200, (("Content-Type", kind),), body.encode(), datetime.now(UTC))


@pytest.fixture
def listed(world: World) -> World:
    """A world whose one feed lists a good article and one that is gone."""
    world.web.answers = {
        FEED: page(FEED, RSS, "application/rss+xml"),
        "http://h/1?utm_source=rss": page("http://h/1", HTML),
        "http://h/gone": Permanent("http_404", "http://h/gone"),
    }
    world.sources.put(SOURCE)
    world.rt.schedule.set(SOURCE.id, world.clock())
    return world


def test_a_feed_becomes_documents_and_failures(listed: World) -> None:
    listed.run()
    assert listed.ledger.counts() == {("indexed", ""): 1, ("failed", "http_404"): 1}
    (article,) = listed.index.articles.values()
    assert article.admitted_at == listed.ledger.records[article.id].admitted_at
    assert (article.title, article.url) == ("ارتفاع إنتاج الكهرباء", "http://h/1")
    assert article.words > 90
    poll = listed.sources.poll_of(SOURCE.id)
    assert (poll.listed, poll.admitted, poll.failures) == (2, 2, 0)
    assert listed.rt.stream.depth() == 0
    assert listed.rt.lanes.depths() == {}


def test_a_second_poll_admits_and_fetches_nothing(listed: World) -> None:
    listed.run()
    asked = list(listed.web.asked)
    listed.rt.schedule.set(SOURCE.id, listed.clock())
    listed.run()
    assert listed.web.asked == [*asked, FEED]
    assert listed.sources.poll_of(SOURCE.id).admitted == 0


def test_a_listing_that_cannot_be_read_is_noted_and_asked_again_later(listed: World) -> None:
    listed.web.answers[FEED] = Transient("timeout", "30 s")
    listed.run()
    polled(listed, SOURCE.id)
    poll = listed.sources.poll_of(SOURCE.id)
    assert (poll.failures, poll.error) == (2, "timeout: 30 s")
    due = next_poll(SOURCE, poll, listed.clock())
    assert due
    assert 1800 <= (due - listed.clock()).total_seconds() <= 1980


def test_a_feed_that_has_not_changed_is_not_read_again(listed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = listed.web.answers[FEED]
    assert isinstance(feed, Page)
    listed.web.answers[FEED] = replace(feed, headers=(*feed.headers, ("ETag", '"1"')))
    polled(listed, SOURCE.id)
    monkeypatch.setattr(polling, "discover", lambda *_: 1 / 0)
    polled(listed, SOURCE.id)
    poll = listed.sources.poll_of(SOURCE.id)
    assert (poll.polls, poll.listed, poll.admitted, poll.error) == (2, 2, 0, "")
    listed.clock.forward(86_400)
    polled(listed, SOURCE.id)
    assert listed.sources.poll_of(SOURCE.id).error.startswith("bug"), "once a day it is read whatever it says"


def test_a_source_that_moved_for_good_is_asked_at_its_new_address(listed: World) -> None:
    feed = listed.web.answers[FEED]
    assert isinstance(feed, Page)
    to = "http://h/rss"
    listed.web.answers[FEED] = replace(feed, url=to, moved_to=to)
    for _ in range(3):
        polled(listed, SOURCE.id)
        listed.clock.forward(86_400)
    assert listed.sources.sources[SOURCE.id] == replace(SOURCE, url=to)
    assert listed.sources.poll_of(SOURCE.id).moved_to == ""


def test_a_move_onto_another_source_is_reported_and_not_followed(listed: World) -> None:
    feed = listed.web.answers[FEED]
    assert isinstance(feed, Page)
    to = "http://h/rss"
    listed.sources.put(Source(article_id(to), "feed", to))
    listed.web.answers[FEED] = replace(feed, url=to, moved_to=to)
    for _ in range(3):
        polled(listed, SOURCE.id)
        listed.clock.forward(86_400)
    assert listed.sources.sources[SOURCE.id] == SOURCE
    assert listed.sources.poll_of(SOURCE.id).problems[-1] == f"moved to {to}, which is a source of its own"


def test_a_source_listed_once_is_never_due_again() -> None:
    assert next_poll(replace(SOURCE, interval_s=0), Poll(), datetime.now(UTC)) is None


def test_bad_entries_are_named_and_the_others_go_on(world: World) -> None:
    result = admission.admit(world.rt, SOURCE, [Entry("javascript:x"), Entry("http://h/1"), Entry("http://h/1#twice")])
    assert result.admitted == 1
    assert [problem.split(":")[0] for problem in result.problems] == ["url_scheme"]


def test_a_passing_failure_comes_back_and_the_last_one_is_final(listed: World) -> None:
    listed.web.answers["http://h/1?utm_source=rss"] = Transient("http_503", "busy")
    key = article_id("http://h/1")
    listed.run()
    for number in range(1, ATTEMPTS):
        record = listed.ledger.records[key]
        assert (record.state, record.attempts, record.reason) == (State.PENDING, number, "http_503")
        fetched(listed, key)
    listed.flush()
    assert listed.ledger.records[key].state is State.FAILED
    assert listed.ledger.records[key].detail == "busy"


def test_a_page_in_the_store_is_not_fetched_again(listed: World) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    assert fetched(listed, key)
    asked = list(listed.web.asked)
    assert fetched(listed, key), "its worker died before it could say so"
    assert listed.web.asked == asked


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


def test_an_edited_article_is_fetched_again_and_replaces_the_document(listed: World) -> None:
    listed.run()
    key = article_id("http://h/1")
    listed.clock.at = datetime.now(UTC)
    edited = Entry("http://h/1?utm_source=rss", updated_at=listed.clock())
    listed.web.answers[edited.url] = page("http://h/1", HTML.replace("ارتفاع", "تراجع"))
    assert admission.admit(listed.rt, SOURCE, [edited]).admitted == 1
    listed.run()
    assert listed.index.articles[key].title == "تراجع إنتاج الكهرباء"
    assert listed.ledger.records[key].state is State.INDEXED


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


def test_a_bug_in_a_poll_is_noted_at_its_source(listed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "discover", lambda *_: 1 / 0)
    polled(listed, SOURCE.id)
    poll = listed.sources.poll_of(SOURCE.id)
    assert (poll.failures, poll.error) == (1, "bug: ZeroDivisionError('division by zero')")


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


def test_a_text_file_needs_no_fetch(world: World) -> None:
    source = Source("folder", "text", "file:///texts", interval_s=0)
    world.sources.put(source)
    world.sources.note(source.id, Poll(polled_at=world.clock()))
    body = f"عنوان الخبر\nتعليق الصورة\n{PARAGRAPH * 6}"
    entry = Entry("file:///texts/1.txt", page=page("file:///texts/1.txt", body, "text/plain"))
    admission.admit(world.rt, source, [entry])
    assert world.rt.lanes.depths() == {INLINE: 1}
    world.run()
    (article,) = world.index.articles.values()
    assert (article.title, article.caption, article.body) == ("عنوان الخبر", "تعليق الصورة", (PARAGRAPH * 6).strip())
    assert world.web.asked == []


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


def test_what_elasticsearch_cannot_take_now_stays_in_the_stream(listed: World) -> None:
    key = article_id("http://h/1")
    listed.elastic.verdicts["document", key] = 429
    listed.run()
    assert listed.rt.stream.depth() == 1
    assert listed.ledger.records[key].state is State.PENDING
    assert listed.rt.leases.whereabouts([listed.ledger.records[key]]) == ["in_progress"]


def test_what_elasticsearch_refuses_fails(listed: World) -> None:
    key = article_id("http://h/1")
    listed.elastic.verdicts["document", key] = 400
    listed.run()
    assert listed.ledger.records[key].reason == "refused_by_index"
    assert listed.rt.stream.depth() == 0


def test_nothing_is_admitted_into_a_redis_that_is_three_quarters_full(listed: World) -> None:
    listed.redis.used = 75
    polled(listed, SOURCE.id)
    assert listed.ledger.records == {}
    assert listed.sources.poll_of(SOURCE.id).error.startswith("redis_full: Redis uses 75%")
    listed.redis.used = 74
    polled(listed, SOURCE.id)
    assert len(listed.ledger.records) == 2
    assert listed.sources.poll_of(SOURCE.id).failures == 0


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


def test_a_full_disk_costs_no_attempt_and_is_over_when_there_is_room(
    listed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled(listed, SOURCE.id)
    key, put = article_id("http://h/1"), type(listed.rt.pages).put

    def full(*_: object) -> None:
        raise Unavailable("page_store", "no space left on device")

    monkeypatch.setattr(type(listed.rt.pages), "put", full)
    for _ in range(ATTEMPTS + 1):
        assert not fetched(listed, key)
    record = listed.ledger.records[key]
    assert (record.state, record.reason, record.attempts) == (State.PENDING, "page_store", 0)
    assert tick.room(listed.rt, 0) == 0, "no site is asked for what cannot be kept"
    monkeypatch.setattr(type(listed.rt.pages), "put", put)
    assert fetched(listed, key)


@pytest.mark.parametrize(
    ("error", "reason"), [(MemoryError(), "out_of_memory"), (SoftTimeLimitExceeded(), "time_limit")]
)
def test_a_page_that_takes_too_much_fails_in_its_step(
    listed: World, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def process_(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(processing, "process", process_)
    listed.run()
    record = listed.ledger.records[article_id("http://h/1")]
    assert (record.state, record.stage, record.reason) == (State.FAILED, Stage.PROCESS, reason)
    assert listed.ledger.records[article_id("http://h/gone")].stage is Stage.FETCH


def test_a_service_that_is_away_is_no_sign_of_poison(listed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    assert listed.rt.lanes.pop(9)
    monkeypatch.setattr(listed.web, "get", lambda *_: (_ for _ in ()).throw(RedisError("gone")))
    with pytest.raises(RedisError):
        fetched(listed, key)
    lease_over(listed.rt.leases, key)
    assert listed.rt.leases.whereabouts([listed.ledger.records[key]]) == ["forgotten"]


def test_a_message_that_comes_twice_is_worked_on_once(listed: World) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    assert attempt.begin(listed.rt, key, Stage.FETCH)
    assert not fetched(listed, key)
    assert listed.web.asked[-1] == FEED


def test_an_elasticsearch_that_is_away_is_left_in_peace_for_a_while(
    listed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled(listed, SOURCE.id)
    key, write = article_id("http://h/1"), listed.index.write
    fetched(listed, key)
    processing.process_page(listed.rt, key)

    def away(*_: object) -> None:
        raise ConnectionTimeout("10 s")

    monkeypatch.setattr(listed.index, "write", away)
    assert flusher.flush(listed.rt, block_ms=1, linger_s=0) == 0
    monkeypatch.setattr(listed.index, "write", write)
    assert listed.rt.stream.rests()
    assert flusher.flush(listed.rt, block_ms=1, linger_s=0) == 0
    assert listed.ledger.records[key].state is State.PENDING
    listed.redis.delete(stream.RESTS)
    assert flusher.flush(listed.rt, block_ms=1, linger_s=0) == 1
    assert listed.ledger.records[key].state is State.INDEXED


def test_a_damaged_page_is_fetched_again(listed: World) -> None:
    polled(listed, SOURCE.id)
    key = article_id("http://h/1")
    fetched(listed, key)
    listed.rt.pages._fs.pipe_file(listed.rt.pages._path(key), b"junk")
    listed.run()
    assert listed.ledger.records[key].state is State.INDEXED
    assert listed.web.asked.count("http://h/1?utm_source=rss") == 2


def test_each_poll_is_tallied(listed: World) -> None:
    listed.web.answers[FEED] = page(FEED, RSS.replace("http://h/gone", "http://h/1#again"), "application/rss+xml")
    polled(listed, SOURCE.id)
    listed.web.answers[FEED] = Transient("timeout", "30 s")
    polled(listed, SOURCE.id)
    (tally,) = listed.tallies.of_day(f"{listed.clock():%Y-%m-%d}")
    assert (tally.polls, tally.failed_polls, tally.listed, tally.admitted) == (2, 1, 2, 1)
    assert tally.drops["listed_twice"] == 1


def test_a_redis_that_is_wiped_while_an_outcome_is_handed_over_does_not_hide_it(
    listed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled(listed, SOURCE.id)
    key, end = article_id("http://h/1"), type(listed.rt.leases).finish
    fetched(listed, key)

    def wiped(*args: object) -> None:
        listed.redis.flushall()
        end(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(listed.rt.leases), "finish", wiped)
    processing.process_page(listed.rt, key)
    held = listed.rt.leases.whereabouts([listed.ledger.records[key]]) == ["in_progress"]
    assert listed.rt.stream.depth() == held, "what is said to be in the stream must be there"
