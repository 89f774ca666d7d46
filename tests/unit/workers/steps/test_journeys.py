"""Whole journeys in a world of fakes, from the listing to the document."""

from datetime import UTC, datetime

from ingest.ledger.record import State
from ingest.model import Entry, Source
from ingest.polling.poll import Poll
from ingest.urls import INLINE, article_id
from tests.fakes import World
from tests.unit.workers.steps.site import FEED, HTML, PARAGRAPH, SOURCE, page
from workers.steps import admit as admission


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
