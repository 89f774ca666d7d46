"""Feeds as they are published, sound and broken."""

from datetime import UTC, datetime

import pytest

from ingest.discover import discover
from ingest.discover.parts import plain_text
from ingest.errors import Permanent
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Listing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
URL = "https://akhbar.example/feeds/all.xml"

RSS = """<?xml version="1.0" encoding="{charset}"?>
<rss version="2.0"><channel><title>أخبار</title><link>https://akhbar.example/</link>
<item><title>افتتاح &lt;b&gt;المعرض&lt;/b&gt; &amp;amp; السوق</title><link>/2026/1?a=1&amp;b=2</link>
<description><![CDATA[<p>افتتح المعرض</p><p>أمس<br>مساء</p><script>x()</script>]]></description>
<pubDate>Mon, 23 Nov 2026 10:30:00 +0300</pubDate></item>
</channel></rss>"""
FIRST = Entry("https://akhbar.example/2026/1?a=1&b=2", "افتتاح المعرض & السوق", "افتتح المعرض أمس مساء", AT)
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>أخبار</title>
<entry><title type="html">افتتاح&amp;nbsp;المعرض</title><link rel="edit" href="/edit/1"/>
<link rel="alternate" href="../2026/1"/><summary>موجز</summary>
<published>2026-11-23T10:30:00+03:00</published><updated>2026-11-23T11:00:00Z</updated></entry>
<entry><title>ثان</title><link href="https://akhbar.example/2"/><updated>2026-11-23T07:30:00Z</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://akhbar.example/"><title>أخبار</title></channel>
<item rdf:about="https://akhbar.example/1"><title>خبر</title><link>https://akhbar.example/1</link>
<dc:date>2026-11-23T10:30:00+03:00</dc:date></item></rdf:RDF>"""
BOMB = """<?xml version="1.0"?><!-- <rss> --><!DOCTYPE rss [<!ENTITY a "خبر"><!ENTITY b "&a;&a;&a;&a;">]>
<rss version="2.0"><channel><item><title>&b;</title><link>https://akhbar.example/1</link></item></channel></rss>"""


def read(body: str | bytes, content_type: str = "", kind: str = "feed", timezone: str = "Asia/Riyadh") -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    page = Page(URL, 200, (("Content-Type", content_type),), raw, NOW)
    return discover(Source("s", kind, URL, timezone=timezone), page)


def rss_of(item: str) -> str:
    return f'<rss version="2.0"><channel><title>أخبار</title>{item}</channel></rss>'


@pytest.mark.parametrize(
    ("written", "declared", "content_type"),
    [
        ("utf-8", "utf-8", "application/rss+xml; charset=utf-8"),
        ("utf-8", "windows-1256", "text/xml"),
        ("utf-8", "utf-8", "text/html; charset=iso-8859-1"),
        ("windows-1256", "windows-1256", "application/xml"),
        ("windows-1256", "utf-8", "text/xml; charset=utf-8"),
        ("utf-16", "utf-16", "text/xml"),
    ],
)
def test_rss_in_any_charset(written: str, declared: str, content_type: str) -> None:
    assert read(RSS.format(charset=declared).encode(written), content_type) == Listing((FIRST,))


def test_atom_keeps_published_and_updated_apart() -> None:
    updated = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    assert read(ATOM).entries == (
        Entry("https://akhbar.example/2026/1", "افتتاح المعرض", "موجز", AT, updated),
        Entry("https://akhbar.example/2", "ثان", "", None, AT),
    )


