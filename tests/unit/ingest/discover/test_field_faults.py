"""One broken entry costs itself only, and what stands around a listing does not hide it: every format, many faults."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from ingest.discover import discover, kind_of, site
from ingest.errors import Permanent
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Listing

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
HOME = "https://www.sahel.example/"
RSS = "<rss version='2.0'><channel><link>/</link>{}</channel></rss>"
GOOD = "<item><title>خبر</title><link>/2</link></item>"
URL = f"<url><loc>{HOME}2</loc></url>"
JSON = '{{"version": "https://jsonfeed.org/version/1.1", "items": [{}]}}'
WARNING = "<br />\n<b>Deprecated</b>: x in /var/www/x.php on line 3<br />\n"


def read(body: str | bytes, kind: str = "feed", headers: tuple[tuple[str, str], ...] = ()) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return discover(Source("s", kind, HOME), Page(HOME, 200, headers, raw, NOW))


def links(listing: Listing) -> list[str]:
    return sorted(entry.url.removeprefix(HOME) for entry in listing.entries)


@pytest.mark.parametrize(
    ("broken", "also"),
    [
        ("<item><title>خبر<link>/1</link></item>", []),
        ("<item><title>خبر</title><link>/1</link><description><![CDATA[ نص </description></item>", ["1"]),
        ("<item><title>خبر</title><link>/1</link><!-- نص </item>", ["1"]),
        ("<item><title>خبر</title><link>/1</link><x:y>نص</item>", ["1"]),
        ("<item><title>خبر</title><link>/1</link><enclosure url='/a.jpg></item>", ["1"]),
    ],
)
def test_what_an_item_never_closes_swallows_no_other(broken: str, also: list[str]) -> None:
    listing = read(RSS.format(broken + GOOD))
    assert links(listing) == [*also, "2"]
    assert listing.problems[0].startswith("malformed")


def test_an_item_in_a_comment_is_none_in_a_broken_feed_either() -> None:
    assert links(
        read(RSS.format(f"<!-- <item><link>/0</link></item> --><item><title>&nbsp;<link>/1</link></item>{GOOD}"))
    ) == ["2"]


def test_broken_bytes_in_an_atom_feed() -> None:
    """Parts that are doubled, cut out and put elsewhere, and single bytes that are others."""
    head = b'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/ \xd9\x85\xd8 xml:base="/">'
    entries = (
        b'<entry><title type\x85\xd9\x8a>x&lt;/b&gt;</title><link rel="alternate" type="text/html" href="/1"/></entry>',
        b'<entry><title>y</title><link href="/2"/><author>\xa4name>a</nished><author>\xa4name>b</author></entry>',
        b'<entry><title>z</title><link\\rel="self" href="/3"/><link href="/3"/><c>ntent>&lt;\xd8.;/p></url></entry>',
    )
    assert {"1", "2", "3"} <= set(links(read(head + b"".join(entries) + b"</feed>")))


@pytest.mark.parametrize(
    ("broken", "also"),
    [
        (f"<url><loc>{HOME}1</loc></loc></url>", ["1"]),
        (f"<url><loc>{HOME}1</url>", ["1"]),
        (f"<url><loc>{HOME}1</loc>", ["1"]),
        (f"<url><loc>{HOME}1</loc><title>أقل < أكثر</title></url>", ["1"]),
        (f"<url><loc>{HOME}1</loc><x><![CDATA[ نص</x></url>", ["1"]),
        (f"<url><loc>{HOME}1</loc><!-- نص</url>", ["1"]),
        (f"<url a=1 b><loc>{HOME}1</loc></url>", ["1"]),
        (f"<url><loc>{HOME}1</loc></url></urlset><?xml version='1.0'?><urlset>", ["1"]),
        (f"<url><loc>{HOME}1</loc><url><loc>{HOME}3</loc></url></url>", ["1", "3"]),
    ],
)
def test_a_sitemaps_broken_element_costs_no_other(broken: str, also: list[str]) -> None:
    assert links(read(f"<urlset>{broken}{URL}</urlset>", "sitemap")) == sorted([*also, "2"])


def test_half_an_address_at_the_end_of_a_sitemap_is_none() -> None:
    cut = f"<urlset><url><loc>{HOME}1</loc></loc></url>{URL}<url><loc>{HOME}3"
    assert links(read(cut, "sitemap")) == ["1", "2"]


def test_names_in_mixed_case_and_what_is_commented_out() -> None:
    assert links(read(f"<UrlSet><Url><Loc>{HOME}1</Loc></Url></UrlSet>", "sitemap")) == ["1"]
    (part,) = read("<SiteMapIndex><SiteMap><Loc>/a.xml</Loc></SiteMap></SiteMapIndex>", "sitemap").further
    assert part.url == f"{HOME}a.xml"
    assert links(read(f"<urlset><!-- <url><loc>{HOME}9</loc></url> --><a:b/>{URL}</urlset>", "sitemap")) == ["2"]


@pytest.mark.parametrize(
    "broken",
    ['{"url": "/1", "title": "a "b" c"}', r'{"url": "/1", "title": "\q"}', "{'url': 1}", '{"x": ' + "[" * 9_000 + "}"],
)
def test_a_json_feeds_broken_item_costs_no_other(broken: str) -> None:
    listing = read(JSON.format(f'{broken}, {{"url": "/2"}}, {{"url": "/3", "authors": [{{}}, {{}}]}}'))
    assert links(listing) == ["2", "3"]
    assert [problem[:9] for problem in listing.problems] == ["malformed", "entry 1 ("]


def test_an_article_about_entities_is_no_bomb() -> None:
    body = RSS.format(f"{GOOD}<item><link>/3</link><description><![CDATA[<!ENTITY a 'b'>]]></description></item>")
    assert links(read(f'<!DOCTYPE rss PUBLIC "-//x//[y]" "z">{body}')) == ["2", "3"]
    with pytest.raises(Permanent, match="xml_dtd"):
        read(f"<!DOCTYPE rss PUBLIC '>' \"z\" [<!ENTITY a 'b'>]>{body}")


@pytest.mark.parametrize(
    "before", [WARNING * 400 + "<?xml version='1.0'?>", f"<?xml version='1.0'?><?x {'y' * 9000}?>"]
)
@pytest.mark.parametrize("kind", ["feed", "sitemap", "auto"])
def test_a_listing_is_found_behind_warnings_and_instructions(before: str, kind: str) -> None:
    assert links(read(before + RSS.format(GOOD), kind)) == ["2"]
    assert links(read(f"{before}<urlset>{URL}</urlset>", kind)) == ["2"]


@pytest.mark.parametrize("before", [WARNING, ")]}',\n", "/* x */ callback("])
def test_a_json_feed_is_found_behind_what_servers_put_before_it(before: str) -> None:
    for kind in ("feed", "auto", "sitemap"):
        assert links(read(before + JSON.format('{"url": "/2"}'), kind)) == ["2"]


@pytest.mark.parametrize(
    "body",
    [
        "<?x <rss> ?><p>x",
        f"<html><script>x = {JSON.format('')}</script>",
        "<!doctype html><pre><?xml version='1.0'?><rss>",
    ],
)
def test_a_page_that_shows_a_listing_is_none(body: str) -> None:
    assert kind_of(Page(HOME, 200, (), body.encode(), NOW)) == ""


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_file_that_was_packed_again_is_unpacked_again(times: int) -> None:
    body = f"<urlset>{URL}</urlset>".encode()
    for _ in range(times):
        body = gzip.compress(body)
    assert read(body, "sitemap") == Listing((Entry(f"{HOME}2"),))
    assert read(body + b"junk", "sitemap").problems == ()


@pytest.mark.parametrize(
    "text",
    [f"# خريطة\n{HOME}1\n{HOME}خبر عاجل", f"{HOME}1 {HOME}%D8%AE%D8%A8%D8%B1%20%D8%B9%D8%A7%D8%AC%D9%84".upper(), ""],
)
def test_a_text_sitemap_has_one_address_a_line(text: str) -> None:
    if not text:
        with pytest.raises(Permanent, match="not_a_sitemap"):
            read("# nothing else", "sitemap")
    else:
        assert links(read(text, "sitemap")) == ["%D8%AE%D8%A8%D8%B1%20%D8%B9%D8%A7%D8%AC%D9%84", "1"]


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("UT", 10), ("GMT", 10), ("MSK", 7), ("PKT", 5), ("IST", None), ("XYZ", None), ("A", None), ("PM", 22), ("", 10)],
)
@pytest.mark.parametrize("form", ["Mon, 23 Nov 2026 10:30:00 {}", "23 Nov 26 10:30 {}", "Mon Nov 23 10:30:00 {} 2026"])
def test_a_zone_that_nobody_knows_makes_no_date(zone: str, hour: int | None, form: str) -> None:
    if zone == "PM" and form.endswith("2026"):
        return
    (entry,) = read(RSS.format(f"<item><link>/1</link><pubDate>{form.format(zone).strip()}</pubDate></item>")).entries
    at = entry.published_at.astimezone(UTC) if entry.published_at else None
    assert at == (datetime(2026, 11, 23, hour, 30, tzinfo=UTC) if hour is not None else None)


def test_the_clock_of_a_short_feed_is_no_date_of_its_entries() -> None:
    def changed(*dates: datetime) -> list[datetime | None]:
        told = "".join(
            f'<entry><link href="/{n}"/><updated>{at.isoformat()}</updated></entry>' for n, at in enumerate(dates)
        )
        return [one.updated_at for one in read(f'<feed xmlns="http://www.w3.org/2005/Atom">{told}</feed>').entries]

    cached, day = NOW - timedelta(hours=1, seconds=7), NOW.replace(hour=0)
    for dates in ([NOW] * 3, [NOW - timedelta(seconds=n) for n in range(5)], [cached] * 4):
        assert changed(*dates) == [None] * len(dates)
    for dates in ([NOW] * 2, [day] * 4, [NOW, NOW, day]):
        assert changed(*dates) == dates


def test_a_refresh_may_be_a_header() -> None:
    page = Page(HOME, 200, (("Refresh", "0; url=/ar/"),), b"<p>x", NOW)
    first, *_ = site.discover(Source("s", "site", HOME), page).further
    assert (first.url, first.kind) == (f"{HOME}ar/", "site")
    (goal,) = read("<p>x", headers=(("Refresh", "0;/rss.xml"),)).further
    assert (goal.url, goal.kind) == (f"{HOME}rss.xml", "feed")


def test_a_link_of_no_relation_is_the_entrys_page() -> None:
    assert links(read('<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="" href="/1"/></entry></feed>')) == [
        "1"
    ]
