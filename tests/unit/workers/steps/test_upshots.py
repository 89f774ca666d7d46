"""What the steps return: how their work ended, in words."""

from datetime import UTC, datetime

from ingest.errors import Gone, Rejected
from ingest.upshot import NOTHING, Ending, Upshot
from ingest.urls import article_id
from tests.fakes import World, polled
from tests.unit.workers.steps.site import FEED, SOURCE
from workers.steps import poll as polling
from workers.steps.fetch import fetch
from workers.steps.process import process_page

KEY = article_id("http://h/1")
ASKED = "http://h/1?utm_source=rss"


def fetched(made: World) -> tuple[Upshot, dict[str, str]]:
    sent: dict[str, str] = {}
    return fetch(made.rt, KEY, lambda articles, _=None: sent.update(articles)), sent


def test_a_page_and_its_article(listed: World) -> None:
    polled(listed, SOURCE.id)
    upshot, sent = fetched(listed)
    assert upshot.about == "h/1"
    assert upshot.said.startswith("200, ")
    assert sent == {KEY: "h/1"}, "the next message says of what it is"
    done = process_page(listed.rt, KEY)
    listed.flush()
    assert done == Upshot("h/1", f"indexed, {listed.index.articles[KEY].words} words")


def test_a_message_that_comes_twice_has_nothing_to_do(listed: World) -> None:
    polled(listed, SOURCE.id)
    fetched(listed)
    process_page(listed.rt, KEY)
    assert process_page(listed.rt, KEY) == NOTHING


def test_a_page_that_is_gone_is_a_failure_and_one_that_we_refuse_is_not(listed: World) -> None:
    polled(listed, SOURCE.id)
    listed.web.answers[ASKED] = Gone("http_404", f"{ASKED} answered 404")
    assert fetched(listed) == (Upshot("h/1", f"http_404 {ASKED} answered 404", Ending.FAILED), {})


def test_a_page_that_we_refuse_is_none(listed: World) -> None:
    polled(listed, SOURCE.id)
    listed.web.answers[ASKED] = Rejected("media", "a film")
    assert fetched(listed)[0] == Upshot("h/1", "rejected: media")


def test_a_lost_page_is_put_back(listed: World) -> None:
    polled(listed, SOURCE.id)
    fetched(listed)
    listed.rt.pages.remove(KEY)
    assert process_page(listed.rt, KEY).ending is Ending.PUT_BACK


def test_a_poll_and_one_that_fails(listed: World) -> None:
    due = datetime(2000, 1, 1, tzinfo=UTC)
    listed.rt.schedule.set(SOURCE.id, due)
    assert polling.poll(listed.rt, SOURCE.id).said.endswith(" new")
    assert polling.poll(listed.rt, SOURCE.id) == NOTHING, "it is not due"
    listed.web.answers[FEED] = Gone("http_404", "no")
    listed.rt.schedule.set(SOURCE.id, due)
    assert polling.poll(listed.rt, SOURCE.id).ending is Ending.FAILED
