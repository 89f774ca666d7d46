"""Retention of what Elasticsearch holds: months, records, tallies, versions, stories. What still counts, adds up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.document import FINGERPRINTS, REVISION, REVISIONS, STORIES, TALLIES, TALLY
from ingest.ledger.record import Record, State
from ingest.ledger.reopening import relisted, reopened
from ingest.ledger.revisit import Revisit
from ingest.ledger.tally import Tally
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from ingest.revisions.revision import Revision
from tests.fakes import World
from workers.steps import reopen, retention_ways
from workers.steps.admit import admit
from workers.steps.check import check_after
from workers.steps.patience import Patience
from workers.steps.report import ask
from workers.steps.retention import Line, daily, go, look
from workers.store.outcomes import Outcome
from workers.store.selection import Selection

SOURCE = Source("s", "feed", "http://h/feed")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OLD = "news-articles-2025.09"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention_ways, "AT_ONCE", 3)
    monkeypatch.setattr(retention_ways, "DELETED", 2)


@pytest.fixture
def made(world: World) -> World:
    world.clock.at = NOW
    return world


def keep(world: World, **days: int) -> None:
    named = {f"keep_{name}_days": count for name, count in days.items()}
    world.rt = replace(world.rt, settings=world.rt.settings.model_copy(update=named))


def entry(number: int) -> Entry:
    return Entry(f"http://h/{number}", title=f"خبر {number}")


def indexed(world: World, number: int, at: datetime) -> Record:
    """Admit an article and index it, at a time."""
    record = admitted(SOURCE, entry(number), at)
    world.ledger.create([record])
    article = Article(id=record.id, url=record.url, title="خبر", body="نص", admitted_at=at, source_id="s")
    done = ended(record, State.INDEXED, at)
    world.index.write([Outcome(done, article)], at)
    return done


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def went(world: World) -> dict[str, int]:
    lines: list[Line] = []
    go(world.rt, lines.append)
    return {line.kind: line.count for line in lines if line.count}


def test_nothing_goes_by_default(made: World) -> None:
    indexed(made, 1, days_ago(4000))
    assert [line.count for line in look(made.rt)] == [0] * 6
    assert went(made) == {}


def test_a_month_goes_whole_and_ledger_report_and_check_agree(made: World) -> None:
    old = [indexed(made, number, datetime(2025, 9, 1 + number, tzinfo=UTC)) for number in range(7)]
    young = indexed(made, 9, days_ago(30))
    keep(made, articles=365)
    (line,) = [line for line in look(made.rt) if line.kind == "articles"]
    assert line.count == 7
    assert line.bytes > 0
    assert went(made) == {"articles": 7}
    assert OLD not in made.elastic.names
    assert set(made.index.articles) == {young.id}
    assert {made.ledger.records[one.id].expired_at for one in old} == {NOW}
    assert check_after(made.rt, "").agrees
    (day,) = ask(made.rt, day="2025-09-01")
    assert list(day.problems()) == []
    assert (day.admitted, day.count(State.INDEXED)) == (1, 1), "the report still tells what there was"
    assert went(made) == {}


def test_a_month_with_an_article_at_work_stays_untouched(made: World) -> None:
    one, other = (indexed(made, number, datetime(2025, 9, 5, tzinfo=UTC)) for number in range(2))
    indexed(made, 9, NOW)
    made.ledger.save([reopened(one, NOW)])
    keep(made, articles=365)
    (line,) = [line for line in look(made.rt) if line.kind == "articles"]
    assert (line.count, line.kept) == (0, ("2025.09 stays for now: 1 of its articles are at work",))
    assert went(made) == {}
    assert made.ledger.records[other.id].expired_at is None
    assert check_after(made.rt, "").agrees


def test_the_last_month_stays_whatever_its_age(made: World) -> None:
    indexed(made, 1, datetime(2025, 8, 5, tzinfo=UTC))
    indexed(made, 2, datetime(2025, 9, 5, tzinfo=UTC))
    keep(made, articles=30)
    assert went(made) == {"articles": 1}
    assert OLD in made.elastic.names


@pytest.mark.parametrize("dies_at", ["save", "drop"])
def test_killed_anywhere_it_ends_the_next_time(made: World, monkeypatch: pytest.MonkeyPatch, dies_at: str) -> None:
    for number in range(7):
        indexed(made, number, datetime(2025, 9, 5, tzinfo=UTC))
    indexed(made, 9, NOW)
    keep(made, articles=365)
    place = made.ledger if dies_at == "save" else made.rt.expiry
    real, calls = getattr(place, dies_at), []

    def dying(*args: object) -> object:
        calls.append(args)
        if len(calls) == (2 if dies_at == "save" else 1):
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(place, dies_at, dying)
    with pytest.raises(KeyboardInterrupt):
        daily(made.rt, lambda: 0.0)
    assert check_after(made.rt, "").agrees, "whose documents are still there is not asked for"
    assert daily(made.rt, lambda: 0.0) is not None
    assert OLD not in made.elastic.names


def test_old_records_lose_their_text_and_stay_known(made: World) -> None:
    old, young = indexed(made, 1, days_ago(40)), indexed(made, 2, days_ago(20))
    keep(made, ledger=30)
    assert went(made) == {"ledger": 1}
    slim = made.ledger.records[old.id]
    assert (slim.slim, slim.entry.title, made.ledger.records[young.id].slim) == (True, "", False)
    assert admit(made.rt, SOURCE, [entry(1), entry(2)]).admitted == 0
    assert not made.ledger.records[old.id].pending
    assert check_after(made.rt, "").agrees
    assert went(made) == {}


def test_records_with_a_look_to_come_and_pending_ones_keep_all(made: World) -> None:
    look_to_come = indexed(made, 1, days_ago(40))
    record = made.ledger.records[look_to_come.id]
    made.ledger.save([replace(record, version=record.version + 1, revisit=Revisit(due_at=NOW))])
    waiting = admitted(SOURCE, entry(2), days_ago(40))
    made.ledger.create([waiting])
    keep(made, ledger=30)
    assert went(made) == {}


def test_what_retention_has_left_too_little_of_is_not_taken_to_work(made: World) -> None:
    record = indexed(made, 1, days_ago(40))
    failed = ended(admitted(SOURCE, entry(2), days_ago(40)), State.FAILED, days_ago(40), "http_500")
    made.ledger.save([failed])
    keep(made, ledger=30)
    went(made)
    which = Selection(states=(State.INDEXED, State.FAILED))
    retried = reopen.retry(made.rt, which=which, patience=Patience(0))
    replayed = reopen.replay(made.rt, which=which, patience=Patience(0), each=lambda _: None)
    assert [(one.count, one.unable) for one in (retried, replayed)] == [(0, 2), (0, 2)]
    del made.elastic.names[f"news-articles-{record.admitted_at:%Y.%m}"][record.id]
    checked = check_after(made.rt, "")
    assert checked.beyond == (record.id,)
    assert not checked.agrees
    assert (checked.lost, made.ledger.records[record.id].pending) == ((), False), "nobody knows its address"


def test_a_record_that_moves_meanwhile_wins(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record = indexed(made, 1, days_ago(40))
    keep(made, ledger=30)
    real = made.ledger.page
    moved: list[Record] = []

    def overtaken(*args: object, **options: object) -> list[Record]:
        found: list[Record] = real(*args, **options)  # type: ignore[arg-type]  # passed on
        for one in found if not moved else ():
            again = relisted(one, replace(entry(1), updated_at=NOW), NOW)
            assert again
            moved.extend(made.ledger.save([again]))
        return found

    monkeypatch.setattr(made.ledger, "page", overtaken)
    assert went(made) == {}
    assert made.ledger.records[record.id] == moved[0]


def put(world: World, index: str, documents: list[dict[str, object]]) -> None:
    for number, one in enumerate(documents):
        world.elastic.indexed(index)[f"{number}"] = 1, dict(one)


def tallies(at: datetime) -> tuple[str, dict[str, object]]:
    return TALLIES, TALLY.dump_python(Tally("s", f"{at:%Y-%m-%d}"), mode="json")


def revisions(at: datetime) -> tuple[str, dict[str, object]]:
    made = Revision(id="1", article_id="1", number=1, kinds=(), seen_at=at, url="", title="", body="")
    return REVISIONS, REVISION.dump_python(made, mode="json")


def fingerprints(at: datetime) -> tuple[str, dict[str, object]]:
    return FINGERPRINTS, {"index": f"news-articles-{at:%Y.%m}"}


def stories(at: datetime) -> tuple[str, dict[str, object]]:
    return STORIES, {"last_at": at.isoformat()}


@pytest.mark.parametrize("make", [tallies, revisions, fingerprints, stories])
def test_the_rest_goes_by_age(made: World, make: Callable[[datetime], tuple[str, dict[str, object]]]) -> None:
    ages = (400, 370, 366, 40, 10)
    index = make(NOW)[0]
    put(made, index, [make(days_ago(days))[1] for days in ages])
    kind = "stories" if index in (FINGERPRINTS, STORIES) else make.__name__
    keep(made, **{kind: 330})
    assert {line.kind: line.count for line in look(made.rt) if line.count} == {kind: 3}
    assert len(made.elastic.indexed(index)) == 5
    assert went(made) == {kind: 3}
    assert len(made.elastic.indexed(index)) == 2


def test_articles_whose_stories_are_no_longer_kept_are_not_compared_again(made: World) -> None:
    indexed(made, 1, days_ago(400))
    indexed(made, 2, days_ago(20))
    keep(made, stories=330)
    check_after(made.rt, "")
    assert made.rt.ungrouped.count() == 1
