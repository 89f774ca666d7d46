"""A megabyte of everything hostile in every field of every format: read, or refused, within a second."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from time import process_time

import pytest

from ingest.discover import discover
from ingest.discover.markup import opening
from ingest.errors import WarraqError
from ingest.files.opml import read_opml
from ingest.files.warc import entries
from ingest.model import Page, Source
from ingest.policy.rights import may_keep_page
from ingest.policy.robots import RobotsRules, ours
from ingest.policy.tdmrep import reservation_of

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
HOME = "https://www.sahel.example/"
PIECES = (
    "a@" + "a." * 30_000,
    "a (a@a.a) " * 6_000,
    "ا" * 60_000,
    "9" * 60_000,
    "2026-11-23 10:30 GMT+" * 3_000,
    "نوفمبر " * 9_000,
    f"{' ' * 60_000}x",
    "(" * 60_000,
    "\n" * 60_000,
    "&amp;" * 12_000,
    "&lt;a " * 10_000,
    "http://" + "." * 60_000,
    "https://a.example/" + "(S(a))/;jsessionid=%E2%80%8F" * 2_500,
)
PLAIN = (*PIECES, "".join(PIECES) * 2)
RSS_ITEM = [
    "author",
    "pubDate",
    "title",
    "link",
    "guid",
    "category",
    "description",
    "comments",
    "source",
    "dc:creator",
    "dc:date",
    "dc:language",
    "dc:subject",
    "dc:title",
    "dcterms:created",
    "dcterms:modified",
    "content:encoded",
    "media:title",
    "media:description",
    "media:keywords",
    "media:credit",
    "media:category",
    "media:rating",
    "itunes:author",
    "itunes:summary",
    "itunes:keywords",
    "itunes:duration",
    "fb:origLink",
    "atom:updated",
    "atom:link",
    "georss:point",
    "georss:polygon",
    "gml:pos",
    "license",
    "expirationDate",
    "x",
]
RSS_CHANNEL = [
    "title",
    "link",
    "description",
    "language",
    "ttl",
    "pubDate",
    "lastBuildDate",
    "generator",
    "copyright",
    "managingEditor",
    "webMaster",
    "category",
    "docs",
    "rating",
    "sy:updatePeriod",
    "sy:updateFrequency",
    "skipHours",
    "skipDays",
    "image",
    "textInput",
]
ATTRIBUTES = [
    "media:content@url",
    "media:content@type",
    "media:thumbnail@url",
    "enclosure@url",
    "enclosure@type",
    "enclosure@length",
    "guid@isPermaLink",
    "category@domain",
    "source@url",
    "itunes:image@href",
    "atom:link@href",
    "atom:link@rel",
    "atom:link@hreflang",
    "description@xml:base",
    "title@xml:lang",
    "media:rating@scheme",
]
ATOM = [
    "title",
    "id",
    "published",
    "updated",
    "summary",
    "content",
    "rights",
    "author/name",
    "author/email",
    "author/uri",
]
MAP = [
    "loc",
    "lastmod",
    "changefreq",
    "news:title",
    "news:keywords",
    "news:publication_date",
    "news:language",
    "image:loc",
    "image:title",
    "video:title",
    "x",
]
JSON_ITEM = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "language",
    "author",
    "tags",
    "authors",
    "x",
]
JSON_FEED = ["title", "home_page_url", "feed_url", "next_url", "language", "icon", "hubs"]
PAGE = {
    "refresh": '<meta http-equiv="refresh" content="0; url={}">',
    "delay": '<meta http-equiv="refresh" content="{}">',
    "base": '<base href="{}"><a href=1>خبر خبر خبر خبر خبر خبر خبر</a>',
    "feed": '<link rel=alternate type="application/rss+xml" href="{}">',
    "type": '<link rel=alternate type="{}" href="/f" title="x">',
    "link": '<li><a href="{}">خبر خبر خبر خبر خبر خبر خبر</a>',
    "words": '<li><a href="/2026/11/1">{}</a>',
    "time": '<li><a href="/2026/11/1">خبر خبر خبر خبر خبر</a><time datetime="{}"></time>',
    "comment": "<!-- {} -->",
}
NAMESPACES = " ".join(
    f'xmlns:{name}="{uri}"'
    for name, uri in {
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "atom": "http://www.w3.org/2005/Atom",
        "fb": "http://rssnamespace.org/feedburner/ext/1.0",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "georss": "http://www.georss.org/georss",
        "gml": "http://www.opengis.net/gml",
        "news": "http://www.google.com/schemas/sitemap-news/0.9",
        "image": "http://www.google.com/schemas/sitemap-image/1.1",
        "video": "http://www.google.com/schemas/sitemap-video/1.1",
    }.items()
)
Reading = tuple[str, Callable[[str], object]]


def listing(template: str, kind: str, said: str) -> None:
    body = template.replace("{}", said).encode()
    discover(Source("s", kind, HOME, full_text=True), Page(HOME, 200, (), body, NOW))


def feed(path: str, value: object, said: str) -> None:
    """Read a JSON feed with a text wherever `value` has an `{}`."""
    item: dict[str, object] = {"url": f"{HOME}1"}
    whole: dict[str, object] = {"version": "https://jsonfeed.org/version/1.1", "items": [item]}
    (item if path.startswith("item/") else whole)[path.rpartition("/")[2]] = value
    listing(json.dumps(whole).replace("{}", said), "feed", "")


def archive(head: str, http: str, said: str) -> list[object]:
    body = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{http.format(said)}\r\n<p>".encode()
    start = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {HOME}1\r\n{head.format(said)}"
    end = f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
    return list(entries(io.BytesIO((start + end).encode() + body), NOW))


def rules(line: str, said: str) -> None:
    read = RobotsRules(ours(f"User-agent: *\nDisallow: /a\n{line}: {said}\n".encode()))
    assert read.allow(f"{HOME}{'b' * 2000}") in {True, False}
    assert read.crawl_delay_s <= 60


def rights(_name: str, said: str) -> None:
    body = f'<meta name="robots" content="{said}"><meta name="tdm-policy" content="{said}">'.encode()
    may_keep_page(Source("s", "feed", HOME), Page(HOME, 200, (("X-Robots-Tag", said),), body, NOW))


def reserved(_name: str, said: str) -> None:
    told = json.dumps([{"location": f"/{said}", "tdm-policy": said, "tdm-reservation": 1}])
    reservation_of(told.encode()).onto(Page(HOME, 200, (), b"", NOW))


ITEM = f"<rss {NAMESPACES}><channel><item><title>س</title><link>{HOME}1</link>{{}}</item></channel></rss>"


def in_feeds() -> Iterator[Reading]:
    item = ITEM
    for name in RSS_ITEM:
        yield f"item {name}", partial(listing, item.format(f"<{name}>{{}}</{name}>"), "feed")
    for name in RSS_CHANNEL:
        head = f"<{name}>{{}}</{name}>"
        yield (
            f"channel {name}",
            partial(listing, f"<rss {NAMESPACES}><channel>{head}<item><link>1</link></item></channel></rss>", "feed"),
        )
    for element, _, name in (one.partition("@") for one in ATTRIBUTES):
        yield f"item {element}@{name}", partial(listing, item.format(f'<{element} {name}="{{}}"/>'), "feed")
    for name in ATOM:
        start = "".join(f"<{one}>" for one in name.split("/"))
        end = "".join(f"</{one}>" for one in reversed(name.split("/")))
        yield (
            f"entry {name}",
            partial(
                listing,
                f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/>{start}{{}}{end}</entry></feed>',
                "feed",
            ),
        )


def in_maps_and_json() -> Iterator[Reading]:
    for name in MAP:
        url = f"<urlset {NAMESPACES}><url><loc>{HOME}1</loc><{name}>{{}}</{name}></url></urlset>"
        yield f"map {name}", partial(listing, url, "sitemap")
    yield "index", partial(listing, "<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>", "sitemap")
    yield "text map", partial(listing, f"{HOME}1\n{{}}", "sitemap")
    for name in JSON_ITEM:
        values = {"tags": ["{}"], "authors": [{"name": "{}"}], "author": {"name": "{}"}, "x": {"a": ["{}"]}}
        yield f"json item {name}", partial(feed, f"item/{name}", values.get(name, "{}"))
    for name in JSON_FEED:
        yield f"json {name}", partial(feed, name, [{"url": "{}"}] if name == "hubs" else "{}")


def elsewhere() -> Iterator[Reading]:
    for name, tag in PAGE.items():
        for kind in ("index", "site", "feed"):
            yield f"page {name} as {kind}", partial(listing, tag, kind)
    for name in ("text", "title", "xmlUrl", "htmlUrl", "w:interval_s"):
        outline = f'<opml xmlns:w="urn:warraq:source"><outline xmlUrl="{HOME}" {name}="{{}}"/></opml>'
        yield f"opml {name}", lambda said, outline=outline: read_opml(outline.format(said).encode())  # type: ignore[misc]
    for name in ("User-agent", "Disallow", "Allow", "Crawl-delay", "Sitemap", "x"):
        yield f"robots {name}", partial(rules, name)
        yield f"robots' {name}", partial(listing, f"{name}: {{}}", "robots")
    for name in ("WARC-Target-URI", "WARC-Date", "WARC-Truncated"):
        yield f"warc {name}", partial(archive, f"{name}: {{}}\r\n", "")
    for name in ("Content-Type", "Content-Encoding", "Transfer-Encoding", "Content-Length"):
        yield f"warc {name}", partial(archive, "", f"{name}: {{}}\r\n")
    yield "rights", partial(rights, "")
    yield "tdmrep", partial(reserved, "")


READINGS = (*in_feeds(), *in_maps_and_json(), *elsewhere())


@pytest.mark.parametrize(("name", "read"), READINGS, ids=[name for name, _ in READINGS])
def test_every_field_in_time(name: str, read: Callable[[str], object]) -> None:
    for said in PLAIN:
        started = process_time()
        with suppress(WarraqError):
            read(said)
        assert process_time() - started < 1, f"{name}: {said[:20]!r}"


@pytest.mark.parametrize("said", PLAIN, ids=range(len(PLAIN)))
def test_nor_in_a_broken_feed(said: str) -> None:
    for name in ("author", "title", "pubDate"):
        started = process_time()
        listing(f"<rss><channel><item><{name}>{{}}</{name}>&nbsp;</item></channel>", "feed", said)
        assert process_time() - started < 1


def test_comments_without_end_are_passed_over_in_time() -> None:
    started = process_time()
    assert opening("<!--" * 2**20) == ""
    assert opening("<!---->" * 2**20).startswith("<!--")
    assert process_time() - started < 1
