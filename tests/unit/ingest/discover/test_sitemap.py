"""Sitemaps: plain, of news, of lines, indices, packed and broken."""

import gzip
from datetime import UTC, datetime

import pytest

from ingest.discover import discover
from ingest.discover.markup import first_tags
from ingest.errors import Permanent
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Further, Listing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
URL = "https://akhbar.example/sitemap.xml"
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
NEWS = """<url><loc>https://akhbar.example/1?a=1&amp;b=2</loc><lastmod>2026-11-23T11:00:00Z</lastmod><news:news>
<news:publication><news:name>أخبار</news:name><news:language>ar</news:language></news:publication>
<news:publication_date>2026-11-23T10:30:00+03:00</news:publication_date>
<news:title><![CDATA[افتتاح  المعرض]]></news:title>
<news:keywords>ثقافة، معارض, ثقافة</news:keywords></news:news><image:image><image:loc>https://i.example/1.jpg</image:loc>
<image:title>صورة</image:title></image:image><image:image><image:loc>https://i.example/2.jpg</image:loc></image:image></url>"""


def read(body: str | bytes, kind: str = "sitemap", url: str = URL) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return discover(Source("s", kind, url, timezone="Asia/Riyadh"), Page(url, 200, (), raw, NOW))


def urlset(*urls: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACES}>{"".join(urls)}</urlset>'


def index(*parts: str) -> str:
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(parts)}</sitemapindex>'


def url(number: int, lastmod: str = "") -> str:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://akhbar.example/{number}</loc>{changed}</url>"


def numbers(listing: Listing) -> list[int]:
    return [int(entry.url.rpartition("/")[2]) for entry in listing.entries]


@pytest.mark.parametrize("kind", ["sitemap", "auto"])
@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_a_news_sitemap(kind: str, pack: object) -> None:
    entry = Entry(
        url="https://akhbar.example/1?a=1&b=2",
        title="افتتاح المعرض",
        published_at=AT,
        updated_at=datetime(2026, 11, 23, 11, 0, tzinfo=UTC),
        language="ar",
        tags=("ثقافة", "معارض"),
        image="https://i.example/1.jpg",
    )
    assert read(pack(urlset(NEWS)), kind) == Listing((entry,))  # type: ignore[operator]  # one of two functions


def test_a_plain_sitemap_newest_first_undated_last() -> None:
    listing = read(urlset(url(1), url(2, "2026-11-20"), url(3, "2026-11-22T10:00:00+03:00"), url(4, "قريبا")))
    assert numbers(listing) == [3, 2, 1, 4]
    assert listing.entries[1].updated_at == datetime(2026, 11, 19, 21, 0, tzinfo=UTC)


def test_one_date_for_all_is_the_files() -> None:
    listing = read(urlset(*(url(number, "2026-11-23T09:00:00Z") for number in range(20))))
    assert {entry.updated_at for entry in listing.entries} == {None}
    assert listing.problems == ("all 20 entries say they changed at the same moment: that is not believed",)
    assert read(urlset(url(1, "2026-11-23T09:00:00Z"))).entries[0].updated_at


def test_an_index_names_its_parts_newest_first() -> None:
    parts = (
        "<sitemap><loc>https://akhbar.example/a.xml</loc></sitemap>",
        "<sitemap><loc>/b.xml.gz</loc><lastmod>2026-11-22</lastmod></sitemap>",
        "<sitemap><loc> https://akhbar.example/c.xml\n</loc><lastmod>2026-11-23T07:30:00Z</lastmod></sitemap>",
        "<sitemap><loc>ftp://akhbar.example/d.xml</loc></sitemap>",
    )
    listing = read(index(*parts))
    assert listing.entries == ()
    assert listing.further == (
        Further("https://akhbar.example/c.xml", "sitemap", changed_at=AT),
        Further("https://akhbar.example/b.xml.gz", "sitemap", changed_at=datetime(2026, 11, 21, 21, 0, tzinfo=UTC)),
        Further("https://akhbar.example/a.xml", "sitemap"),
    )


def test_a_sitemap_of_lines() -> None:
    listing = read("\ufeffhttps://akhbar.example/1\r\nhttps://akhbar.example/خبر\r\n\r\nmailto:a@akhbar.example\n")
    assert [entry.url for entry in listing.entries] == [
        "https://akhbar.example/1",
        "https://akhbar.example/%D8%AE%D8%A8%D8%B1",
    ]
    assert listing.problems == ("1 entries have no http(s) link",)


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (urlset(url(1), url(2))[:-20], [1]),
        ("\n\n" + urlset(url(1)), [1]),
        (urlset(url(1)).replace(NAMESPACES, ""), [1]),
        (urlset(url(1)).replace("<urlset", "<urlset xmlns:x='y'").replace("<url>", "<url><x:odd/><y:odd/>"), [1]),
        (urlset(url(1)).encode("utf-16"), [1]),
        (urlset(url(1), "<url></url>", "<url><loc/></url>"), [1]),
    ],
)
def test_of_a_broken_one_the_readable_is_read(body: str | bytes, first: list[int]) -> None:
    assert numbers(read(body))[: len(first)] == first


def test_what_could_not_be_read_is_said() -> None:
    listing = read(
        urlset("<url><loc>https://akhbar.example/?a=1&b=2&amp;c=3</loc></url>", NEWS.replace("المعرض]", "R&D]"))
    )
    assert listing.entries[1].url == "https://akhbar.example/?a=1&b=2&c=3"
    assert listing.entries[0].title == "افتتاح R&D"
    assert listing.problems == ("1 ampersands are not escaped",)
    assert read(urlset(url(1), url(2))[:-20]).problems[0].startswith("malformed")
    assert read(urlset(url(1), "<url></url>")).problems == ("1 entries have no http(s) link",)
    body = gzip.compress(urlset(*(url(number * 7919 % 10007) for number in range(5000))).encode())
    cut = read(body[: len(body) // 2])
    assert cut.problems[0] == "the gzip file is cut off"
    assert 500 < len(cut.entries) < 3000


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname">]>{urlset("<url><loc>&x;</loc></url>")}',
            "xml_dtd",
        ),
        (gzip.compress(b'<!DOCTYPE urlset [<!ENTITY x "y">]>' + urlset().encode()), "xml_dtd"),
        ("<html><body>404</body></html>", "not_a_sitemap"),
        ("", "not_a_sitemap"),
        ("خبر", "not_a_sitemap"),
        (gzip.compress(b" " * 60 * 2**20, 1), "too_large"),
        (b"\x1f\x8bnot really gzip", "gzip"),
    ],
)
def test_what_is_refused(body: str | bytes, reason: str) -> None:
    with pytest.raises(Permanent) as caught:
        read(body)
    assert caught.value.reason == reason


def test_tags_have_a_cap_and_cdata_counts_as_one() -> None:
    assert first_tags("<a><b></b></a>", 4) == ("<a><b></b></a>", ())
    assert first_tags("<a><b></b></a>", 2) == ("<a><b>", ("more than 2 tags: what follows was not read",))
    inside = "<a><![CDATA[<p></p><p></p>]]></a>"
    assert first_tags(inside, 3) == (inside, ())
    assert first_tags("<a><![CDATA[<p></p><p>", 2) == ("<a><![CDATA[<p></p><p>", ())
