"""Looks at indexed articles: edits are kept, faults are not believed, what is gone is said to be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.document import REVISION, REVISIONS
from ingest.errors import Blocked, Gone, Transient
from ingest.ledger.record import Record, State
from ingest.model import Entry, Page
from ingest.revisions.revision import Revision
from ingest.urls import article_id
from tests.fakes import World, fetched
from tests.fakes import world as make_world
from tests.twins import twin
from tests.unit.workers.steps.site import HTML, PARAGRAPH, SOURCE, page
from workers.steps import admit as admission
from workers.steps.process import process_page
from workers.steps.revisit import open_due

URL = "http://h/1"
KEY = article_id(URL)
MINUTES = 60
HOUR = 3600
EDITED = HTML.replace("رقم 3", "رقم 4 بعد التصويت عليه")


@pytest.fixture(scope="module")
def three_articles() -> World:
    made = make_world("three_articles")
    made.sources.put(SOURCE)
    for url in (URL, "http://h/2", "http://h/3"):
        made.web.answers[url] = page(url, HTML)
    admission.admit(made.rt, SOURCE, [Entry(URL), Entry("http://h/2"), Entry("http://h/3")])
    made.run()
    assert len(made.index.articles) == 3
    return made


@pytest.fixture
def indexed(three_articles: World, request: pytest.FixtureRequest) -> World:
    """A world with one indexed article, and two more of its site."""
    return twin(three_articles, request.node.name)


def look(world: World, after_s: float = 0, key: str = KEY) -> Record:
    """Let time pass, open what is due, and do what the workers would with one article."""
    world.clock.forward(after_s)
    open_due(world.rt, 30)
    if fetched(world, key):
        process_page(world.rt, key)
    world.flush()
    return world.ledger.records[key]


def others_are_fine(world: World) -> None:
    for number in (2, 3):
        world.rt.looks.note("h", article_id(f"http://h/{number}"), world.clock(), ok=True)


def versions(world: World) -> list[Revision]:
    found = [REVISION.validate_python(source) for _, source in world.elastic.indexed(REVISIONS).values()]
    return sorted((one for one in found if one.article_id == KEY), key=lambda one: one.number)


def anew(html: str, **headers: str) -> Page:
    made = page(URL, html)
    return replace(made, headers=(*made.headers, *((k.replace("_", "-"), v) for k, v in headers.items())))


def test_an_article_without_change_is_looked_at_four_times_and_written_once(indexed: World) -> None:
    before = indexed.elastic.indexed(REVISIONS)
    ages = [HOUR, 5 * HOUR, 18 * HOUR, 144 * HOUR]
    for age in ages:
        record = look(indexed, age + 1)
        assert (record.state, record.reason, record.detail) == (State.INDEXED, "", "unchanged")
    assert record.revisit is not None
    assert (record.revisit.looks, record.revisit.due_at) == (4, None)
    assert indexed.elastic.indexed(REVISIONS) == before
    assert indexed.web.asked.count(URL) == 5
    assert indexed.index.articles[KEY].revisions is None
    assert not indexed.rt.pages._fs.exists(indexed.rt.pages._path(KEY, ".look"))


def test_nothing_is_looked_at_before_it_is_due_nor_twice(indexed: World) -> None:
    indexed.clock.forward(HOUR - 10)
    assert open_due(indexed.rt, 30) == 0
    indexed.clock.forward(20)
    assert open_due(indexed.rt, 30) == 3
    assert open_due(indexed.rt, 30) == 0


def test_an_edit_is_kept_with_both_texts_and_both_pages(indexed: World) -> None:
    first = indexed.index.articles[KEY]
    indexed.web.answers[URL] = anew(EDITED)
    record = look(indexed, HOUR + 1)
    article = indexed.index.articles[KEY]
    assert (article.revisions, article.revised_at) == (1, indexed.clock())
    assert "رقم 4" in article.body
    old, new = versions(indexed)
    assert (old.number, old.kinds, old.body) == (0, ("first",), first.body)
    assert (new.number, new.kinds, new.body) == (1, ("substantive",), article.body)
    assert [("رقم 3" in one.before, "رقم 4" in one.after) for one in new.changes] == [(True, True)]
    assert record.revisit is not None
    assert record.revisit.due_at is not None
    assert record.revisit.due_at < indexed.clock() + timedelta(hours=3), "sooner than the usual five hours"
    store = indexed.rt.pages
    now, then = store.get(KEY), store._get(KEY, store._path(KEY, ".0"), None)
    assert now is not None
    assert then is not None
    assert (b"\xd8\xb1\xd9\x82\xd9\x85 4" in now.body, b"\xd8\xb1\xd9\x82\xd9\x85 3" in then.body) == (True, True)


def test_a_headline_that_changed_is_still_known(indexed: World) -> None:
    indexed.web.answers[URL] = anew(HTML.replace("ارتفاع إنتاج", "تراجع إنتاج"))
    look(indexed, HOUR + 1)
    article = indexed.index.articles[KEY]
    assert (article.title, article.first_title) == ("تراجع إنتاج الكهرباء", "ارتفاع إنتاج الكهرباء")
    assert versions(indexed)[1].kinds == ("headline",)


def test_a_site_with_validators_is_asked_for_changes_only(indexed: World) -> None:
    indexed.web.answers[URL] = anew(HTML, ETag='"1"')
    assert look(indexed, HOUR + 1).detail == "unchanged"
    before = indexed.elastic.indexed("news-articles-" + f"{indexed.ledger.records[KEY].admitted_at:%Y.%m}")
    record = look(indexed, 5 * HOUR)
    assert record.detail == "unchanged"
    assert record.history[-1].what == "indexed"
    assert record.fetched_at != indexed.clock(), "304: no page was fetched"
    assert indexed.elastic.indexed("news-articles-" + f"{record.admitted_at:%Y.%m}") == before
    indexed.web.answers[URL] = anew(EDITED, ETag='"2"')
    look(indexed, 18 * HOUR)
    assert indexed.index.articles[KEY].revisions == 1


def test_half_a_text_is_believed_when_it_is_seen_twice(indexed: World) -> None:
    indexed.web.answers[URL] = anew(HTML.replace("رقم 5", f"رقم 5 {PARAGRAPH * 4}"))
    look(indexed, HOUR + 1)
    whole, before = indexed.index.articles[KEY].body, len(versions(indexed))
    half = "<h1>ارتفاع إنتاج الكهرباء</h1>" + "".join(f"<p>{PARAGRAPH} رقم {i}</p>" for i in range(4))
    indexed.web.answers[URL] = anew(
        f"<html><head><title>ارتفاع إنتاج الكهرباء</title></head><body><article>{half}</article></body></html>"
    )
    record = look(indexed, 5 * HOUR)
    assert record.reason == "refresh_doubted"
    assert (indexed.index.articles[KEY].body, len(versions(indexed))) == (whole, before)
    look(indexed, 31 * MINUTES)
    assert len(indexed.index.articles[KEY].body) < len(whole) / 2
    assert [one.kinds for one in versions(indexed)] == [("first",), ("substantive",), ("substantive",)]


def test_a_bad_page_between_two_good_ones_leaves_no_trace(indexed: World) -> None:
    good = indexed.web.answers[URL]
    indexed.web.answers[URL] = anew(
        HTML.replace(PARAGRAPH, "هذا صندوق آخر من الصفحة لا صلة له بالخبر ولا بأهله أبدا. ")
    )
    assert look(indexed, HOUR + 1).reason == "refresh_doubted"
    indexed.web.answers[URL] = good
    record = look(indexed, 31 * MINUTES)
    assert record.detail == "unchanged"
    assert record.revisit is not None
    assert (record.revisit.doubted, versions(indexed)) == ("", [])


@pytest.mark.parametrize(
    "answer",
    [
        Gone("http_404", "gone"),
        Gone("http_410", "gone"),
        page("http://h/", HTML),
        page(URL, "<html><head><title>الصفحة غير موجودة</title></head><body><h1>الصفحة غير موجودة</h1></body></html>"),
    ],
    ids=["404", "410", "home page", "soft 404"],
)
def test_gone_after_two_looks_and_back_when_it_is(indexed: World, answer: Page | Gone) -> None:
    good = indexed.web.answers[URL]
    indexed.web.answers[URL] = answer
    others_are_fine(indexed)
    assert look(indexed, HOUR + 1).reason == "refresh_missing"
    assert indexed.index.articles[KEY].gone_at is None
    indexed.clock.forward(60)
    others_are_fine(indexed)
    record = look(indexed, 31 * MINUTES)
    assert record.reason == "refresh_gone"
    article = indexed.index.articles[KEY]
    assert article.gone_at == indexed.clock()
    assert article.body, "the document stays"
    indexed.web.answers[URL] = good
    back = look(indexed, 170 * HOUR)
    assert (back.state, back.reason) == (State.INDEXED, "")
    assert indexed.index.articles[KEY].gone_at is None
    assert [one.kinds for one in versions(indexed)] == [("first",), ("gone",), ("back",)]


@pytest.mark.parametrize("failure", [Gone("http_404", "x"), Transient("http_503", "x"), Blocked("challenge", "x")])
def test_nothing_is_gone_while_the_site_as_a_whole_fails(indexed: World, failure: Exception) -> None:
    for number in (1, 2, 3):
        indexed.web.answers[f"http://h/{number}"] = failure  # type: ignore[assignment]  # all are WarraqErrors
    for _ in range(6):
        look(indexed, HOUR + 1)
        for number in (2, 3):
            look(indexed, 0, article_id(f"http://h/{number}"))
    assert indexed.index.articles[KEY].gone_at is None
    assert versions(indexed) == []


def test_a_login_wall_is_no_deletion(indexed: World) -> None:
    wall = (
        "<html><head><title>تسجيل الدخول</title></head><body><h1>تسجيل الدخول</h1><input type='password'></body></html>"
    )
    indexed.web.answers[URL] = page(URL, wall)
    others_are_fine(indexed)
    for _ in range(3):
        assert look(indexed, 7 * HOUR).reason == "refresh_login"
    assert (indexed.index.articles[KEY].gone_at, versions(indexed)) == (None, [])


def test_a_source_may_do_without(world: World) -> None:
    source = replace(SOURCE, revisit_hours=())
    world.sources.put(source)
    world.web.answers[URL] = page(URL, HTML)
    admission.admit(world.rt, source, [Entry(URL)])
    world.run()
    assert world.ledger.records[KEY].revisit is None


def test_an_inline_page_has_nothing_to_look_at(world: World) -> None:
    world.sources.put(SOURCE)
    admission.admit(world.rt, SOURCE, [Entry("file:///1.html", page=page("file:///1.html", HTML))])
    world.run()
    (record,) = world.ledger.records.values()
    assert (record.state, record.revisit) == (State.INDEXED, None)


def test_a_replay_is_no_edit(indexed: World) -> None:
    from ingest.ledger.reopening import replayed  # noqa: PLC0415
    from workers.steps.attempt import move_on  # noqa: PLC0415

    indexed.web.answers[URL] = anew(EDITED)
    look(indexed, HOUR + 1)
    indexed.clock.at = datetime.now(UTC)
    move_on(indexed.rt, replayed(indexed.ledger.records[KEY], indexed.clock()))
    indexed.run()
    assert indexed.index.articles[KEY].revisions == 1
    assert len(versions(indexed)) == 2


def test_a_listing_that_says_it_changed_is_an_edit_like_any(indexed: World) -> None:
    indexed.web.answers[URL] = anew(EDITED)
    indexed.clock.at = datetime.now(UTC)
    admission.admit(indexed.rt, SOURCE, [Entry(URL, updated_at=indexed.clock())])
    indexed.run()
    assert [one.kinds for one in versions(indexed)] == [("first",), ("substantive",)]


def test_killed_after_the_pages_were_put_in_place_it_comes_to_the_same(
    indexed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed.web.answers[URL] = anew(EDITED)
    indexed.clock.forward(HOUR + 1)
    open_due(indexed.rt, 30)
    assert fetched(indexed, KEY)
    with monkeypatch.context() as patch:
        patch.setattr(indexed.rt.stream, "add", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            process_page(indexed.rt, KEY)
    indexed.rt.leases.skip(KEY)
    process_page(indexed.rt, KEY)
    assert fetched(indexed, KEY), "its page is the article's already, and is fetched once more"
    process_page(indexed.rt, KEY)
    indexed.flush()
    assert [one.kinds for one in versions(indexed)] == [("first",), ("substantive",)]
    assert indexed.rt.pages._fs.exists(indexed.rt.pages._path(KEY, ".0"))


def test_looks_leave_most_of_a_host_to_what_is_fresh(polite: World) -> None:
    looks, now = polite.rt.looks, polite.clock()
    assert looks.room(["h"], 600, now) == {"h": 3}, "of ten turns in ten minutes"
    looks.spend(["h"] * 2999, 600)
    polite.redis.delete("warraq:looked:h")
    assert looks.room(["h"], 600, now) == {"h": 1}, "of the day's budget 30 %"
    polite.redis.zadd("warraq:lane:h", {"in an hour": (now.timestamp() + HOUR) * 1000})
    assert looks.room(["h"], 600, now) == {"h": 1}, "what has failed and waits is in nobody's way"
    polite.redis.zadd("warraq:lane:h", {"waiting": 1})
    assert looks.room(["h"], 600, now) == {"h": 0}, "nothing while an article waits"


def test_looks_at_a_host_that_is_asked_rarely_rest_until_they_have_their_share(polite: World) -> None:
    looks = polite.rt.looks
    assert looks.room(["h"], 30, polite.clock()) == {"h": 1}
    looks.spend(["h"], 30)
    assert looks.room(["h"], 30, polite.clock()) == {"h": 0}, "one turn a minute: each third at most"
    rest = polite.redis.pttl("warraq:looked:h")
    assert 180_000 < rest <= 185_000


def test_hosts_without_room_hide_no_other(indexed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """They wait longest, so they come first."""
    monkeypatch.setattr("workers.steps.revisit.HOSTS", 1)
    other = "http://other/1"
    indexed.web.answers[other] = page(other, HTML)
    indexed.clock.forward(60)
    admission.admit(indexed.rt, SOURCE, [Entry(other)])
    indexed.rt.lanes.push([replace(indexed.ledger.records[article_id(other)], due_at=datetime.now(UTC))])
    indexed.run()
    indexed.clock.forward(HOUR + 1)
    indexed.redis.zadd("warraq:lane:h", {"waiting": 1})
    assert open_due(indexed.rt, 30) == 1
    assert indexed.ledger.records[article_id(other)].looking


def test_a_listing_that_says_so_often_uses_no_look_up(indexed: World) -> None:
    for minute in range(1, 6):
        indexed.clock.at = datetime.now(UTC)
        admission.admit(indexed.rt, SOURCE, [Entry(URL, updated_at=indexed.clock() + timedelta(minutes=minute))])
        indexed.run()
    record = indexed.ledger.records[KEY]
    assert record.indexed_at is not None
    assert record.revisit is not None
    assert record.revisit.due_at == record.indexed_at + timedelta(hours=1)
