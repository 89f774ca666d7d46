"""What could undo a takedown: a kill at the wrong line, another address of the page, another port, a late page."""

from dataclasses import replace
from typing import cast

import pytest

from ingest.desk.order import Answer, Order
from ingest.document import REVISION, REVISIONS, index_of
from ingest.errors import Unavailable
from ingest.forget import of_article, of_host
from ingest.ledger.aging import expired, slimmed
from ingest.ledger.record import State
from ingest.ledger.reopening import reopened
from ingest.ledger.transitions import ended
from ingest.model import Entry
from ingest.revisions.edit import Kind
from ingest.revisions.revision import Revision
from ingest.urls import article_id
from tests.fakes import FakeEraser, FakeIndexSet, World, fetched, operator, polled
from tests.unit.workers.steps.site import HTML, SOURCE, page
from workers.steps import admit as admission
from workers.steps import forgotten
from workers.steps.forget import forget
from workers.steps.forgotten import AGAIN, look_after
from workers.steps.orphans import orphans, summed
from workers.steps.process import process_page
from workers.steps.traces import affected, all_of_site, left, of_site
from workers.store.outcomes import Outcome
from workers.store.pages import Pages

HOST = "site.test"


@pytest.fixture
def made(world: World) -> World:
    world.sources.put(SOURCE)
    return world


def listed(world: World, *urls: str) -> list[str]:
    for url in urls:
        world.web.answers[url] = page(url, HTML)
    admission.admit(world.rt, SOURCE, [Entry(url) for url in urls])
    return [article_id(url) for url in urls]


def forget_host(world: World, eraser: type[FakeEraser] = FakeEraser) -> None:
    host = of_host(HOST, world.clock(), "", "")
    forget(operator(world, eraser), [host], lambda: all_of_site(world.rt, HOST))


def forget_it(world: World, key: str) -> None:
    forget(operator(world), [of_article(key, world.clock(), "", "")], lambda: iter([[key]]))


class Dies(FakeEraser):
    """Dies before it deletes anything."""

    def delete(self, _: object) -> None:
        raise KeyboardInterrupt


def test_a_host_whose_takedown_was_killed_goes_with_the_next_run(made: World) -> None:
    (one,) = listed(made, f"http://{HOST}/1")
    made.run()
    with pytest.raises(KeyboardInterrupt):
        forget_host(made, Dies)
    assert made.ledger.records[one].state is State.FORGOTTEN
    assert [ids for _, ids in left(made.rt)] == [[one]]
    forget_host(made)
    assert made.index.articles == {}
    assert not list(left(made.rt))


