"""Sitemaps as large as they get, and nested without an end."""

from datetime import UTC, datetime, timedelta

from ingest.discover import discover
from ingest.discover.parts import MOST
from ingest.model import Page, Source
from ingest.polling.listing import Listing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


URL = "https://akhbar.example/sitemap.xml"


NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


def read(body: str | bytes, kind: str = "sitemap", url: str = URL) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return discover(Source("s", kind, url, timezone="Asia/Riyadh"), Page(url, 200, (), raw, NOW))


def urlset(*urls: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACES}>{"".join(urls)}</urlset>'


def url(number: int, lastmod: str = "") -> str:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://akhbar.example/{number}</loc>{changed}</url>"


def numbers(listing: Listing) -> list[int]:
    return [int(entry.url.rpartition("/")[2]) for entry in listing.entries]


def test_of_a_large_one_the_newest_are_taken() -> None:
    dates = [(NOW - timedelta(hours=number % 7000)).isoformat() for number in range(MOST + 1000)]
    listing = read(urlset(*(url(number, at) for number, at in enumerate(dates))))
    assert numbers(listing) == list(range(MOST))
    assert listing.problems == (f"{MOST + 1000} entries: only the newest {MOST} were taken",)


def test_an_element_nested_too_deep_is_survived() -> None:
    listing = read(urlset(url(1), "<url>" * 50_000))
    assert numbers(listing) == [1]