def test_rdf_says_its_date_in_dublin_core() -> None:
    assert read(RDF).entries == (Entry("https://akhbar.example/1", "خبر", "", AT, AT),)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("Mon, 23 Nov 2026 10:30:00 AST", AT),
        ("Mon, 23 Nov 26 07:30:00 GMT", AT),
        ("2026-11-23 10:30", AT),
        ("الاثنين 23 تشرين الثاني 2026 10:30", AT),
        ("2026-11", None),
        ("1448-06-13T10:30:00+03:00", AT),  # ASP.NET under ar-SA writes Hijri years
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Fri, 01 Jan 2099 00:00:00 GMT", None),
        ("قريبا", None),
    ],
)
def test_dates_of_items(written: str, at: datetime | None) -> None:
    item = f"<item><title>خبر</title><link>https://akhbar.example/1</link><pubDate>{written}</pubDate></item>"
    assert read(rss_of(item)).entries[0].published_at == at


def test_a_permanent_guid_is_a_link() -> None:
    item = '<item><title>خبر</title><guid isPermaLink="true">https://akhbar.example/7</guid></item>'
    assert read(rss_of(item)).entries[0].url == "https://akhbar.example/7"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "mailto:a@akhbar.example", "http://", "", "ftp://akhbar.example/1"]
)
def test_an_entry_without_an_http_link_is_named(link: str) -> None:
    item = f"<item><title>بلا رابط</title><guid isPermaLink='false'>7</guid><link>{link}</link></item>"
    listing = read(rss_of(item))
    assert listing.entries == ()
    assert listing.problems == ("entry 1 ('بلا رابط') has no http(s) link",)


@pytest.mark.parametrize(
    "body",
    [
        RSS.format(charset="utf-8").replace("&amp;b=2", "&b=2"),
        RSS.format(charset="utf-8").replace("</channel></rss>", ""),
        RSS.format(charset="utf-8").replace("<channel>", "<channel>&nbsp;"),
    ],
)
def test_a_broken_feed_yields_what_is_readable_and_says_so(body: str) -> None:
    listing = read(body)
    assert listing.entries == (FIRST,)
    assert len(listing.problems) == 1
    assert listing.problems[0].startswith("malformed")


@pytest.mark.parametrize("body", ["", "<html><body><p>مرحبا</p></body></html>", "خبر", "{}", "\0\0\0"])
def test_a_page_that_is_no_feed_is_refused(body: str) -> None:
    with pytest.raises(Permanent) as caught:
        read(body, "text/html")
    assert caught.value.reason == "not_a_feed"


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_a_dtd_with_entities_is_refused_before_parsing(charset: str) -> None:
    with pytest.raises(Permanent) as caught:
        read(BOMB.encode(charset))
    assert caught.value.reason == "xml_dtd"


def test_a_dtd_without_entities_is_read() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.example/rss-0.91.dtd">'
    item = "<item><title>خبر</title><link>https://akhbar.example/1</link></item>"
    assert len(read(doctype + rss_of(item)).entries) == 1


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss_of("")) == Listing(())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("خبر <b>عا</b>جل", "خبر عاجل"),
        ("http://akhbar.example/?a=1&amp;b", "http://akhbar.example/?a=1&b"),
        ("<?xml version='1.0'?><p>خبر</p>", "خبر"),
        ("النفط < 50 دولارا", "النفط < 50 دولارا"),
        ("خبر\x00\x0b عاجل\n", "خبر عاجل"),
        ("<style>p{}</style><div>أ</div><div>ب</div>", "أ ب"),
    ],
)
def test_snippets_become_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_auto_takes_the_page_for_what_it_is() -> None:
    assert read(RSS.format(charset="utf-8"), "text/html", "auto").entries == (FIRST,)
    for body, content_type in (("<!doctype html><p>مرحبا", "text/html"), ("عنوان\nمتن", "text/plain; charset=utf-8")):
        (entry,) = read(body, content_type, "auto").entries
        assert entry.url == URL
        assert entry.page
        assert entry.page.body == body.encode()


@pytest.mark.parametrize("kind", ["article", "text"])
def test_a_single_page_is_its_own_entry(kind: str) -> None:
    (entry,) = read("عنوان", kind=kind).entries
    assert (entry.url, entry.page is None) == (URL, False)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Permanent) as caught:
        read("", kind="gopher")
    assert caught.value.reason == "unknown_kind"
