"""More of the kinds in `test_field_feeds.py`: what else feeds, sitemaps and lists of feeds are written like."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.discover import discover, kind_of, site
from ingest.discover.feed_parser import feedparsed
from ingest.discover.parts import LONGEST_FIELD
from ingest.files.opml import read_opml
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Listing

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
HOME = "https://www.sahel.example/"
FEED = f"{HOME}feed"
AT = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)
MAPS = "http://www.google.com/schemas/sitemap"


def read(body: str | bytes, kind: str = "feed", url: str = FEED) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return discover(Source("s", kind, url), Page(url, 200, (), raw, NOW))


def item(inner: str) -> Entry:
    (entry,) = read(f'<rss version="2.0" {NAMESPACES}><channel><item>{inner}</item></channel></rss>').entries
    return entry


def atom(inner: str) -> Entry:
    (entry,) = read(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{inner}</entry></feed>').entries
    return entry


def json_feed(inner: str) -> Listing:
    return read(f'{{"version": "https://jsonfeed.org/version/1.1", {inner}}}')


def mapped(inner: str) -> Entry:
    root = f'<urlset xmlns:image="{MAPS}-image/1.1" xmlns:video="{MAPS}-video/1.1">'
    (entry,) = read(f"{root}<url>{inner}</url></urlset>", "sitemap").entries
    return entry


def linked(written: str) -> str:
    return item(f"<link>{written}</link>").url


# What the raw item says


@pytest.mark.parametrize(
    "inner",
    [
        "<guid>/8</guid>",
        '<guid isPermaLink="true">/8</guid><link/>',
        f"<guid>{HOME}8</guid><link>javascript:void(0)</link>",
        f"<guid>{HOME}8</guid><link>mailto:a@b.example</link>",
        f"<link>https://clicks.example/~r/1</link><feedburner:origLink>{HOME}8</feedburner:origLink>",
        f"<atom:link rel='self' href='{HOME}self'/><link>{HOME}8</link>",
        f"<comments>{HOME}8#c</comments><link>{HOME}8</link>",
    ],
)
def test_an_items_own_address(inner: str) -> None:
    assert item(inner).url == f"{HOME}8"


@pytest.mark.parametrize(
    "inner",
    [
        "<link rel='http://www.iana.org/assignments/relation/alternate' href='/8'/>",
        "<link rel=' Alternate ' type='TEXT/HTML' href='/8'/>",
        "<link rel='amphtml' href='/amp/8'/><link href='/8'/>",
        "<link rel='related' href='https://other.example/'/><link href='/8'/>",
        "<link type='application/pdf' href='/8.pdf'/><link href='/8'/>",
        f"<link href=''/><id>{HOME}8</id>",
    ],
)
def test_an_entrys_own_address(inner: str) -> None:
    assert atom(inner).url == f"{HOME}8"


def test_rss_1_names_its_items_and_has_one_date_whatever_namespaces_it_declares() -> None:
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    inner = f'<item rdf:about="{HOME}8"><title>خبر</title><dc:date>{AT.isoformat()}</dc:date></item>'
    (entry,) = read(f"<rdf:RDF {NAMESPACES} {rdf}><channel/>{inner}</rdf:RDF>").entries
    assert (entry.url, entry.published_at) == (f"{HOME}8", AT)


@pytest.mark.parametrize(
    ("inner", "published", "updated"),
    [
        (f"<pubDate>{AT.timestamp():.0f}</pubDate>", AT, None),
        (f"<pubDate>{AT.timestamp():.0f}000</pubDate>", AT, None),
        (
            "<dcterms:created>2026-11-23T10:30Z</dcterms:created><dcterms:modified>2026-11-24T10:30Z</dcterms:modified>",
            AT,
            AT + timedelta(days=1),
        ),
        ("<pubDate>junk</pubDate><pubDate>Mon, 23 Nov 2026 10:30:00 GMT</pubDate>", AT, None),
        ("<pubDate>1</pubDate>", None, None),
        ("<pubDate>00000000000000</pubDate>", None, None),
        ("<pubDate>9999999999</pubDate>", None, None),
    ],
)
def test_an_items_dates(inner: str, published: datetime | None, updated: datetime | None) -> None:
    entry = item(f"<link>/8</link>{inner}")
    assert (entry.published_at, entry.updated_at) == (published, updated)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("&lt;a href='/x'&gt;ليلى حداد&lt;/a&gt;", ("ليلى حداد",)),
        ("ليلى &amp;amp; سمير", ("ليلى & سمير",)),
        ("https://www.sahel.example/u/1", ()),
        ("a@b.example", ()),
    ],
)
def test_an_author_is_a_name(written: str, names: tuple[str, ...]) -> None:
    assert item(f"<link>/8</link><dc:creator>{written}</dc:creator>").authors == names


def test_a_json_feeds_short_forms() -> None:
    listing = json_feed('"items": [{"url": "/8", "authors": ["ليلى", null], "author": "سمير", "tags": "رأي"}]')
    assert (listing.entries[0].authors, listing.entries[0].tags) == (("ليلى", "سمير"), ("رأي",))
    assert json_feed('"items": null').entries == ()
    assert json_feed('"items": [{"id": "HTTPS://www.sahel.example/8"}]').entries == (Entry(f"{HOME}8"),)


# Sitemaps


def test_a_pictures_and_a_films_values_are_not_the_articles() -> None:
    film = "<video:video><video:title>فيلم</video:title><video:publication_date>2020-01-01</video:publication_date>"
    picture = "<image:image><image:loc>/a.jpg</image:loc><image:title>صورة</image:title></image:image>"
    entry = mapped(f"{film}</video:video>{picture}<loc>/8</loc>")
    assert entry == Entry(f"{HOME}8", image=f"{HOME}a.jpg")


def test_a_comment_inside_an_address_is_no_end_of_it() -> None:
    assert mapped("<loc>https://www.<!-- y -->sahel.example/8<?php ?></loc>").url == f"{HOME}8"


@pytest.mark.parametrize("body", ["<urlset/>", "<sitemapindex />", "<urlset></urlset>", "<rss/>"])
def test_an_empty_listing_is_one(body: str) -> None:
    assert read(body, "sitemap") == Listing(())


@pytest.mark.parametrize(
    "body",
    [
        "<URLSET><URL><LOC>/8</LOC></URL></URLSET>",
        "<br />\n<b>Warning</b>: x\n<?xml version='1.0'?><urlset><url><loc>/8</loc></url></urlset>",
        "\ufeff \n" * 2000 + "<?xml version='1.0'?><urlset><url><loc>/8</loc></url></urlset>",
        f"<!-- x -->{' ' * 5000}<!-- y --><urlset><url><loc>/8</loc></url></urlset>",
    ],
)
def test_a_sitemap_is_read_whatever_stands_before_it(body: str) -> None:
    assert [entry.url for entry in read(body, "sitemap").entries] == [f"{HOME}8"]
    assert kind_of(Page(HOME, 200, (), body.encode(), NOW)) == "sitemap"


def test_parts_dated_by_the_sites_clock_are_undated() -> None:
    def index(*dates: datetime) -> list[datetime | None]:
        told = "".join(f"<sitemap><loc>/{n}</loc><lastmod>{at}</lastmod></sitemap>" for n, at in enumerate(dates))
        return [one.changed_at for one in read(f"<sitemapindex>{told}</sitemapindex>", "sitemap").further]

    assert index(*[NOW] * 12) == index(*(NOW - timedelta(seconds=n) for n in range(12))) == [None] * 12
    assert index(*[AT] * 12) == [None] * 12
    assert None not in index(*(AT - timedelta(days=n) for n in range(12)))


# Addresses


@pytest.mark.parametrize(
    "written",
    [
        "//www.sahel.example/8",
        "\\\\www.sahel.example\\8",
        "www.sahel.example/8",
        "WWW.Sahel.example/8",
        "feed://www.sahel.example/8",
        "feed:https://www.sahel.example/8",
        "https://\u200fwww.sahel.example/8",
        "\u2028https://www.sahel.example/8\x85",
        "\u2003\u202ahttps://www.sahel.example/8\u202c\u2003",
        "https:/8",
        "<![CDATA[\n /8 \n]]>",
    ],
)
def test_one_address_written_in_many_ways(written: str) -> None:
    assert linked(written) == f"{HOME}8"


@pytest.mark.parametrize(("written", "url"), [("wwwsahel/8", "wwwsahel/8"), ("feed/8", "feed/8"), ("f:8", "")])
def test_folders_that_look_like_it_are_folders(written: str, url: str) -> None:
    told = read(f"<rss><channel><item><link>{written}</link></item></channel></rss>").entries
    assert [one.url for one in told] == ([HOME + url] if url else [])


def test_a_home_pages_links_have_their_query_in_its_charset() -> None:
    words = "أسعار القمح ترتفع للأسبوع الثالث على التوالي في الأسواق المحلية"
    page = f'<meta charset="windows-1256"><link rel=alternate type=application/rss+xml href="/r?c=خبر"><p>{words}</p>'
    found = site.discover(Source("s", "site", HOME), Page(HOME, 200, (), page.encode("cp1256"), NOW)).further
    assert found[0].url == f"{HOME}r?c=%CE%C8%D1"


def test_a_refresh_after_less_than_a_second_is_one() -> None:
    page = Page(HOME, 200, (), b"<meta http-equiv=refresh content='.5; url=/ar/'>", NOW)
    assert site.discover(Source("s", "site", HOME), page).further[0].url == f"{HOME}ar/"


# What a document is


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<!doctype html><meta charset=utf-8><title>x</title><p><rss> ", ""),
        ("<!DOCTYPE html PUBLIC 'x'><p>x</p><rdf:RDF>", ""),
        ("<title>x</title><rdf:RDF>", ""),
        ("<br />\n<b>Warning</b>: x\n<rss version='2.0'>", "feed"),
        ("<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'x'><rss version='0.91'>", "feed"),
        ("<!-- <urlset> --><rss>", "feed"),
        ("<!-- <rss> --><urlset>", "sitemap"),
        ("<rss-x>", ""),
    ],
)
def test_what_a_document_is(body: str, kind: str) -> None:
    assert kind_of(Page(HOME, 200, (), body.encode(), NOW)) == kind


# Lists of feeds


@pytest.mark.parametrize(
    "outline",
    [
        '<outline xmlUrl="{}"/>',
        '<OUTLINE XMLURL="{}"/>',
        '<outline type="rss" url="{}"/>',
        '<outline text="\u200fس" xmlUrl="\u200f{}\u200e"/>',
    ],
)
@pytest.mark.parametrize(
    "url", [FEED, "www.sahel.example/feed", "feed:https://www.sahel.example/feed", "FEED://www.sahel.example/feed"]
)
def test_subscriptions(outline: str, url: str) -> None:
    found, problems = read_opml(f'<opml version="2.0"><body>{outline.format(url)}</body></opml>'.encode())
    assert ([one["url"].replace("http:", "https:") for one in found], problems) == ([FEED], ())
    assert found[0]["name"] in {"س", "www.sahel.example"}


def test_what_is_no_subscription_is_none() -> None:
    inner = '<outline type="include" url="https://a.example/o"/><outline text="س" xmlUrl="/feed"/>'
    assert read_opml(f"<opml><body>{inner}</body></opml>".encode()) == (
        [],
        ("outline 1 ('س') has no http(s) address",),
    )


@pytest.mark.parametrize(
    ("element", "most"), [("author", LONGEST_FIELD), ("pubDate", LONGEST_FIELD), ("description", 6 * LONGEST_FIELD)]
)
def test_a_text_is_cut_off_before_a_library_looks_at_it(element: str, most: int) -> None:
    (item,) = feedparsed(
        f"<rss><channel><item><{element}>{'a' * 60_000}</{element}></item></channel></rss>", HOME
    ).entries
    name = {"pubDate": "published", "description": "summary"}.get(element, element)
    assert len(item[name]) == min(60_000, most)
