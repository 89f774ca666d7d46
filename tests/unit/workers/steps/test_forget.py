"""Takedown in a world of fakes: whatever is under way, nothing of it stays, and it never comes back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.desk.order import Answer, Order
from ingest.document import ARTICLES, FINGERPRINTS, LEDGER, STORIES, document
from ingest.errors import Unavailable
from ingest.forget import Tombstone, of_article, of_host
from ingest.ledger.aging import slimmed
from ingest.ledger.record import State
from ingest.ledger.tally import Tally
from ingest.model import Entry
from ingest.urls import article_id
from tests.fakes import FakeEraser, World, fetched, operator
from tests.fakes import world as make_world
from tests.twins import twin
from tests.unit.workers.steps.site import HTML, SOURCE, page
from workers.steps import admit as admission
from workers.steps.check import check_after
from workers.steps.forget import forget
from workers.steps.forgotten import AGAIN, look_after
from workers.steps.group import group_waiting
from workers.steps.ingest import admit_url
from workers.steps.process import process_page
from workers.steps.report import ask
from workers.steps.revisit import open_due
from workers.steps.traces import affected, all_of_site, left, of_site, traces
from workers.store.vault import Vault

URL, OTHER = "http://site.test/1", "http://other/1"
KEY, BESIDE = article_id(URL), article_id(OTHER)
ENTRY = Entry(URL, title="ارتفاع إنتاج الكهرباء", summary="ملخص")
WORDS = "الكهرباء"


def stone(world: World, key: str = KEY) -> Tombstone:
    return of_article(key, world.clock(), "a judge says so", "the operator")


def forget_it(world: World, key: str = KEY) -> None:
    forget(operator(world), [stone(world, key)], lambda: iter([[key]]))


@pytest.fixture(scope="module")
def told_twice() -> World:
    """A story of two sites, in all stores."""
    made = make_world("told_twice")
    made.sources.put(SOURCE)
    for url in (URL, OTHER):
        made.web.answers[url] = page(url, HTML)
    admission.admit(made.rt, SOURCE, [ENTRY, replace(ENTRY, url=OTHER)])
    made.run()
    while group_waiting(made.rt):
        pass
    assert len(made.elastic.indexed(STORIES)) == 1
    return made


@pytest.fixture
def indexed(told_twice: World, request: pytest.FixtureRequest) -> World:
    return twin(told_twice, request.node.name)


def words_in(world: World) -> list[str]:
    """Return the places in which the article's words, or its address, are still found."""
    return [place for place, text in everything(world) if any(word in text for word in (WORDS, "site.test/1", "ملخص"))]


def everything(world: World) -> Iterator[tuple[str, str]]:
    for index, kept in world.elastic.names.items():
        yield from ((index, str(stored)) for stored in kept.values())
    yield from ((key.decode(), str(value.value)) for key, value in world.redis.kept.dbs[0]._dict.items())
    pages = world.rt.pages
    yield from ((path, pages._fs.cat_file(path).hex()) for path in pages._fs.find(pages._root))


def test_nothing_stays(indexed: World) -> None:
    forget_it(indexed, BESIDE)
    assert [one.id for one in traces(indexed.rt, [KEY]) if one.any] == [KEY]
    forget_it(indexed)
    assert words_in(indexed) == []
    assert not any(one.any for one in traces(indexed.rt, [KEY]))
    assert indexed.rt.pages.names(KEY) == []
    assert KEY not in indexed.elastic.indexed(FINGERPRINTS)
    assert not list(left(indexed.rt))
    assert indexed.ledger.records[KEY].state is State.FORGOTTEN


def test_the_other_article_of_its_story_is_alone_then(indexed: World) -> None:
    forget_it(indexed)
    while group_waiting(indexed.rt):
        pass
    assert indexed.elastic.indexed(STORIES) == {}
    beside = next(docs[BESIDE][1] for name, docs in indexed.elastic.names.items() if name.startswith(ARTICLES))
    assert beside["story"] == BESIDE
    assert "copied_from" not in str(beside) or not beside.get("copied_from")


@pytest.mark.parametrize(
    "variant", [URL, "https://www.site.test/1/", "http://site.test/amp/1", "http://m.site.test/1?utm_source=x"]
)
def test_no_listing_brings_it_back(indexed: World, variant: str) -> None:
    forget_it(indexed)
    asked = len(indexed.web.asked)
    later = Entry(variant, updated_at=indexed.clock(), page=page(variant, HTML))
    assert admission.admit(indexed.rt, SOURCE, [later]).admitted == 0
    indexed.run()
    assert indexed.ledger.records[KEY].state is State.FORGOTTEN
    assert indexed.rt.pages.names(KEY) == []
    assert len(indexed.web.asked) == asked
    assert not [line for line in ask(indexed.rt, day=f"{indexed.clock():%Y-%m-%d}") if list(line.problems())]


