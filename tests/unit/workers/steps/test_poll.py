"""Polls: what is noted at the source, what is asked again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.errors import Transient
from ingest.model import Page, Source
from ingest.polling.poll import Poll
from ingest.urls import article_id
from tests.fakes import World, polled
from tests.unit.workers.steps.site import FEED, RSS, SOURCE, page
from workers.runtime import ELASTICSEARCH
from workers.steps import poll as polling
from workers.store.sources import next_poll


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


def test_a_bug_in_a_poll_is_noted_at_its_source(listed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "discover", lambda *_: 1 / 0)
    polled(listed, SOURCE.id)
    poll = listed.sources.poll_of(SOURCE.id)
    assert (poll.failures, poll.error) == (1, "bug: ZeroDivisionError('division by zero')")


@pytest.mark.parametrize("status", [429, 503])
def test_an_overloaded_ledger_is_no_fault_of_the_source(listed: World, status: int) -> None:
    """Elasticsearch takes the request and refuses its items one by one."""
    listed.elastic.verdicts = {("record", article_id(url)): status for url in ("http://h/1", "http://h/gone")}
    for _ in range(4):
        with pytest.raises(ELASTICSEARCH):
            polled(listed, SOURCE.id)
    assert listed.sources.poll_of(SOURCE.id) == Poll()
    listed.elastic.verdicts.clear()
    polled(listed, SOURCE.id)
    assert (listed.sources.poll_of(SOURCE.id).failures, len(listed.ledger.records)) == (0, 2)


def test_nothing_is_admitted_into_a_redis_that_is_three_quarters_full(listed: World) -> None:
    listed.redis.used = 75
    polled(listed, SOURCE.id)
    assert listed.ledger.records == {}
    assert listed.sources.poll_of(SOURCE.id).error.startswith("redis_full: Redis uses 75%")
    listed.redis.used = 74
    polled(listed, SOURCE.id)
    assert len(listed.ledger.records) == 2
    assert listed.sources.poll_of(SOURCE.id).failures == 0


def test_each_poll_is_tallied(listed: World) -> None:
    listed.web.answers[FEED] = page(FEED, RSS.replace("http://h/gone", "http://h/1#again"), "application/rss+xml")
    polled(listed, SOURCE.id)
    listed.web.answers[FEED] = Transient("timeout", "30 s")
    polled(listed, SOURCE.id)
    (tally,) = listed.tallies.of_day(f"{listed.clock():%Y-%m-%d}")
    assert (tally.polls, tally.failed_polls, tally.listed, tally.admitted) == (2, 1, 2, 1)
    assert tally.drops["listed_twice"] == 1