def test_pages_without_a_document_go_with_the_next_run_too(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = listed(made, f"http://{HOST}/1")
    assert fetched(made, one)

    def die(_: Pages, key: str) -> int:
        raise KeyboardInterrupt(key)

    with monkeypatch.context() as patch:
        patch.setattr(Pages, "purge", die)
        with pytest.raises(KeyboardInterrupt):
            forget_host(made)
    assert made.rt.pages.names(one)
    made.clock.forward(1)
    forget_it(made, article_id("http://other/9"))  # another takedown is no excuse
    assert made.rt.pages.names(one) == []


def test_all_articles_of_a_run_that_was_killed_between_two_are_forgotten_by_the_next(made: World) -> None:
    one, two = listed(made, "http://a.test/1", "http://b.test/2")
    made.run()
    stones = [of_article(key, made.clock(), "", "") for key in (one, two)]

    def until_killed() -> object:
        yield [one]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forget(operator(made), stones, until_killed)  # type: ignore[arg-type]  # it is an iterator of lists
    assert made.ledger.records[two].state is State.INDEXED
    forget_it(made, one)
    assert made.index.articles == {}
    assert all(stone.done_at for stone in made.rt.tombstones.all())


def test_a_page_that_was_being_fetched_does_not_stay_when_its_host_goes(made: World) -> None:
    keys = listed(made, *(f"http://{HOST}/{number}" for number in range(5)))
    forget_host(made)
    for key in keys:
        made.rt.pages.put(key, page(f"http://{HOST}/", HTML), made.clock())
    made.clock.forward(AGAIN.total_seconds() + 1)
    look_after(made.rt)
    assert [made.rt.pages.names(key) for key in keys] == [[]] * 5


def test_however_many_were_forgotten_at_once_all_are_looked_after(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgotten, "PORTION", 2)
    keys = listed(made, *(f"http://{HOST}/{number}" for number in range(5)))
    forget_host(made)
    for key in keys:
        made.rt.pages.put(key, page(f"http://{HOST}/", HTML), made.clock())
    made.clock.forward(AGAIN.total_seconds() + 1)
    for _ in range(3):
        look_after(made.rt)
    assert [made.rt.pages.names(key) for key in keys] == [[]] * 5


def test_what_only_contains_a_hosts_name_in_its_address_stays(made: World) -> None:
    archive, mine = listed(made, f"http://archive.test/2020/http://www.{HOST}/1", f"http://www.{HOST}/2")
    made.run()
    assert list(of_site(made.rt, HOST)) == [[mine], [mine]]
    forget_host(made)
    assert made.index.articles.keys() == {archive}


def test_a_hosts_other_ports_are_the_hosts(made: World) -> None:
    (known,) = listed(made, f"http://{HOST}:8080/1")
    made.run()
    forget_host(made)
    assert made.ledger.records[known].state is State.FORGOTTEN
    assert admission.admit(made.rt, SOURCE, [Entry(f"https://www.{HOST}:8443/2")]).admitted == 0


@pytest.mark.parametrize(
    "variant",
    [f"\u200fhttp://{HOST}/9", f" HTTP://{HOST.upper()}/9", f"https://www.google.com/amp/s/{HOST}/9"],
)
def test_however_a_forgotten_hosts_address_is_written_it_is_not_admitted(made: World, variant: str) -> None:
    forget_host(made)
    assert admission.admit(made.rt, SOURCE, [Entry(variant), Entry("http://other/1")]).admitted == 1


def test_a_redirect_does_not_lead_to_a_forgotten_host(made: World) -> None:
    forget_host(made)
    (short,) = listed(made, "http://short.test/1")
    made.web.answers["http://short.test/1"] = page(f"http://{HOST}/1", HTML)
    made.run()
    assert (made.ledger.records[short].state, made.ledger.records[short].reason) == (State.REJECTED, "forgotten")
    assert made.index.articles == {}
    assert made.rt.pages.names(short) == []


def test_what_was_fetched_from_there_before_is_not_indexed(made: World) -> None:
    (short,) = listed(made, "http://short.test/1")
    made.rt.pages.put(short, page(f"http://{HOST}/1", HTML), made.ledger.records[short].asked_at)
    assert fetched(made, short)
    process_page(made.rt, short)
    made.rt.tombstones.put([of_host(HOST, made.clock(), "", "")])
    made.flush()
    assert made.index.articles == {}
    assert made.ledger.records[short].state is State.FORGOTTEN
    assert made.rt.pages.names(short) == []


def test_by_a_further_address_the_article_goes_too(made: World) -> None:
    (one,) = listed(made, f"http://{HOST}/1")
    made.run()
    (printed,) = listed(made, f"http://{HOST}/print?id=1")
    html = HTML.replace("<head>", f'<head><link rel="canonical" href="http://{HOST}/1">')
    made.web.answers[f"http://{HOST}/print?id=1"] = page(f"http://{HOST}/print?id=1", html)
    made.run()
    assert made.ledger.records[printed].state is State.DUPLICATE
    assert list(affected(made.rt, [printed, printed])) == [printed, one]


def test_a_look_that_finds_a_forgotten_article_leaves_no_text(made: World) -> None:
    """The print version was listed first, and both were indexed; then the other was forgotten."""
    url = f"http://{HOST}/print?id=1"
    (printed,) = listed(made, url)
    made.run()
    (one,) = listed(made, f"http://{HOST}/1")
    made.run()
    forget_it(made, one)
    made.web.answers[url] = page(url, HTML.replace("<head>", f'<head><link rel="canonical" href="http://{HOST}/1">'))
    admission.admit(made.rt, SOURCE, [Entry(url, updated_at=made.clock())])
    made.run()
    assert made.ledger.records[printed].state is State.FORGOTTEN
    assert not made.index.articles[printed].body
    assert summed(orphans(made.rt, repair=False)).forgotten == (printed,)
    forget(operator(made), [], lambda: iter([[printed]]))
    assert made.index.articles == {}


def test_versions_of_what_retention_has_slimmed_and_dropped_go_too(made: World) -> None:
    (one,) = listed(made, f"http://{HOST}/1")
    made.run()
    record = made.ledger.records[one]
    told = Revision(f"{one}.1", one, 1, (Kind.HEADLINE,), made.clock(), url=record.url, title="عنوان", host=HOST)
    made.elastic.indexed(REVISIONS)[told.id] = (2, REVISION.dump_python(told, mode="json"))
    made.ledger.save([slimmed(expired(replace(record, version=record.version), made.clock()))])
    made.elastic.names.pop(index_of(record))
    forget_host(made)
    assert made.elastic.indexed(REVISIONS) == {}
    assert made.ledger.records[one].state is State.FORGOTTEN


def test_pages_of_forgotten_articles_are_lone(made: World) -> None:
    (one,) = listed(made, f"http://{HOST}/1")
    made.run()
    forget_it(made, one)
    made.rt.pages.put(one, page(f"http://{HOST}/1", HTML), made.clock())
    made.clock.forward(2 * 86_400)
    assert summed(orphans(made.rt, repair=True)).pages == 1
    assert made.rt.pages.names(one) == []


@pytest.mark.parametrize("title", ['قال "الوزير" إن', "سطر\nثان", "C:\\ملف"])
def test_a_title_goes_from_the_desks_answers_however_json_writes_it(made: World, title: str) -> None:
    admission.admit(made.rt, SOURCE, [Entry(f"http://{HOST}/1", title=title)])
    order = Order(id="o", what="try", asked_at=made.clock(), url=f"http://{HOST}/feed")
    made.rt.mailbox.answer(Answer(order=order, at=made.clock(), found=(title,)))
    forget_it(made, article_id(f"http://{HOST}/1"))
    assert made.rt.mailbox.answers() == []


def test_it_is_not_done_while_a_reindex_may_have_a_copy(made: World) -> None:
    (one,) = listed(made, f"http://{HOST}/1")
    made.run()
    mine = operator(made)
    cast("FakeIndexSet", mine.indices).building.append("news-v2-articles-2026.11")
    stone = of_article(one, made.clock(), "", "")
    with pytest.raises(Unavailable, match=r"2026\.11 may have copies"):
        forget(mine, [stone], lambda: iter([[one]]))
    assert made.index.articles == {}
    assert [one for one, _ in left(made.rt)] == [stone]
    forget(operator(made), [stone], lambda: iter([[one]]))
    assert not list(left(made.rt))


def test_of_a_slim_article_no_others_go_and_its_further_addresses_do(made: World) -> None:
    """Slim duplicates of other articles say as little of their pages as this one says of its address."""
    one, twin, stranger = listed(made, f"http://{HOST}/1", f"http://{HOST}/print?id=1", "http://other.test/print?id=7")
    now, records = made.clock(), made.ledger.records
    ends = [
        slimmed(ended(records[one], State.INDEXED, now)),
        ended(records[twin], State.DUPLICATE, now, "same_page", f"http://{HOST}/1"),
        slimmed(ended(records[stranger], State.DUPLICATE, now, "same_page", "http://other.test/7")),
    ]
    assert len(made.ledger.save(ends)) == len(ends)
    assert list(affected(made.rt, [one])) == [one]
    assert list(affected(made.rt, [one], [f"http://{HOST}/1"])) == [one, twin]


def test_a_source_of_a_forgotten_host_is_not_asked(made: World) -> None:
    mine = replace(SOURCE, id="mine", url=f"http://{HOST}/feed")
    made.sources.put(mine)
    forget_host(made)
    polled(made, mine.id)
    assert made.web.asked == []
    assert made.sources.poll_of(mine.id).error.startswith("forgotten")


def test_what_was_indexed_before_it_led_to_a_forgotten_article_keeps_no_text(made: World) -> None:
    (one,) = listed(made, "http://short.test/1")
    made.run()
    forget_it(made, article_id(f"http://{HOST}/9"))
    again = reopened(made.ledger.records[one], made.clock())
    made.ledger.save([again])
    article = replace(made.index.articles[one], url=f"http://{HOST}/9")
    made.rt.stream.add(Outcome(ended(again, State.INDEXED, made.clock()), article))
    made.flush()
    assert made.ledger.records[one].state is State.FORGOTTEN
    assert not made.index.articles[one].body
    assert made.rt.stream.depth() == 0