def test_what_was_never_admitted_can_be_kept_out(indexed: World) -> None:
    key = article_id("http://site.test/new")
    forget_it(indexed, key)
    assert admission.admit(indexed.rt, SOURCE, [Entry("http://site.test/new")]).admitted == 0
    problems = admit_url(indexed.rt, url="http://www.site.test/new").problems
    assert "was forgotten" in problems[0]


def test_a_further_address_of_its_page_goes_with_it(indexed: World) -> None:
    html = HTML.replace("<head>", f'<head><link rel="canonical" href="{URL}">')
    printed = "http://site.test/print?id=1"
    indexed.web.answers[printed] = page(printed, html)
    admission.admit(indexed.rt, SOURCE, [replace(ENTRY, url=printed)])
    indexed.run()
    assert indexed.ledger.records[article_id(printed)].state is State.DUPLICATE
    ids = list(affected(indexed.rt, [KEY]))
    assert ids == [KEY, article_id(printed)]
    again = "http://site.test/print?id=1&big=1"
    indexed.web.answers[again] = page(again, html)
    forget(operator(indexed), [stone(indexed, key) for key in ids], lambda: iter([ids]))
    admission.admit(indexed.rt, SOURCE, [replace(ENTRY, url=again)])
    indexed.run()
    assert indexed.ledger.records[article_id(again)].state is State.FORGOTTEN
    assert indexed.rt.pages.names(article_id(again)) == []


@pytest.fixture
def pending(indexed: World) -> World:
    """A world with an article that is listed and not fetched."""
    indexed.web.answers["http://site.test/2"] = page("http://site.test/2", HTML)
    admission.admit(indexed.rt, SOURCE, [replace(ENTRY, url="http://site.test/2")])
    indexed.rt.lanes.pop(1)
    return indexed


SECOND = article_id("http://site.test/2")


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_work_under_way_comes_to_nothing(pending: World, steps: int) -> None:
    if steps:
        assert fetched(pending, SECOND)
    if steps > 1:
        process_page(pending.rt, SECOND)
    forget_it(pending, SECOND)
    if not steps:
        assert not fetched(pending, SECOND)
    process_page(pending.rt, SECOND)
    pending.flush()
    assert not any(one.any for one in traces(pending.rt, [SECOND]))
    assert pending.rt.stream.depth() == 0
    assert pending.rt.leases.count() == 0


def test_a_page_that_was_being_fetched_does_not_stay(pending: World) -> None:
    stored = pending.rt.pages.put
    forget_it(pending, SECOND)
    stored(SECOND, page("http://site.test/2", HTML), pending.clock())
    pending.clock.forward(AGAIN.total_seconds() + 1)
    look_after(pending.rt)
    assert pending.rt.pages.names(SECOND) == []


def test_an_outcome_that_a_worker_held_since_before_is_dropped(pending: World) -> None:
    assert fetched(pending, SECOND)
    process_page(pending.rt, SECOND)
    held = pending.rt.stream.read(10, 1).items
    forget_it(pending, SECOND)
    pending.rt.stream.add(held[0].outcome)
    pending.flush()
    assert not any(one.any for one in traces(pending.rt, [SECOND]))
    assert pending.rt.stream.depth() == 0


def test_a_document_that_is_written_at_that_moment_is_taken_back(pending: World) -> None:
    assert fetched(pending, SECOND)
    process_page(pending.rt, SECOND)
    (item,) = pending.rt.stream.read(10, 1).items
    assert item.outcome.article
    forget_it(pending, SECOND)
    # the worker had asked for tombstones before there was one
    (verdict,) = pending.rt.index.write([item.outcome], pending.clock())
    assert verdict.word == "forgotten"
    assert pending.index.articles[SECOND].body
    pending.clock.forward(AGAIN.total_seconds() + 1)
    look_after(pending.rt)
    assert not pending.index.articles[SECOND].body
    assert [one.id for one, _ in left(pending.rt)] == [SECOND]
    forget_it(pending, SECOND)
    assert SECOND not in pending.index.articles


def test_checks_looks_and_retries_leave_it_alone(indexed: World) -> None:
    forget_it(indexed)
    version = indexed.ledger.records[KEY].version
    indexed.clock.forward(10 * 86_400)
    open_due(indexed.rt, 30)
    assert check_after(indexed.rt, "").agrees
    assert indexed.ledger.records[KEY].version == version


