"""Polls that take several requests: sitemaps in parts, pages of an index, the search for a site's listing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.errors import Permanent, Transient
from ingest.ledger.record import State
from ingest.model import Entry, Page, Source
from ingest.urls import INLINE
from tests.fakes import World, polled, world
from workers.steps import admit as admission
from workers.steps import process as processing
from workers.store.sources import next_poll

HOME = "https://akhbar.example/"
RSS = '<rss version="2.0"><channel><title>أخبار</title>{}</channel></rss>'
ITEM = "<item><title>خبر</title><link>https://akhbar.example/{}</link></item>"


@pytest.fixture(name="one")
def _one(request: pytest.FixtureRequest) -> World:
    return world(request.node.name, politeness_s=0.0)


def serve(one: World, **pages: str) -> None:
    """Let the web answer; a name is a path, `home` is the root, two underscores a slash, one a dot."""
    for name, body in pages.items():
        url = HOME + ("" if name == "home" else name.replace("__", "/").replace("_", "."))
        kind = "text/html" if "<html" in body else "text/xml"
        one.web.answers[url] = Page(url, 200, (("Content-Type", kind),), body.encode(), one.clock())


def add(one: World, **settings: object) -> Source:
    source = Source("s", **{"kind": "site", "url": HOME, "interval_s": 600, **settings})  # type: ignore[arg-type]
    one.sources.put(source)
    one.rt.schedule.set("s", one.clock())
    return source


def run(one: World) -> None:
    """Poll until the round is over."""
    polls = one.sources.poll_of("s").polls
    for _ in range(50):
        polled(one, "s")
        if one.sources.poll_of("s").polls > polls:
            return
    raise AssertionError("the round does not end")


def paths(one: World) -> list[str]:
    """Return what was asked for, without the files in which the site tells its wishes."""
    wishes = ("robots.txt", ".well-known/tdmrep.json")
    return [path for url in one.web.asked if (path := url.removeprefix(HOME)) not in wishes]


def test_a_site_becomes_its_declared_feed(one: World) -> None:
    link = '<link rel="alternate" type="application/rss+xml" title="{}" href="/{}.xml">'
    serve(one, home=f"<html>{link.format('قديم', 'old')}{link.format('الكل', 'all')}</html>")
    serve(one, old_xml=RSS.format(""), all_xml=RSS.format(ITEM.format(1)))
    add(one)
    run(one)
    source, poll = one.sources.get("s"), one.sources.poll_of("s")
    assert source
    assert (source.kind, source.url, source.home) == ("feed", f"{HOME}all.xml", HOME)
    assert poll.found == f"{HOME}all.xml (feed): the page names it as its feed «الكل»"
    assert poll.problems == (f"{HOME}old.xml: unfit: it lists nothing",)
    assert (poll.listed, poll.admitted, poll.error) == (1, 1, "")
    one.clock.forward(600)
    run(one)
    assert paths(one) == ["", "old.xml", "all.xml", "all.xml"]


def test_a_site_becomes_the_sitemap_that_robots_names(one: World) -> None:
    serve(one, home="<html>", robots_txt=f"Sitemap: {HOME}news-map.xml")
    serve(one, **{"news-map_xml": f"<urlset><url><loc>{HOME}1</loc></url></urlset>"})
    add(one)
    run(one)
    source = one.sources.get("s")
    assert source
    assert (source.kind, source.url) == ("sitemap", f"{HOME}news-map.xml")
    assert paths(one) == ["", "news-map.xml"]


def test_a_site_without_feed_and_sitemap_becomes_its_index_page(one: World) -> None:
    serve(one, home='<html><a href="/2026/11/23/new-pier-opens">الميناء يفتتح رصيفه الجديد</a></html>')
    add(one)
    run(one)
    source, poll = one.sources.get("s"), one.sources.poll_of("s")
    assert source
    assert (source.kind, source.url, poll.admitted) == ("index", HOME, 1)
    assert "feed/" in paths(one)
    assert poll.found == f"{HOME} (index): nothing else lists its news"


def test_a_site_that_lists_nothing_says_so_and_is_tried_again(one: World) -> None:
    serve(one, home="<html><p>قريبا</p></html>")
    add(one)
    run(one)
    poll = one.sources.poll_of("s")
    assert (poll.failures, poll.further) == (1, ())
    assert poll.error.startswith("nothing_found: ")
    assert f"{HOME}feed/: http_404" in poll.error
    source = one.sources.get("s")
    assert source
    assert source.kind == "site"


@pytest.mark.parametrize(("reason", "times"), [("http_404", 10), ("http_410", 2)])
def test_a_found_listing_that_dies_is_looked_for_again(one: World, reason: str, times: int) -> None:
    serve(
        one,
        home='<html><link rel="alternate" type="application/rss+xml" href="/new.xml">',
        new_xml=RSS.format(ITEM.format(1)),
    )
    add(one, kind="feed", url=f"{HOME}old.xml", home=HOME)
    one.web.answers[f"{HOME}old.xml"] = Permanent(reason, "old.xml")
    for _ in range(times):
        source = one.sources.get("s")
        assert source
        assert source.url == f"{HOME}old.xml"
        run(one)
        one.clock.forward(90_000)
    serve(
        one,
        home='<html><link rel="alternate" type="application/rss+xml" href="/new.xml">',
        new_xml=RSS.format(ITEM.format(1)),
    )
    run(one)
    source, poll = one.sources.get("s"), one.sources.poll_of("s")
    assert source
    assert (source.kind, source.url, poll.admitted, poll.failures, poll.gone) == ("feed", f"{HOME}new.xml", 1, 0, False)


def test_a_feed_is_taken_as_it_is_with_one_request(one: World) -> None:
    serve(one, home=RSS.format(ITEM.format(1)))
    add(one)
    run(one)
    assert one.sources.poll_of("s").found == f"{HOME} (feed): it is one itself"
    assert paths(one) == [""]


def test_the_next_listing_waits_for_its_host() -> None:
    one = world("polite", politeness_s=5.0)
    serve(one, home="<html>")
    add(one)
    for _ in range(5):
        polled(one, "s")
    assert len(one.web.asked) == 1
    assert one.rt.schedule.due(9) == []


def test_a_full_redis_is_no_candidates_fault(one: World) -> None:
    serve(one, home='<html><link rel="alternate" type="application/rss+xml" href="/all.xml">')
    serve(one, all_xml=RSS.format(ITEM.format(1)))
    add(one)
    one.redis.used = 80
    run(one)
    assert one.sources.poll_of("s").error.startswith("redis_full")
    one.redis.used = 0
    one.clock.forward(1200)
    run(one)
    assert one.sources.poll_of("s").admitted == 1


def index_of(*parts: tuple[str, str]) -> str:
    told = "".join(f"<sitemap><loc>{HOME}{name}</loc><lastmod>{at}</lastmod></sitemap>" for name, at in parts)
    return f"<sitemapindex>{told}</sitemapindex>"


def urlset(*numbers: int) -> str:
    return f"<urlset>{''.join(f'<url><loc>{HOME}{number}</loc></url>' for number in numbers)}</urlset>"


def test_a_sitemap_in_parts_then_only_what_has_changed(one: World) -> None:
    def day(ago: int) -> str:
        return (one.clock() - timedelta(days=ago)).isoformat()

    serve(one, map_xml=index_of(("a.xml", day(9)), ("b.xml", day(3)), ("gone.xml", day(5))))
    serve(one, a_xml=urlset(1, 2), b_xml=urlset(3))
    add(one, kind="sitemap", url=f"{HOME}map.xml")
    run(one)
    poll = one.sources.poll_of("s")
    assert paths(one) == ["map.xml", "b.xml", "gone.xml", "a.xml"]
    assert (poll.listed, poll.admitted, poll.missed, poll.failures) == (3, 3, 1, 0)
    assert poll.problems == (f"{HOME}gone.xml: http_404: {HOME}gone.xml",)
    serve(one, gone_xml=urlset(4))
    one.clock.forward(600)
    run(one)
    assert one.sources.poll_of("s").admitted == 1
    serve(one, map_xml=index_of(("a.xml", day(9)), ("b.xml", day(0)), ("gone.xml", day(5))))
    one.clock.forward(600)
    run(one)
    assert paths(one)[-2:] == ["map.xml", "b.xml"]


def test_a_round_goes_on_where_a_dead_worker_or_an_empty_redis_left_it(one: World) -> None:
    serve(one, map_xml=index_of(("a.xml", "2026-11-23"), ("b.xml", "2026-11-22")), a_xml=urlset(1), b_xml=urlset(2))
    source = add(one, kind="sitemap", url=f"{HOME}map.xml", interval_s=0)
    polled(one, "s")
    assert next_poll(source, one.sources.poll_of("s"), one.clock()) == one.clock()
    run(one)
    assert one.sources.poll_of("s").listed == 2
    assert paths(one) == ["map.xml", "a.xml", "b.xml"]
    assert next_poll(source, one.sources.poll_of("s"), one.clock()) is None


def test_pages_of_an_index_until_one_brings_nothing_new(one: World) -> None:
    def page(number: int, story: int) -> str:
        link = f'<a href="/2026/11/23/story-number-{story}">الميناء يفتتح رصيفه الجديد</a>'
        return f'<html>{link}<a rel="next" href="/p{number + 1}">التالي</a></html>'

    serve(one, home=page(1, 1), p2=page(2, 2), p3=page(3, 3), p4=page(4, 4))
    add(one, kind="index", pages=3)
    run(one)
    assert paths(one) == ["", "p2", "p3"]
    serve(one, home=page(1, 5))
    one.clock.forward(600)
    run(one)
    assert paths(one)[3:] == ["", "p2"]


def test_full_text_is_processed_without_a_fetch(one: World) -> None:
    ships = ("الأولى", "الثانية", "الثالثة", "الرابعة")
    text = "".join(
        f"<p>قال متحدث باسم الميناء إن السفينة {ship} رست فجر اليوم على الرصيف الجديد، وحملت القمح.</p>"
        for ship in ships
    )
    item = ITEM.format(1).replace("</item>", f"<description><![CDATA[{text}]]></description></item>")
    serve(one, all_xml=RSS.format(item))
    add(one, kind="feed", url=f"{HOME}all.xml", full_text=True)
    run(one)
    ((lane, key),) = one.rt.lanes.pop(10)
    assert lane == INLINE
    processing.process_page(one.rt, key)
    one.flush()
    record = one.ledger.get(key)
    assert record
    assert record.state is State.INDEXED
    assert paths(one) == ["all.xml"]


def test_an_old_capture_is_processed_as_of_its_time(one: World) -> None:
    at = datetime(2016, 9, 1, tzinfo=UTC)
    entry = Entry(f"{HOME}1", page=Page(f"{HOME}1", 200, (("Content-Type", "text/html"),), b"<p>x", at))
    admission.admit(one.rt, Source("s", "files", "file:///x.warc"), [entry])
    ((_, key),) = one.rt.lanes.pop(10)
    page = one.rt.pages.get(key)
    assert page
    assert page.fetched_at == at
    processing.process_page(one.rt, key)
    assert one.web.asked == []


def test_a_transient_fault_of_the_source_is_its_error(one: World) -> None:
    one.web.answers[HOME] = Transient("dns", HOME)
    add(one)
    run(one)
    assert (one.sources.poll_of("s").failures, one.sources.poll_of("s").error) == (1, f"dns: {HOME}")


def test_a_feed_of_old_entries_says_why_nothing_comes_of_it(one: World) -> None:
    old = ITEM.format(1).replace("</item>", "<pubDate>Mon, 23 Nov 2015 10:00:00 GMT</pubDate></item>")
    serve(one, all_xml=RSS.format(old))
    add(one, kind="feed", url=f"{HOME}all.xml")
    run(one)
    poll = one.sources.poll_of("s")
    assert (poll.listed, poll.admitted) == (1, 0)
    assert poll.problems == ("its newest entry is of 2015-11-23: none older than 30 days is admitted",)
    serve(one, all_xml=RSS.format(old + ITEM.format(2)))
    one.clock.forward(90_000)
    run(one)
    assert one.sources.poll_of("s").problems == ()


def test_settings_that_change_in_a_round_are_those_of_the_next(one: World) -> None:
    serve(one, map_xml=index_of(("a.xml", "2026-11-23")), a_xml=urlset(1))
    source = add(one, kind="sitemap", url=f"{HOME}map.xml")
    polled(one, "s")
    one.sources.put(replace(source, name="اسم آخر"))
    run(one)
    assert one.sources.poll_of("s").listed == 1
