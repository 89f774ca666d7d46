"""Looks that go wrong: killed halfway, on pages that lead elsewhere, beside replays, on lost documents."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.document import REVISION, REVISIONS
from ingest.errors import Blocked, Gone, Transient, WarraqError
from ingest.ledger.documents import document_lost
from ingest.ledger.looks import went_home
from ingest.ledger.record import Record, State
from ingest.ledger.reopening import replayed
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Page
from ingest.urls import article_id
from tests.fakes import World, fetched
from tests.fakes import world as make_world
from tests.twins import twin
from tests.unit.workers.steps.site import HTML, SOURCE, page
from workers.steps import admit as admission
from workers.steps.attempt import move_on
from workers.steps.history import changes
from workers.steps.process import process_page
from workers.steps.revisit import open_due
from workers.steps.still_there import not_gone

AT = datetime(2026, 1, 1, tzinfo=UTC)
URL = "http://h/1"
KEY = article_id(URL)
HOUR = 3600
HALF = 1801
EDITED = HTML.replace("رقم 3", "رقم 4 بعد التصويت عليه")
TWICE = EDITED.replace("رقم 5", "رقم 6 كما قال الوزير")


@pytest.fixture(scope="module")
def one_article() -> World:
    made = make_world("one_article")
    made.sources.put(SOURCE)
    made.web.answers[URL] = page(URL, HTML)
    admission.admit(made.rt, SOURCE, [Entry(URL)])
    made.run()
    assert list(made.index.articles) == [KEY]
    return made


@pytest.fixture
def indexed(one_article: World, request: pytest.FixtureRequest) -> World:
    """A world with one indexed article."""
    return twin(one_article, request.node.name)


def look(world: World, after_s: float = 0, html: str = "", answer: Page | Gone | None = None) -> Record:
    """Let time pass, open what is due, and do what the workers would."""
    if html or answer:
        world.web.answers[URL] = answer or page(URL, html)
    world.clock.forward(after_s)
    open_due(world.rt, 30)
    if fetched(world, KEY):
        process_page(world.rt, KEY)
    world.flush()
    return world.ledger.records[KEY]


def kinds(world: World) -> list[tuple[str, ...]]:
    found = [REVISION.validate_python(source) for _, source in world.elastic.indexed(REVISIONS).values()]
    return [tuple(map(str, one.kinds)) for one in sorted(found, key=lambda one: one.number)]


def other_page(number: int) -> str:
    """Return a page that is another one each time: a home page in the article's place."""
    title = f"خبر {number} آخر"
    lines = (f"صندوق {number + n} فيه خبر {number * 7 + n} عن شأن آخر {n} لا صلة له بما مضى. " * 3 for n in range(9))
    text = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"


def test_a_page_that_is_another_one_each_time_is_not_asked_for_every_half_hour(indexed: World) -> None:
    first = indexed.index.articles[KEY]
    look(indexed, HOUR + 1, other_page(0))
    for number in range(1, 400):
        indexed.clock.forward(HALF)
        if open_due(indexed.rt, 30):
            look(indexed, 0, other_page(number * 100))
    record = indexed.ledger.records[KEY]
    assert record.revisit is not None
    assert (record.reason, record.revisit.looks, record.revisit.due_at) == ("refresh_doubted", 5, None)
    assert indexed.index.articles[KEY] == first


def test_a_text_that_is_doubted_is_the_same_text_whatever_moves_in_it(indexed: World) -> None:
    new = other_page(7)
    assert look(indexed, HOUR + 1, new).reason == "refresh_doubted"
    look(indexed, HALF, new.replace("</h1>", "</h1><p>منذ ساعتين</p>").replace("شأن آخر 4", "شأن ثالث 4"))
    assert kinds(indexed) == [("first",), ("headline", "substantive")]


def test_what_was_replayed_is_looked_at_in_its_own_hosts_turns(indexed: World) -> None:
    move_on(indexed.rt, replayed(indexed.ledger.records[KEY], indexed.clock()))
    indexed.run()
    assert indexed.ledger.records[KEY].lane == "h"
    look(indexed, HOUR + 1, EDITED)
    assert kinds(indexed) == [("first",), ("substantive",)]


def test_a_replay_brings_nothing_back_that_is_gone(indexed: World) -> None:
    for after_s in (HOUR + 1, HALF):
        indexed.clock.forward(after_s)
        indexed.rt.looks.note("h", "2", indexed.clock(), ok=True)
        look(indexed, 0, answer=Gone("http_404", ""))
    indexed.clock.at = datetime.now(UTC)
    move_on(indexed.rt, replayed(indexed.ledger.records[KEY], indexed.clock()))
    indexed.run()
    record = indexed.ledger.records[KEY]
    assert indexed.index.articles[KEY].gone_at is not None
    assert record.revisit is not None
    assert record.revisit.gone_at is not None
    assert kinds(indexed) == [("first",), ("gone",)]


