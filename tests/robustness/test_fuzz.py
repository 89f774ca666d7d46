"""Valid listings with values replaced: whatever stands in them, no exception but ours leaves a reader."""

import contextlib
import io
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.discover import KINDS, UNREADABLE, discover
from ingest.errors import WarraqError
from ingest.files.opml import read_opml
from ingest.files.warc import entries
from ingest.model import Entry, Page, Source
from ingest.policy.robots import RobotsRules, ours
from ingest.policy.tdmrep import reservation_of

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
HOME = "https://www.sahel.example/"
RSS = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
    "<channel><title>{}</title><link>{}</link><ttl>{}</ttl><skipHours><hour>{}</hour></skipHours>"
    "<item><title>{}</title><link>{}</link><guid isPermaLink='{}'>{}</guid><pubDate>{}</pubDate><author>{}</author>"
    "<dc:creator>{}</dc:creator><dc:date>{}</dc:date><category>{}</category><description>{}</description>"
    '<media:content url="{}" type="{}"/><enclosure url="{}" type="{}" length="{}"/></item></channel></rss>'
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{}" xml:base="{}"><title type="{}">{}</title>'
    '<entry><id>{}</id><title>{}</title><link rel="{}" type="{}" hreflang="{}" href="{}"/>'
    "<author><name>{}</name><email>{}</email></author>"
    "<updated>{}</updated><published>{}</published><content type='{}'>{}</content><summary>{}</summary></entry></feed>"
)
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    "<url><loc>{}</loc><lastmod>{}</lastmod><news:news><news:publication_date>{}</news:publication_date>"
    "<news:title>{}</news:title><news:keywords>{}</news:keywords></news:news></url></urlset>"
)
INDEX = "<sitemapindex><sitemap><loc>{}</loc><lastmod>{}</lastmod></sitemap></sitemapindex>"
JSON = (
    '{{"version": "https://jsonfeed.org/version/1.1", "home_page_url": {}, "language": {}, "hubs": [{}], '
    '"items": [{{"id": {}, "url": {}, "title": {}, "content_html": {}, "date_published": {}, "date_modified": {}, '
    '"authors": [{{"name": {}}}], '
    '"author": {}, "tags": {}, "image": {}}}, {}]}}'
)
SITE = (
    '<base href="{}"><meta http-equiv="refresh" content="{}"><link rel="alternate" type="{}" href="{}" title="{}">'
    '<ul><li><a href="{}">{}</a><time datetime="{}"></time></ul>'
)
OPML = '<opml version="2.0"><body><outline type="rss" text="{}" title="{}" xmlUrl="{}" htmlUrl="{}"/></body></opml>'
ROBOTS = "User-agent: {}\nDisallow: {}\nAllow: {}\nCrawl-delay: {}\nSitemap: {}\n"
WARC = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: {}\r\nWARC-Date: {}\r\nWARC-Target-URI: {}\r\n"
    "WARC-Truncated: {}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n"
    "HTTP/1.1 {}\r\nContent-Type: {}\r\n"
    "Content-Encoding: {}\r\nTransfer-Encoding: {}\r\n\r\n{}\r\n\r\n"
)
ODD = (
    "",
    " ",
    "null",
    "{}",
    "[]",
    "0",
    "-1",
    "1e999",
    "true",
    '"x"',
    "0000-00-00 00:00:00",
    "9999-12-31T23:59:59+14:00",
    "Thu, 00 Jan 0000 25:61:61 +9999",
    "http://",
    "http://[",
    "https://xn--a/",
    "//",
    "?",
    "\u200f",
    "\ufeffhttps://a.example/",
    "javascript:x()",
    "&#xD800;",
    "&#0;",
    "&",
    "<",
    "<![CDATA[",
    "]]>",
    "<!--",
    "</item>",
    "<item>",
    "<b>",
    "a@a.a",
    "base64",
    "application/xhtml+xml",
    "gzip",
    "chunked",
    "٢٠٢٦",
    "\x00",
    "\x0b",
    "\ud800",
    "*",
    "/*$",
    "a" * 3000,
)
VALUE = st.one_of(st.sampled_from(ODD), st.text(max_size=40))
DATA = st.data()
MANY = settings(
    max_examples=120, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
"""The same ones each time: a failure here is seen by everybody."""


def filled(data: st.DataObject, template: str) -> bytes:
    """Return a template with a value in each of its places."""
    places = template.replace("{{", "").replace("}}", "").count("{}")
    text = template.format(*(data.draw(VALUE) for _ in range(places)))
    return text.encode("utf-8", "surrogatepass")


def read(kind: str, body: bytes) -> None:
    source = Source("s", kind, HOME, full_text=True, timezone="Asia/Riyadh")
    try:
        listing = discover(source, Page(HOME, 200, (), body, NOW))
    except WarraqError as error:
        if error.reason == UNREADABLE:  # the last net is for what nobody has thought of
            raise
    else:
        assert all(entry.url for entry in listing.entries)


@MANY
@given(DATA, st.sampled_from((RSS, ATOM, SITEMAP, INDEX, JSON, SITE, ROBOTS)), st.sampled_from(sorted(KINDS)))
def test_listings(data: st.DataObject, template: str, kind: str) -> None:
    read(kind, filled(data, template))


@MANY
@given(DATA, st.sampled_from((RSS, ATOM, JSON)))
def test_feeds(data: st.DataObject, template: str) -> None:
    read("feed", filled(data, template))


CUTS = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 300), st.integers(0, 4000)), min_size=1, max_size=6)


@MANY
@given(st.sampled_from((RSS, ATOM, SITEMAP, INDEX, JSON, SITE)), CUTS, st.binary(max_size=8))
def test_spoilt_bytes(template: str, cuts: list[tuple[int, int, int]], junk: bytes) -> None:
    """Pieces are cut out, or doubled, and put elsewhere."""
    places = template.replace("{{", "").replace("}}", "").count("{}")
    body = template.format(*[f'"{HOME}خبر"'] * places).encode() * 2
    for start, length, goal in cuts:
        piece = body[start : start + length]
        rest = body if length % 2 else body[:start] + body[start + length :]
        body = rest[:goal] + junk + piece + rest[goal:]
    for kind in ("feed", "sitemap", "auto", "index", "site"):
        read(kind, body)


@MANY
@given(DATA)
def test_opml(data: st.DataObject) -> None:
    with contextlib.suppress(WarraqError):
        read_opml(filled(data, OPML))


@MANY
@given(DATA)
def test_robots(data: st.DataObject) -> None:
    rules = RobotsRules(ours(filled(data, ROBOTS)))
    rules.allow(f"{HOME}1")
    assert 0 <= rules.crawl_delay_s <= 60
    reservation_of(filled(data, JSON)).onto(Page(HOME, 200, (), b"", NOW))


@MANY
@given(DATA)
def test_warc(data: st.DataObject) -> None:
    for found in entries(io.BytesIO(filled(data, WARC)), NOW):
        assert isinstance(found, (str, Entry))