class Dies(FakeEraser):
    """Dies before it deletes anything, or after it."""

    def delete(self, _: object) -> None:
        raise KeyboardInterrupt


def test_what_an_editor_has_tried_does_not_tell_it_either(indexed: World) -> None:
    order = Order(id="o", what="try", asked_at=indexed.clock(), url="http://site.test/feed")
    for found in ((ENTRY.title,), ("خبر آخر",)):
        indexed.rt.mailbox.answer(Answer(order=order, at=indexed.clock(), found=found))
    forget_it(indexed)
    assert [one.found for one in indexed.rt.mailbox.answers()] == [("خبر آخر",)]


def test_cut_short_it_is_known_and_goes_on(indexed: World) -> None:
    with pytest.raises(KeyboardInterrupt):
        forget(operator(indexed, Dies), [stone(indexed)], lambda: iter([[KEY]]))
    assert admission.admit(indexed.rt, SOURCE, [replace(ENTRY, updated_at=indexed.clock())]).admitted == 0
    ((unfinished, ids),) = left(indexed.rt)
    assert (unfinished.id, ids, unfinished.done_at) == (KEY, [KEY], None)
    forget(operator(indexed), [unfinished], lambda: iter([ids]))
    assert not list(left(indexed.rt))
    (done,) = indexed.rt.tombstones.all()
    assert (done.why, done.who) == ("a judge says so", "the operator")
    assert done.done_at


def test_its_tombstone_is_kept_beside_the_backups_before_anything_else(indexed: World, tmp_path: Path) -> None:
    near, far = Vault(str(tmp_path / "near")), Vault(str(tmp_path / "far"))
    with pytest.raises(KeyboardInterrupt):
        forget(operator(indexed, Dies, (near, far)), [stone(indexed)], lambda: iter([[KEY]]))
    for vault in (near, far):
        (kept,) = vault.tombstones()
        assert (kept.id, kept.why) == (KEY, "a judge says so")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable):
        forget(
            operator(indexed, vaults=(Vault(str(tmp_path / "file" / "x")),)), [stone(indexed, BESIDE)], lambda: iter([])
        )
    assert BESIDE not in {one.id for one in indexed.rt.tombstones.all()}


def test_a_host_goes_with_all_it_will_ever_list(indexed: World) -> None:
    host = of_host("www.site.test", indexed.clock(), "no more", "")
    assert {key for some in of_site(indexed.rt, "site.test") for key in some} == {KEY}
    forget(operator(indexed), [host], lambda: all_of_site(indexed.rt, "site.test"))
    assert not list(left(indexed.rt))
    assert BESIDE in indexed.index.articles
    entries = [Entry("http://site.test/9"), Entry("http://sub.site.test/9"), Entry("http://other/9")]
    indexed.tallies.tallies.clear()
    assert admission.admit(indexed.rt, SOURCE, entries).admitted == 1
    (tally,) = indexed.tallies.tallies.values()
    assert tally == Tally(SOURCE.id, tally.day, polls=1, listed=3, admitted=1, drops={"forgotten": 2})


def test_a_document_that_the_ledger_does_not_know_goes_too(indexed: World) -> None:
    del indexed.elastic.indexed(LEDGER)[KEY]
    forget_it(indexed)
    assert indexed.index.articles.keys() == {BESIDE}
    assert not list(left(indexed.rt))


def test_a_host_goes_with_what_the_ledger_has_no_address_of(indexed: World) -> None:
    indexed.rt.ledger.save([slimmed(indexed.ledger.records[KEY])])
    host = of_host("site.test", indexed.clock(), "no more", "")
    forget(operator(indexed), [host], lambda: all_of_site(indexed.rt, "site.test"))
    assert indexed.index.articles.keys() == {BESIDE}
    assert indexed.ledger.records[KEY].state is State.FORGOTTEN


def test_what_a_worker_admits_that_has_not_heard_of_it_yet_is_not_indexed(indexed: World) -> None:
    host = of_host("site.test", indexed.clock(), "no more", "")
    indexed.web.answers["http://site.test/9"] = page("http://site.test/9", HTML)
    admission.admit(indexed.rt, SOURCE, [Entry("http://site.test/9")])
    indexed.rt.tombstones.put([host])
    indexed.run()
    assert indexed.ledger.records[article_id("http://site.test/9")].state is State.FORGOTTEN
    assert article_id("http://site.test/9") not in indexed.index.articles
    assert indexed.rt.pages.names(article_id("http://site.test/9")) == []


def test_the_words_are_what_the_test_looks_for(indexed: World) -> None:
    assert words_in(indexed)
    assert any(WORDS in str(document(one)) for one in indexed.index.articles.values())
