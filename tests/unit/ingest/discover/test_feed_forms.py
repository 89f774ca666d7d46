"""Feeds of every version, and broken in every way seen: none crashes, each says what was wrong."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from feedparser.mixin import _FeedParserMixin

from ingest.discover import discover
from ingest.errors import Permanent
from ingest.model import Page, Source
from ingest.polling.listing import Listing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


URL = "https://akhbar.example/feed"


ITEM = "<item><title>خبر</title><link>https://akhbar.example/1</link><description>موجز</description></item>"


HEAD = '<rss version="2.0"><channel><title>أخبار</title>'


END = "</channel></rss>"


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{ns}"><channel><title>أخبار</title>'
    "<link>https://akhbar.example/</link></channel>{item}</rdf:RDF>"
)


ATOM = (
    '<feed xmlns="{ns}"><title>أخبار</title><entry><title>خبر</title><link rel="alternate" href="/1"/></entry></feed>'
)


RSS_090 = next(name for name in _FeedParserMixin.namespaces if name.endswith("/0.9/"))
"""The namespace of RSS 0.90, as the library knows it."""


WELL_FORMED = {
    "rss 0.90": RDF.format(ns=RSS_090, item=ITEM),
    "rss 0.91": '<!DOCTYPE rss SYSTEM "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    + HEAD.replace("2.0", "0.91")
    + ITEM
    + END,
    "rss 0.92": HEAD.replace("2.0", "0.92") + ITEM + END,
    "rss 0.93": HEAD.replace("2.0", "0.93") + ITEM + END,
    "rss 1.0": RDF.format(ns="http://purl.org/rss/1.0/", item=ITEM.replace("<item>", '<item rdf:about="x">')),
    "rss 2.0": HEAD + ITEM + END,
    "rss 2.0 in a namespace": f'<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel>{ITEM}{END}',
    "atom 0.3": ATOM.format(ns="http://purl.org/atom/ns#"),
    "atom 1.0": ATOM.format(ns="http://www.w3.org/2005/Atom"),
    "atom with a prefix": '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>خبر</a:title>'
    '<a:link href="https://akhbar.example/1"/></a:entry></a:feed>',
    "upper case": (HEAD + ITEM + END).replace("<rss", "<RSS").replace("</rss", "</RSS"),
    "stylesheet and comments first": f'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><!-- {"-" * 9} -->'.replace(
        "---------", "hello"
    )
    + HEAD
    + ITEM
    + END,
    "byte order mark": "\ufeff" + HEAD + ITEM + END,
    "json feed": '{"version": "https://jsonfeed.org/version/1.1", "title": "أخبار", "items": '
    '[{"id": "1", "url": "https://akhbar.example/1", "title": "خبر"}]}',
}


ILL_FORMED = {
    "white space before the declaration": '\n\n <?xml version="1.0" encoding="utf-8"?>' + HEAD + ITEM + END,
    "a warning of PHP first": "<br />\n<b>Warning</b>: Undefined variable in <b>/f.php</b><br />" + HEAD + ITEM + END,
    "bare ampersand": HEAD + ITEM.replace("موجز", "A & B") + END,
    "ampersand in a link": HEAD + ITEM.replace("example/1", "example/1?a=1&b=2") + END,
    "HTML entity": HEAD + ITEM.replace("موجز", "خبر&nbsp;عاجل") + END,
    "markup in a title": HEAD + ITEM.replace("خبر", "<b>خبر") + END,
    "cut in a tag": HEAD + ITEM + "<item><title>ثان</ti",
    "cut in an item": HEAD + ITEM + "<item><title>ثان",
    "cut in CDATA": HEAD + ITEM + "<item><title><![CDATA[ثان",
    "undeclared prefix": HEAD + ITEM.replace("<link>", '<media:content url="/1.jpg"/><link>') + END,
    "control characters": HEAD + ITEM.replace("موجز", "مو\x0b\x00\x1fجز") + END,
    "attribute without quotes": HEAD.replace('"2.0"', "2.0") + ITEM + END,
    "attribute twice": HEAD.replace('"2.0"', '"2.0" version="2.0"') + ITEM + END,
    "tags closed in the wrong order": HEAD + ITEM.replace("</description></item>", "</item></description>") + END,
    "no closing tags": HEAD + ITEM,
    "junk behind": HEAD + ITEM + END + "<script>track()</script><!-- cached -->",
    "two feeds": (HEAD + ITEM + END) * 2,
    "less-than in text": HEAD + ITEM.replace("موجز", "النفط < 50") + END,
    "no channel": f'<rss version="2.0">{ITEM}</rss>',
    "no version": HEAD.replace(' version="2.0"', "") + ITEM + END,
    "lone surrogate": HEAD + ITEM.replace("موجز", "&#xD800;") + END,
    "reference to no character": HEAD
    + ITEM.replace("موجز", "&#x110000;&#99999999999999999999;&#" + "9" * 5000 + ";")
    + END,
    "JSON cut": '{"version": "https://jsonfeed.org/version/1", "items": [{"url": "https://akhbar.example/1"}, {"url"',
    "JSON with a comma too many": '{"version": "https://jsonfeed.org/version/1", "items": '
    '[{"url": "https://akhbar.example/1"},],}',
}


NO_FEED = {
    "empty": "",
    "HTML": "<!doctype html><html><head><title>404</title></head><body><p>لا توجد صفحة</p></body></html>",
    "text": "خبر",
    "JSON": '{"error": "not found"}',
    "JSON list": "[1, 2]",
    "JSON Feed without items": '{"version": "https://jsonfeed.org/version/1.1", "items": 5}',
    "zeros": "\0" * 1000,
    "an image": "\x89PNG\r\n\x1a\n" + "\xff" * 500,
}


def read(text: str) -> Listing:
    return discover(Source("s", "feed", URL), Page(URL, 200, (), text.encode("utf-8", "surrogatepass"), NOW))


@pytest.mark.parametrize("name", WELL_FORMED)
def test_a_well_formed_feed_is_read_without_a_complaint(name: str) -> None:
    listing = read(WELL_FORMED[name])
    assert [(entry.title, entry.url) for entry in listing.entries] == [("خبر", "https://akhbar.example/1")]
    assert listing.problems == ()


@pytest.mark.parametrize("name", ILL_FORMED)
def test_of_an_ill_formed_feed_the_readable_is_read(name: str) -> None:
    listing = read(ILL_FORMED[name])
    assert listing.entries
    assert listing.entries[0].url.startswith("https://akhbar.example/1")
    assert all(problem.startswith(("malformed", "entry 2")) for problem in listing.problems)


def test_nothing_of_a_broken_entry_is_lost() -> None:
    (entry,) = read(ILL_FORMED["ampersand in a link"]).entries
    assert entry.url == "https://akhbar.example/1?a=1&b=2"
    assert read(ILL_FORMED["HTML entity"]).entries[0].summary == "خبر عاجل"
    assert read(ILL_FORMED["bare ampersand"]).entries[0].summary == "A & B"
    assert read(ILL_FORMED["less-than in text"]).entries[0].summary == "النفط < 50"


@pytest.mark.parametrize("name", NO_FEED)
def test_what_is_no_feed_is_refused(name: str) -> None:
    with pytest.raises(Permanent) as caught:
        read(NO_FEED[name])
    assert caught.value.reason == "not_a_feed"


def test_no_external_document_type_is_looked_for(tmp_path: Path) -> None:
    dtd = tmp_path / "feed.dtd"
    dtd.write_text('<!ENTITY secret "سر">')
    for place in (dtd.as_uri(), "http://akhbar.example/feed.dtd"):
        feed = f'<!DOCTYPE rss SYSTEM "{place}">{HEAD}<item><title>&secret;</title><link>/1</link></item>{END}'
        assert "سر" not in read(feed).entries[0].title
