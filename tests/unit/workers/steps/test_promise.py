"""An article is `indexed` only with its document, through stream, flusher and check, and when Redis is lost too."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import ApiError
from redis.exceptions import OutOfMemoryError

from ingest.document import index_of
from ingest.ledger.documents import searchable
from ingest.ledger.record import Record, State
from ingest.ledger.transitions import abandoned, admitted, ended
from ingest.model import Article, Entry, Source
from tests.fake_elastic import meta_of
from tests.fakes import World, lease_over
from workers.steps import index as flusher
from workers.steps.attempt import enqueue_outcome
from workers.steps.check import check_after, check_some
from workers.steps.sweep import rebuild, sweep
from workers.store import stream, stream_gauge, verdicts
from workers.store.outcomes import Item, Outcome
from workers.store.portions import by_weight

SOURCE = Source("s", "feed", "http://h/feed")


def outcome(world: World, number: int = 0) -> Outcome:
    """Admit an article that has been processed; its outcome is in the stream."""
    (record,) = world.ledger.create([admitted(SOURCE, Entry(f"http://h/{number}"), world.clock())])
    article = Article(id=record.id, url=record.url, title="عنوان", body="نص", admitted_at=record.admitted_at)
    made = Outcome(ended(record, State.INDEXED, world.clock()), article)
    enqueue_outcome(world.rt, made)
    return made


def flush(world: World) -> int:
    world.redis.delete(stream.RESTS)
    return flusher.flush(world.rt, block_ms=1, linger_s=0)


@pytest.mark.parametrize("verdict", [403, 429, 503, None])
@pytest.mark.parametrize("kind", ["document", "record"])
def test_what_is_not_taken_is_brought_back_although_redis_is_wiped(
    world: World, kind: str, verdict: int | None
) -> None:
    key = outcome(world).record.id
    world.elastic.verdicts[kind, key] = verdict
    flush(world)
    assert world.rt.stream.depth() == 1
    if kind == "document" or verdict:
        assert world.ledger.records[key].pending
    world.redis.flushall()
    world.elastic.verdicts.clear()
    world.clock.forward(3600)
    rebuild(world.rt)
    if world.ledger.records[key].pending:
        assert world.rt.lanes.depths() == {"h": 1}, "it is brought back"
    else:
        assert key in world.index.articles


def test_a_late_outcome_does_not_hide_that_its_article_is_at_work_again(world: World) -> None:
    late = outcome(world)
    again = abandoned(replace(late.record, state=State.PENDING, version=1, indexed_at=None), world.clock())
    world.ledger.save([again])
    world.rt.lanes.push([again])
    ((_, key),) = world.rt.lanes.pop(1)
    assert flush(world) == 1
    assert world.ledger.records[key].pending
    assert world.rt.leases.whereabouts([again]) == ["in_progress"]


def test_an_article_whose_outcome_was_overtaken_is_at_work_again_soon(world: World) -> None:
    """Not in an hour, when the lease of what waits for Elasticsearch is over."""
    late = outcome(world)
    again = abandoned(replace(late.record, state=State.PENDING, version=1, indexed_at=None), world.clock())
    world.ledger.save([again])
    world.rt.lanes.push([again])
    ((_, key),) = world.rt.lanes.pop(1)
    flush(world)
    enqueue_outcome(world.rt, Outcome(ended(again, State.INDEXED, world.clock()), late.article))
    flush(world)
    assert world.ledger.records[key].pending
    world.clock.forward(300)
    assert sweep(world.rt) == 1
    assert [found for _, found in world.rt.lanes.pop(1)] == [key]


def test_the_check_finds_what_lost_its_document_and_the_reverse(world: World) -> None:
    made = [outcome(world, number) for number in range(5)]
    keys = sorted(one.record.id for one in made)
    while flush(world):
        pass
    documents = world.elastic.names[index_of(made[0].record)]
    del documents[keys[1]]
    old = world.ledger.records[keys[3]]
    version, source = world.elastic.names["news-ledger"][old.id]
    forgetful = source | {"state": "failed", "reason": "poison", "indexed_at": None}
    world.elastic.names["news-ledger"][old.id] = version, forgetful
    found = [check_some(world.rt, 2) for _ in range(3)]
    assert [one.lost for one in found] == [(keys[1],), (), ()]
    assert [one.found for one in found] == [(), (keys[3],), ()]
    assert [one.place for one in found] == [keys[1], keys[3], ""]
    assert [one.records for one in found] == [2, 2, 1]
    assert world.ledger.records[keys[1]].pending
    assert world.rt.lanes.depths() == {"h": 1}
    assert world.ledger.records[keys[3]].state is State.INDEXED
    assert check_after(world.rt, "").agrees


def test_a_month_that_is_gone_is_told_and_its_articles_are_left_to_a_person(world: World) -> None:
    made = outcome(world)
    flush(world)
    del world.elastic.names[index_of(made.record)]
    checked = check_some(world.rt)
    assert checked.gone == (index_of(made.record),)
    assert not checked.agrees
    assert not world.ledger.records[made.record.id].pending


def test_a_request_that_is_too_heavy_is_halved_down_to_the_article_to_blame(world: World) -> None:
    made = [outcome(world, number) for number in range(6)]
    heavy = admitted(SOURCE, Entry("http://h/heavy"), world.clock())
    world.ledger.create([heavy])
    article = Article(id=heavy.id, url=heavy.url, title="عنوان", body="نص " * 9000)
    enqueue_outcome(world.rt, Outcome(ended(heavy, State.INDEXED, world.clock()), article))
    world.elastic.heavier_than = 20_000
    assert flush(world) == 7
    assert all(one.record.id in world.index.articles for one in made)
    assert world.ledger.records[heavy.id].reason == "refused_by_index"
    assert "413" in world.ledger.records[heavy.id].detail
    assert world.rt.stream.depth() == 0


def test_a_server_that_refuses_everything_blames_no_article(world: World) -> None:
    key = outcome(world).record.id
    world.elastic.heavier_than = 1
    assert flush(world) == 0
    assert world.rt.stream.depth() == 1
    assert world.rt.stream.rests()
    assert world.ledger.records[key].pending


@pytest.mark.parametrize("status", [400, 403, 413])
def test_a_firewall_that_refuses_requests_with_one_article_stops_no_other(
    world: World, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [outcome(world, number) for number in range(5)]
    bulk = world.elastic.bulk

    def judged(operations: Sequence[Mapping[str, Any]]) -> object:
        if any(line.get("url", "") == made[2].record.url and "body" in line for line in operations):
            raise ApiError("<html>no</html>", meta_of(status), "<html>no</html>")
        return bulk(operations)

    monkeypatch.setattr(world.elastic, "bulk", judged)
    assert flush(world) == 5
    assert len(world.index.articles) == 4
    failed = world.ledger.records[made[2].record.id]
    assert (failed.reason, world.rt.stream.depth()) == ("refused_by_index", 0)


def test_an_outcome_that_breaks_something_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [outcome(world, number) for number in range(5)]
    odd = made[2].record.id

    def judged(record: Record, now: datetime) -> Record:
        if record.id == odd:
            raise KeyError("what nobody thought of")
        return searchable(record, now)

    monkeypatch.setattr(verdicts, "searchable", judged)
    assert flush(world) == 5
    failed = world.ledger.records[odd]
    assert (failed.reason, failed.detail) == ("refused_by_index", "bug: KeyError('what nobody thought of')")
    assert world.rt.stream.depth() == 0
    assert check_after(world.rt, "").found == (odd,), "it has its document"
    assert [record.state for record in world.ledger.records.values()] == [State.INDEXED] * 5


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 502, 503])
def test_a_request_that_is_always_refused_blames_no_article(
    world: World, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [outcome(world, number) for number in range(5)]

    def refuse(**_: object) -> None:
        raise ApiError("no", meta_of(status), "<html>no</html>")

    monkeypatch.setattr(world.elastic, "bulk", refuse)
    assert flush(world) == 0
    assert (world.rt.stream.depth(), world.rt.stream.rests()) == (5, True)
    assert all(world.ledger.records[one.record.id].pending for one in made)


def test_after_a_failure_the_next_batch_is_half_as_long(world: World) -> None:
    for number in range(8):
        outcome(world, number)
    world.elastic.break_off = 6
    for _ in range(6):
        assert flush(world) == 0
    assert world.elastic.bulks[-6:] == [8, 8, 8, 8, 8, 6]
    assert 1 <= flush(world) <= 200 >> 6
    for _ in range(5):
        flush(world)
    assert world.rt.stream.depth() == 0


def test_one_item_that_is_not_taken_makes_nobody_rest(world: World) -> None:
    blocked = outcome(world).record.id
    outcome(world, 1)
    outcome(world, 2)
    world.elastic.verdicts["document", blocked] = 403
    assert flush(world) == 2
    assert not world.rt.stream.rests()
    assert world.rt.stream.depth() == 1


def test_an_entry_that_cannot_be_read_is_put_aside_and_its_article_done_again(world: World) -> None:
    (record,) = world.ledger.create([admitted(SOURCE, Entry("http://h/other"), world.clock())])
    payload = b'{"record":{"id":"%s","state":"paused"}}' % record.id.encode()
    world.redis.xadd(stream_gauge.KEY, {"outcome": payload})
    world.rt.leases.finish(ended(record, State.INDEXED, world.clock()), 3600)
    good = outcome(world)
    assert flush(world) == 1
    assert good.record.id in world.index.articles
    assert (world.rt.stream.depth(), world.rt.stream.unreadable()) == (0, 1)
    lease_over(world.rt.leases, record.id)
    assert world.rt.leases.whereabouts([record]) == ["forgotten"], "nothing is counted, and sweep brings it back"


def test_an_entry_that_a_full_redis_cannot_put_aside_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.redis.xadd(stream_gauge.KEY, {"outcome": b"{"})
    good = outcome(world)

    def full(_: object) -> None:
        raise OutOfMemoryError("command not allowed")

    with monkeypatch.context() as patch:
        patch.setattr(world.rt.stream, "put_aside", full)
        with pytest.raises(OutOfMemoryError):
            flush(world)
    assert not world.ledger.records[good.record.id].pending, "written first: it may be what Redis is full of"
    monkeypatch.setattr(stream, "CLAIM_AFTER_MS", 0)
    flush(world)
    assert (world.rt.stream.depth(), world.rt.stream.unreadable()) == (0, 1)


def test_parts_have_so_many_bytes() -> None:
    record = ended(admitted(SOURCE, Entry("http://h/"), datetime.now(UTC)), State.FAILED, datetime.now(UTC))
    items = [Item(b"%d" % number, Outcome(record), size) for number, size in enumerate((4, 4, 20, 1, 1))]
    assert [[item.size for item in part] for part in by_weight(items, lambda one: one.size, 9)] == [
        [4, 4],
        [20],
        [1, 1],
    ]