def test_versions_are_kept_before_the_document_forgets_the_text(indexed: World) -> None:
    """Redis is wiped between the two writes: nothing but Elasticsearch knows what there was."""
    indexed.elastic.verdicts = {("record", f"{KEY}.0"): 429, ("record", f"{KEY}.1"): 429}
    look(indexed, HOUR + 1, EDITED)
    indexed.elastic.verdicts = {}
    indexed.redis.flushall()
    indexed.rt.stream.ensure_group()
    pending = indexed.ledger.records[KEY]
    assert pending.pending
    indexed.clock.at = datetime.now(UTC)
    indexed.rt.lanes.push([pending])
    fetched(indexed, KEY)
    process_page(indexed.rt, KEY)
    indexed.flush()
    assert kinds(indexed) == [("first",), ("substantive",)]
    assert indexed.index.articles[KEY].revisions == 1


def test_versions_of_a_document_that_was_lost_stay_and_are_numbered_on(indexed: World) -> None:
    look(indexed, HOUR + 1, EDITED)
    month = next(name for name in indexed.elastic.names if name.startswith("news-articles-"))
    del indexed.elastic.names[month][KEY]
    lost = document_lost(indexed.ledger.records[KEY], datetime.now(UTC))
    assert indexed.ledger.save([lost])
    indexed.rt.lanes.push([lost])
    indexed.run()
    assert indexed.index.articles[KEY].revisions == 1
    look(indexed, 200 * HOUR, TWICE)
    assert kinds(indexed) == [("first",), ("substantive",), ("substantive",)]


def test_a_headline_that_came_back_is_no_other_than_the_first(indexed: World) -> None:
    look(indexed, HOUR + 1, HTML.replace("ارتفاع إنتاج", "تراجع إنتاج"))
    assert indexed.index.articles[KEY].first_title == "ارتفاع إنتاج الكهرباء"
    look(indexed, 6 * HOUR, HTML)
    assert (indexed.index.articles[KEY].first_title, len(kinds(indexed))) == ("", 3)


RESERVED = HTML.replace("<head>", '<head><meta name="tdm-reservation" content="1">')


def test_a_reservation_that_appears_is_obeyed_and_is_no_edit_nor_is_its_end(indexed: World) -> None:
    body = indexed.index.articles[KEY].body
    look(indexed, HOUR + 1, RESERVED)
    assert (indexed.index.articles[KEY].body, kinds(indexed)) == ("", [])
    look(indexed, 6 * HOUR, RESERVED)
    assert indexed.ledger.records[KEY].detail == "unchanged"
    look(indexed, 24 * HOUR, HTML)
    assert (indexed.index.articles[KEY].body, kinds(indexed)) == (body, [])


def test_under_a_reservation_a_headline_is_still_told(indexed: World) -> None:
    look(indexed, HOUR + 1, RESERVED)
    look(indexed, 6 * HOUR, RESERVED.replace("ارتفاع إنتاج", "تراجع إنتاج"))
    assert kinds(indexed) == [("first",), ("headline",)]


@pytest.mark.parametrize("home", ["http://h/", "http://h/ar", "http://h/index.php", "http://h/404/"])
def test_an_article_that_leads_to_the_home_page_is_missing(indexed: World, home: str) -> None:
    record = look(indexed, HOUR + 1, answer=page(home, other_page(3)))
    assert (record.state, record.reason) == (State.INDEXED, "refresh_missing")


@pytest.mark.parametrize(
    ("url", "leads_to", "missing"),
    [
        ("http://h/politics/2026/11/khabar-1", "http://h/politics/", True),
        ("http://h/ar/news/local/77", "http://www.h/ar/news/local", True),
        ("http://h/2026/11/khabar-1", "http://h/category/politics/", True),
        ("http://h/2026/11/khabar-1", "http://h/ar/section/politics", True),
        ("http://h/news/77/khabar-1", "http://h/news/77", False),
        ("http://h/khabar-jadid/amp", "http://h/khabar-jadid", False),
        ("http://h/politics/77", "http://h/sports", False),
        ("http://h/category/politics/77", "http://h/category/politics/77/", False),
        ("http://h/category/politics/77", "http://h/category/politics/77-khabar", False),
        ("http://h/politics/77", "http://h/politics/77", False),
    ],
)
def test_an_article_that_leads_to_a_section_is_missing(url: str, leads_to: str, *, missing: bool) -> None:
    record = replace(admitted(SOURCE, Entry(url), AT), indexed_at=AT)
    assert went_home(record, page(leads_to, HTML)) is missing


