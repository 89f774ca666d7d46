"""From a home page to the listing of its news."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.discover import discover, kind_of
from ingest.discover.site import fault
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Further, Listing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOME = "https://akhbar.example/"
HEAD = """<!doctype html><html><head><title>أخبار</title>
<link rel="alternate" type="application/rss+xml" title="أخبار &raquo; تعليقات" href="/comments/feed/">
<link rel="alternate" type="application/rss+xml" title="كل  الأخبار" href="/all.xml">
<link rel="alternate" type="application/atom+xml" href="https://feeds.example/akhbar">
<link rel="alternate" type="application/feed+json" title="JSON" href="feed.json">
<link rel="alternate" hreflang="en" href="/en/"><link rel="stylesheet" href="/rss.css" type="text/css">
</head><body><a href="/rss/sport.xml">RSS</a><a href="https://other.example/rss.xml">غيرنا</a></body></html>"""
GUESSES = ["feed/", "rss.xml", "rss", "feed.xml", "atom.xml", "feeds/posts/default"]
MAPS = ["news-sitemap.xml", "sitemap-news.xml", "sitemap.xml", "sitemap_index.xml"]


def read(html: str, url: str = HOME, kind: str = "site") -> Listing:
    page = Page(url, 200, (("Content-Type", "text/html"),), html.encode(), NOW)
    return discover(Source("s", kind, url), page)


def test_declared_feeds_come_first_then_robots_then_guesses_then_the_page_itself() -> None:
    listing = read(HEAD)
    ranked = sorted(listing.further, key=lambda one: one.rank)
    assert [(one.url, one.kind) for one in ranked] == [
        ("https://akhbar.example/all.xml", "feed"),
        ("https://feeds.example/akhbar", "feed"),
        ("https://akhbar.example/feed.json", "feed"),
        ("https://akhbar.example/rss/sport.xml", "feed"),
        ("https://akhbar.example/robots.txt", "robots"),
        *((HOME + path, "feed") for path in GUESSES),
        *((HOME + path, "sitemap") for path in MAPS),
        (HOME, "index"),
    ]
    assert ranked[0].why == "the page names it as its feed «كل الأخبار»"
    assert listing.entries == ()


def test_of_a_section_its_own_feed_is_guessed_first() -> None:
    ranked = sorted(read("<p>رياضة", "https://akhbar.example/sport?x=1").further, key=lambda one: one.rank)
    assert [one.url for one in ranked[:3]] == [
        "https://akhbar.example/robots.txt",
        "https://akhbar.example/sport/feed/",
        "https://akhbar.example/feed/",
    ]
    assert ranked[-1] == Further("https://akhbar.example/sport?x=1", "index", "nothing else lists its news", rank=6)


def test_robots_names_sitemaps_those_of_news_first() -> None:
    text = (
        "\ufeffUser-agent: *\r\nDisallow: /admin\r\nSitemap: https://akhbar.example/sitemap.xml\r\n"
        "sitemap : https://cdn.example/News/map.xml.gz # من هنا\r\nSitemap: ftp://akhbar.example/x.xml\n#Sitemap: /o\n"
        "Sitemap: https://akhbar.example/sitemap.xml"
    )
    listing = read(text, "https://akhbar.example/robots.txt", "robots")
    assert [one.url for one in listing.further] == [
        "https://cdn.example/News/map.xml.gz",
        "https://akhbar.example/sitemap.xml",
    ]
    assert {one.kind for one in listing.further} == {"sitemap"}


def test_a_news_sitemap_is_preferred_to_a_guess_and_a_guess_to_a_plain_one() -> None:
    named = read("Sitemap: /a.xml\nSitemap: /news.xml", "https://akhbar.example/robots.txt", "robots").further
    ranked = sorted((*read("<p>").further, *named), key=lambda one: one.rank)
    urls = [one.url.removeprefix(HOME) for one in ranked]
    assert urls.index("news.xml") < urls.index("feed/") < urls.index("a.xml") < urls.index("sitemap.xml")


@pytest.mark.parametrize(
    ("listing", "said"),
    [
        (Listing(()), "it lists nothing"),
        (Listing((Entry("x", published_at=NOW - timedelta(days=90)),)), "its newest entry is of 2026-08-25"),
        (Listing((Entry("x", published_at=NOW - timedelta(days=90)), Entry("y"))), ""),
        (Listing((Entry("x", published_at=NOW),)), ""),
        (Listing((Entry("x"),)), ""),
        (Listing((), further=(Further("x"),)), ""),
    ],
)
def test_what_will_not_do(listing: Listing, said: str) -> None:
    assert fault(listing, NOW) == said


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        ('<rss version="2.0">', "text/html", "feed"),
        ('<urlset xmlns="x">', "text/xml", "sitemap"),
        ("<sitemapindex>", "text/xml", "sitemap"),
        ('{"version": "https://jsonfeed.org/version/1"}', "application/json", "feed"),
        ("عنوان", "text/plain; charset=utf-8", "text"),
        ("<!doctype html><p>", "text/html", ""),
        ("", "text/html", ""),
    ],
)
def test_what_a_page_is(body: str, content_type: str, kind: str) -> None:
    assert kind_of(Page(HOME, 200, (("Content-Type", content_type),), body.encode(), NOW)) == kind
