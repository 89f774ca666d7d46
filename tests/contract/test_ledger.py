"""Ledger, documents and sources: the same cases on the fakes and on the real Elasticsearch."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch, NotFoundError

from ingest.document import LEDGER, MAPPINGS, SOURCES, TALLIES
from ingest.ledger.record import Record, State
from ingest.ledger.reopening import reopened
from ingest.ledger.tally import Tally
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from ingest.polling.listing import Further
from ingest.polling.poll import Poll
from tests.contract.indices import indices
from tests.fake_elastic import FakeElastic
from tests.fakes import FakeIndex, FakeLedger, FakeSources, FakeTallies
from workers.runtime import ELASTICSEARCH
from workers.store.articles import Index
from workers.store.ledger import Ledger
from workers.store.outcomes import Outcome
from workers.store.sources import Sources
from workers.store.tallies import Tallies

NOW = datetime(1999, 1, 15, 12, tzinfo=UTC)
"""A month of its own: `news-articles-1999.01` is made and removed by these tests."""
SOURCE = Source("s", "feed", "http://h/feed", name="مصدر", interval_s=60)


@dataclass
class Stores:
    ledger: Ledger | FakeLedger
    index: Index | FakeIndex
    sources: Sources | FakeSources
    tallies: Tallies | FakeTallies
    others_tallies: Tallies | FakeTallies
    """The same ones, as another process sees them."""
    title: Any
    """Returns the title of a stored article, or None."""


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "fake":
        elastic = FakeElastic()
        ledger, index, tallies = FakeLedger(elastic), FakeIndex(elastic), FakeTallies()
        yield Stores(
            ledger, index, FakeSources(), tallies, tallies, lambda key: getattr(index.articles.get(key), "title", None)
        )
        return
    yield from real(request.getfixturevalue("elasticsearch"))


def real(client: Elasticsearch) -> Iterator[Stores]:
    def title(key: str) -> str | None:
        try:
            return str(client.get(index="news-articles-1999.01", id=key)["_source"]["title"])
        except NotFoundError:
            return None

    with indices(client, LEDGER, SOURCES, TALLIES) as (ledger, sources, tallies):
        yield Stores(
            Ledger(client, ledger),
            Index(client, ledger),
            Sources(client, sources),
            Tallies(client, tallies),
            Tallies(client, tallies),
            title,
        )
    client.options(ignore_status=404).indices.delete(index="news-articles-1999.01")


def record(number: int = 0) -> Record:
    return admitted(SOURCE, Entry(f"http://h/{uuid.uuid4().hex}/{number}", title="خبر"), NOW)


def outcome(record: Record, title: str = "عنوان", fetched_at: datetime = NOW) -> Outcome:
    article = Article(id=record.id, url=record.url, title=title, body="نص الخبر", fetched_at=fetched_at)
    return Outcome(ended(record, State.INDEXED, NOW), article)


def test_admission_is_once(stores: Stores) -> None:
    one, two = record(1), record(2)
    assert stores.ledger.create([one]) == [one]
    assert stores.ledger.create([replace(one, detail="again"), two]) == [two]
    assert stores.ledger.get(one.id) == one
    assert stores.ledger.get("unknown") is None
    assert stores.ledger.get_many([one.id, "unknown"]) == {one.id: one}
    assert stores.ledger.get_many([]) == {}
    assert stores.ledger.create([]) == []


def test_a_stale_writer_loses(stores: Stores) -> None:
    one = record()
    stores.ledger.create([one])
    newer = ended(one, State.FAILED, NOW, "http_404")
    assert stores.ledger.save([newer]) == [newer]
    assert stores.ledger.save([ended(one, State.INDEXED, NOW)]) == []
    assert stores.ledger.get(one.id) == newer
    again = reopened(newer, NOW)
    assert stores.ledger.save([again]) == [again]


def test_pending_ones_come_oldest_due_first_and_ended_ones_do_not(stores: Stores) -> None:
    late, early = replace(record(1), due_at=NOW + timedelta(hours=1)), record(2)
    over, new = record(3), replace(record(4), due_at=NOW + timedelta(hours=2))
    stores.ledger.create([late, early, over, new])
    stores.ledger.save([ended(over, State.REJECTED, NOW, "not_an_article")])
    stores.ledger.refresh()
    assert [r for page in stores.ledger.pending(NOW + timedelta(hours=1)) for r in page] == [early, late]
    since = NOW + timedelta(minutes=1)
    assert [r for page in stores.ledger.pending(NOW + timedelta(hours=1), since) for r in page] == [late]
    assert stores.ledger.counts() == {("pending", ""): 3, ("rejected", "not_an_article"): 1}


def test_a_walk_by_ids_goes_through_what_is_pending_and_through_what_has_ended(stores: Stores) -> None:
    made = sorted((record(number) for number in range(4)), key=lambda one: one.id)
    stores.ledger.create(made)
    stores.ledger.save([ended(made[1], State.FAILED, NOW, "dns")])
    stores.ledger.refresh()
    assert stores.ledger.existing([made[0].id, "unknown"]) == {made[0].id}
    first, place = stores.ledger.after("", 2, pending=True)
    assert ([one.id for one in first], place) == ([made[0].id, made[2].id], made[2].id)
    rest, place = stores.ledger.after(place, 2, pending=True)
    assert ([one.id for one in rest], place) == ([made[3].id], "")
    over, _ = stores.ledger.after("", 2, pending=False)
    assert [one.id for one in over] == [made[1].id]


def test_a_record_ends_with_its_document(stores: Stores) -> None:
    one = record()
    stores.ledger.create([one])
    done = outcome(one)
    assert [verdict.word for verdict in stores.index.write([done], NOW)] == ["done"]
    assert stores.title(one.id) == "عنوان"
    assert stores.ledger.get(one.id) == replace(done.record, searchable_s=0.0)


def test_an_end_without_a_document(stores: Stores) -> None:
    one = record()
    stores.ledger.create([one])
    over = ended(one, State.FAILED, NOW, "dns")
    assert [verdict.word for verdict in stores.index.write([Outcome(over)], NOW)] == ["done"]
    assert stores.title(one.id) is None
    assert stores.ledger.get(one.id) == over


def test_writing_again_changes_nothing_and_an_older_outcome_does_not_win(stores: Stores) -> None:
    one = record()
    stores.ledger.create([one])
    old = outcome(one, "قديم", NOW + timedelta(minutes=5))  # fetched by somebody whose clock is ahead
    new = outcome(reopened(old.record, NOW), "جديد")
    for stale in (new, new, old):
        assert [verdict.word for verdict in stores.index.write([stale], NOW)] == ["done"]
    assert stores.title(one.id) == "جديد"


def test_sources_keep_their_polls_when_they_are_put_again(stores: Stores) -> None:
    assert stores.sources.get("s") is None
    stores.sources.put(SOURCE)
    poll = Poll(polled_at=NOW, listed=3, admitted=2, problems=("x",))
    stores.sources.note("s", poll)
    stores.sources.put(replace(SOURCE, name="آخر"))
    assert stores.sources.poll_of("s") == poll
    assert stores.sources.polled("s") == (replace(SOURCE, name="آخر"), poll)
    assert stores.sources.all() == [(replace(SOURCE, name="آخر"), poll)]
    assert stores.sources.remove("s")
    assert not stores.sources.remove("s")
    assert stores.sources.poll_of("s") == Poll()
    assert stores.sources.polled("s") is None


def test_what_a_poll_finds_changes_its_own_fields_alone(stores: Stores) -> None:
    found = replace(SOURCE, url="http://h/rss", kind="sitemap", home="http://h/")
    poll = Poll(polled_at=NOW, listed=3, further=(Further("http://h/2", "feed"),))
    for gone in (
        stores.sources.note("s", poll),
        stores.sources.locate(found),
        stores.sources.pause("s", paused=True),
        stores.sources.end_round("s"),
    ):
        assert not gone
    assert stores.sources.polled("s") is None, "what was removed stays so"
    stores.sources.put(SOURCE)
    assert stores.sources.note("s", poll)
    edited = replace(SOURCE, name="آخر", interval_s=900)
    stores.sources.put(edited)
    assert stores.sources.pause("s", paused=True)
    assert stores.sources.get("s") == replace(edited, paused=True)
    assert stores.sources.locate(found)
    expected = replace(found, name="آخر", interval_s=900, paused=True)
    assert stores.sources.get("s") == expected, "no older one is remembered"
    assert stores.sources.polled("s") == (expected, poll)
    assert stores.sources.end_round("s")
    assert stores.sources.poll_of("s") == replace(poll, further=())


def test_changes_of_one_source_at_the_same_time_all_hold(stores: Stores) -> None:
    stores.sources.put(SOURCE)
    with ThreadPoolExecutor(4) as others:
        done = [
            *others.map(lambda n: stores.sources.note("s", Poll(polls=n)), range(4)),
            *others.map(lambda _: stores.sources.locate(replace(SOURCE, url="http://h/rss")), range(4)),
        ]
    assert all(done)
    assert stores.sources.polled("s") == (replace(SOURCE, url="http://h/rss"), stores.sources.poll_of("s"))


def test_a_days_tallies_add_up_whoever_has_written_them_last(stores: Stores) -> None:
    one = Tally("turns", "1999-01-17", polls=1, listed=2)
    for who in (stores.tallies, stores.tallies, stores.others_tallies, stores.tallies, stores.others_tallies):
        who.add(one)
    stores.tallies.refresh()
    (mine,) = stores.tallies.of_day("1999-01-17")
    assert (mine.polls, mine.listed) == (5, 10)


def test_a_days_tallies_add_up_although_eleven_polls_end_at_once(stores: Stores) -> None:
    one = Tally("s", "1999-01-15", polls=1, listed=2, admitted=1, known=1, drops={"url_scheme": 1})
    with ThreadPoolExecutor(11) as polls:
        list(polls.map(stores.tallies.add, [one] * 11))
    stores.tallies.add(replace(one, source_id="other"))
    stores.tallies.add(replace(one, day="1999-01-16"))
    stores.tallies.refresh()
    other, mine = stores.tallies.of_day("1999-01-15")
    assert other == replace(one, source_id="other")
    assert (mine.polls, mine.listed, mine.admitted, mine.drops) == (11, 22, 11, {"url_scheme": 11})


def test_quiet_sources_are_those_that_are_polled_the_longest_silence_first(stores: Stores) -> None:
    silent = Poll(quiet_since=NOW, due_at=NOW)
    polls = {"new": replace(silent, quiet_since=NOW + timedelta(days=1)), "old": silent, "heard": Poll(due_at=NOW)}
    for name, poll in (polls | {"asked only": replace(silent, due_at=None)}).items():
        stores.sources.put(replace(SOURCE, id=name))
        stores.sources.note(name, poll)
    stores.sources.put(SOURCE)  # makes all of it visible
    assert [(source.id, poll) for source, poll in stores.sources.quiet()] == [("old", silent), ("new", polls["new"])]


@pytest.mark.stack
def test_what_elasticsearch_refuses_fails_with_its_reason_and_the_others_go_on(elasticsearch: Elasticsearch) -> None:
    for stores in real(elasticsearch):
        good, bad = record(1), record(2)
        stores.ledger.create([good, bad])
        endless = outcome(bad)
        assert endless.article is not None
        hostile = Outcome(endless.record, replace(endless.article, url="u" * 40_000, tags=("t" * 40_000,)))
        poisoned = replace(hostile.article, words=2**40)  # type: ignore[type-var]  # an article, as asserted above
        verdicts = stores.index.write([Outcome(hostile.record, poisoned), outcome(good)], NOW)
        assert [verdict.word for verdict in verdicts] == ["refused", "done"]
        failed = stores.ledger.get(bad.id)
        assert failed is not None
        assert (failed.state, failed.reason) == (State.FAILED, "refused_by_index")
        assert "words" in failed.detail
        assert stores.title(good.id) == "عنوان"
        assert stores.title(bad.id) is None


@pytest.mark.stack
def test_pace_and_groups(elasticsearch: Elasticsearch) -> None:
    for stores in real(elasticsearch):
        assert isinstance(stores.ledger, Ledger)
        waiting, over = record(1), record(2)
        stores.ledger.create([waiting, over])
        stores.ledger.save([ended(over, State.FAILED, NOW, "dns")])
        stores.ledger.refresh()
        pace = stores.ledger.pace(NOW + timedelta(minutes=5))
        assert pace.per_minute == {1: 0.0, 10: 0.1, 60: 1 / 60}
        assert pace.oldest_pending == NOW
        everything: dict[str, Any] = {"match_all": {}}
        by = ("state", "stage", "reason", "source_id")
        counts = {("failed", "fetch", "dns", "s"): 1, ("pending", "fetch", "", "s"): 1}
        assert stores.ledger.grouped(everything, *by) == counts
        assert stores.ledger.starting_with(over.id[:12]) == stores.ledger.get(over.id)
        assert stores.ledger.starting_with("") is None


@pytest.mark.stack
def test_a_shard_that_is_not_there_is_an_error_and_not_an_empty_answer(elasticsearch: Elasticsearch) -> None:
    client = elasticsearch.options(max_retries=0)
    names = {kind: f"test-away-{uuid.uuid4().hex}" for kind in (LEDGER, SOURCES)}
    nowhere = {"index.routing.allocation.require._name": "no such node"}
    for kind, name in names.items():
        client.indices.create(index=name, mappings=MAPPINGS[kind], settings=nowhere, wait_for_active_shards="0")
    ledger, sources = Ledger(client, names[LEDGER]), Sources(client, names[SOURCES])
    asks = (
        lambda: ledger.get("one"),
        lambda: ledger.get_many(["one"]),
        lambda: list(ledger.pending(NOW)),
        ledger.counts,
        sources.all,
    )
    try:
        for ask in asks:
            with pytest.raises(ELASTICSEARCH):
                ask()
    finally:  # a red index would keep the stack from its next start
        client.indices.delete(index=",".join(names.values()))