def test_of_versions_that_were_blanked_nothing_is_told(indexed: World) -> None:
    look(indexed, HOUR + 1, HTML.replace("رقم 3", "رقم 9"))
    assert [one.article_id for one in changes(indexed.rt, since=AT, kinds=(), source="")] == [KEY]
    assert indexed.rt.revisions.blank(KEY, 10**9) == 2
    assert list(changes(indexed.rt, since=AT, kinds=(), source="")) == []


def test_two_of_three_articles_of_a_small_site_can_be_gone(indexed: World) -> None:
    others = [f"http://h/{number}" for number in (2, 3)]
    for url in others:
        indexed.web.answers[url] = page(url, HTML)
    admission.admit(indexed.rt, SOURCE, [Entry(url) for url in others])
    indexed.run()
    for url in (URL, others[0]):
        indexed.web.answers[url] = Gone("http_404", "")
    for _ in range(6):
        indexed.clock.forward(2 * HOUR)
        open_due(indexed.rt, 30)
        for url in (URL, *others):
            if fetched(indexed, article_id(url)):
                process_page(indexed.rt, article_id(url))
        indexed.flush()
    gone = [indexed.index.articles[article_id(url)].gone_at is not None for url in (URL, *others)]
    assert gone == [True, True, False]


def test_a_worker_of_an_earlier_version_makes_no_number_twice(indexed: World) -> None:
    """It writes the document without what it does not know."""
    look(indexed, HOUR + 1, EDITED)
    for name, kept in indexed.elastic.names.items():
        if name.startswith("news-articles-"):
            kept[KEY][1].pop("revisions")
    look(indexed, 6 * HOUR, TWICE)
    assert kinds(indexed) == [("first",), ("substantive",), ("substantive",)]
    assert indexed.index.articles[KEY].revisions == 2


@pytest.mark.parametrize(
    "failure",
    [
        Transient("http_503", ""),
        Blocked("challenge", ""),
        "<title>تسجيل الدخول</title><h1>تسجيل الدخول</h1><input type='password'>",
        "<title>503 Service Unavailable</title><h1>503 Service Unavailable</h1>",
    ],
)
def test_a_404_counts_little_while_other_articles_of_the_site_answer_badly(
    indexed: World, failure: WarraqError | str
) -> None:
    """One of them is answered by a cache; the site is not well."""
    others = [f"http://h/{number}" for number in (2, 3)]
    for url in others:
        indexed.web.answers[url] = page(url, HTML)
    admission.admit(indexed.rt, SOURCE, [Entry(url) for url in others])
    indexed.run()
    for url in (URL, *others):
        good = page(url, f"<html><body>{failure}</body></html>") if isinstance(failure, str) else failure
        indexed.web.answers[url] = Gone("http_404", "") if url == URL else good
    for after_s in (HOUR + 1, HALF):
        indexed.clock.forward(after_s)
        open_due(indexed.rt, 30)
        for url in (*others, URL):
            if fetched(indexed, article_id(url)):
                process_page(indexed.rt, article_id(url))
        indexed.flush()
        indexed.rt.looks.note("h", "cached", indexed.clock(), ok=True)
    assert indexed.index.articles[KEY].gone_at is None


@pytest.mark.parametrize(
    "title", ["عذراً، المحتوى غير متوفر", "الخبر غير موجود", "هذا المقال لم يعد متاحا", "تم حذف الخبر"]
)
def test_a_page_that_says_in_its_own_words_that_the_article_is_gone(indexed: World, title: str) -> None:
    text = "".join(
        f"<p>قد تجد ما تبحث عنه في أقسام الموقع الأخرى رقم {n}، ومنها الاقتصاد والرياضة والثقافة.</p>"
        for n in range(14)
    )
    soft = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"
    assert look(indexed, HOUR + 1, soft).reason == "refresh_missing"


