"""A megabyte of hostile text in any field of a listing: read, or refused, within a second."""

import time
from datetime import UTC, datetime

import pytest

from ingest.discover import discover
from ingest.discover.markup import opening
from ingest.model import Page, Source

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
HOME = "https://www.sahel.example/"
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
TEXT = 2**20
LINK = f"<link>{HOME}1</link>"


def seconds(body: str, kind: str = "feed") -> float:
    start = time.process_time()
    discover(Source("s", kind, HOME), Page(HOME, 200, (), body.encode(), NOW))
    return time.process_time() - start


FIELDS = (
    "author",
    "pubDate",
    "title",
    "link",
    "guid",
    "category",
    "description",
    "dc:creator",
    "language",
    "ttl",
    "enclosure",
    "x",
)
HOSTILE = {
    "a mailbox without end": "a@" + "a." * (TEXT // 2),
    "addresses": "a@a.a " * (TEXT // 6),
    "letters": "ا" * TEXT,
    "digits": "9" * TEXT,
    "spaces": " " * TEXT + "x",
    "open brackets": "(" * TEXT,
    "references": "&amp;" * (TEXT // 5),
    "escaped tags": "&lt;a " * (TEXT // 6),
    "dots": "http://" + "." * TEXT,
}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", FIELDS)
def test_a_megabyte_in_a_field_takes_no_second(field: str, text: str) -> None:
    namespace = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    item = f"<item><title>خبر</title>{LINK}<{field} {namespace}>{HOSTILE[text]}</{field}></item>"
    assert seconds(f'<rss version="2.0"><channel>{item}{LINK}</channel></rss>') < 1


@pytest.mark.parametrize("text", ["a mailbox without end", "letters", "spaces", "digits"])
def test_nor_in_a_sitemap_a_json_feed_or_a_broken_feed(text: str) -> None:
    said = HOSTILE[text]
    for name in ("loc", "lastmod", "title", "keywords"):
        assert seconds(SITEMAP.format(f"<url><loc>{HOME}1</loc><{name}>{said}</{name}></url>"), "sitemap") < 1
    for name in ("title", "date_modified", "content_html", "language", "image", "id"):
        item = f'{{"url": "{HOME}1", "{name}": "{said}"}}'
        assert seconds(f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{item}]}}') < 1
    for name in ("author", "title", "pubDate"):
        assert seconds(f"<rss version='2.0'><channel><item>{LINK}<{name}>{said}</{name}>&nbsp;</item></channel>") < 1


def test_comments_without_end_are_passed_over_in_time() -> None:
    start = time.process_time()
    assert opening("<!--" * TEXT) == ""
    assert opening("<!---->" * TEXT).startswith("<!--")
    assert time.process_time() - start < 1