def test_a_version_that_elasticsearch_refuses_is_told(indexed: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Its document is not held up for it."""
    indexed.elastic.verdicts = {("record", f"{KEY}.1"): 400}
    look(indexed, HOUR + 1, EDITED)
    assert indexed.index.articles[KEY].revisions == 1
    assert "version_refused" in capsys.readouterr().out


def test_an_article_that_is_gone_stays_in_its_story(indexed: World) -> None:
    told = {"story": "7" * 32, "story_role": "reprint", "agency_by": "content", "agencies": ["رويترز"]}
    for name, kept in indexed.elastic.names.items():
        if name.startswith("news-articles-"):
            kept[KEY][1].update(told)
            month = name
    for after_s in (HOUR + 1, HALF):
        indexed.clock.forward(after_s)
        indexed.rt.looks.note("h", "2", indexed.clock(), ok=True)
        look(indexed, 0, answer=Gone("http_404", ""))
    _, document = indexed.elastic.indexed(month)[KEY]
    assert document["gone_at"]
    assert {name: document[name] for name in told} == told


def test_an_edit_whose_document_was_refused_is_seen_again_by_the_next_look(indexed: World) -> None:
    """Its validators would have the site answer 304 for ever."""
    edited = page(URL, EDITED)
    tagged = replace(edited, headers=(*edited.headers, ("ETag", '"2"')))
    indexed.elastic.verdicts = {("document", KEY): 400}
    assert look(indexed, HOUR + 1, answer=tagged).reason == "refresh_refused_by_index"
    indexed.elastic.verdicts = {}
    look(indexed, 6 * HOUR)
    assert indexed.index.articles[KEY].revisions is not None
    assert kinds(indexed)[-1] == ("substantive",)


def test_a_source_that_is_told_to_do_without_is_left_alone_at_once(indexed: World) -> None:
    indexed.sources.put(replace(SOURCE, revisit_hours=()))
    indexed.clock.forward(HOUR + 1)
    assert open_due(indexed.rt, 30) == 0
    record = indexed.ledger.records[KEY]
    assert (record.state, record.revisit) == (State.INDEXED, None)


def test_pages_that_were_fetched_before_and_only_processed_now_are_no_sign_that_the_site_answers(
    indexed: World,
) -> None:
    """Between the two looks at an outage: one that was in a queue when it began, and a replay."""
    urls = ("http://h/2", "http://h/3")
    late, again = map(article_id, urls)
    for url in urls:
        indexed.web.answers[url] = page(url, HTML.replace("رقم 2", f"رقم 2{url[-1]}"))
    indexed.sources.put(once := replace(SOURCE, id="9" * 32, revisit_hours=()))
    admission.admit(indexed.rt, once, [Entry(url) for url in urls])
    assert fetched(indexed, again)
    process_page(indexed.rt, again)
    indexed.flush()
    assert fetched(indexed, late)
    indexed.clock.forward(1)
    indexed.redis.delete("warraq:answers:h", "warraq:lane:h")  # no turn is taken here
    assert look(indexed, HOUR + 1, answer=Gone("http_404", "")).reason == "refresh_missing"
    indexed.clock.forward(60)
    process_page(indexed.rt, late)
    move_on(indexed.rt, replayed(indexed.ledger.records[again], indexed.clock()))
    process_page(indexed.rt, again)
    indexed.flush()
    assert look(indexed, HALF).reason == "refresh_missing"
    assert indexed.index.articles[KEY].gone_at is None


def test_a_site_that_failed_at_both_looks_and_not_in_between_is_believed_again_on_the_same_day(
    indexed: World,
) -> None:
    good = indexed.web.answers[URL]
    look(indexed, HOUR + 1, answer=Gone("http_404", ""))
    indexed.clock.forward(60)
    indexed.rt.looks.note("h", "2", indexed.clock(), ok=True)
    assert look(indexed, HALF).reason == "refresh_gone"
    assert not isinstance(good, Exception)
    look(indexed, 12 * HOUR + 1, answer=good)
    assert indexed.index.articles[KEY].gone_at is None
    assert kinds(indexed) == [("first",), ("gone",), ("back",)]


def taken_away(world: World) -> Record:
    look(world, HOUR + 1, answer=Gone("http_404", ""))
    world.clock.forward(60)
    world.rt.looks.note("h", "2", world.clock(), ok=True)
    return look(world, HALF)


def test_a_source_may_say_that_a_missing_page_is_no_missing_article(indexed: World) -> None:
    indexed.sources.put(replace(SOURCE, deletions=False))
    assert taken_away(indexed).reason == "refresh_missing"
    assert (indexed.index.articles[KEY].gone_at, kinds(indexed)) == (None, [])


def test_a_person_may_say_that_an_article_is_not_gone(indexed: World) -> None:
    assert not not_gone(indexed.rt, indexed.ledger.records[KEY])
    before = indexed.index.articles[KEY]
    assert taken_away(indexed).reason == "refresh_gone"
    assert not_gone(indexed.rt, indexed.ledger.records[KEY])
    indexed.flush()
    record, article = indexed.ledger.records[KEY], indexed.index.articles[KEY]
    assert (record.state, record.reason, record.revisit) == (State.INDEXED, "", None)
    assert (article.gone_at, article.body) == (None, before.body)
    assert kinds(indexed) == [("first",), ("gone",), ("back",)]
    assert look(indexed, 200 * HOUR) == record, "it is left alone"
