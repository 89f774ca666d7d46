"""Feeds, sitemaps and pages as they are met in the field: bug reports of people who do this job, rebuilt small."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ingest.discover import discover, site
from ingest.errors import Permanent
from ingest.ledger.record import State
from ingest.ledger.reopening import relisted
from ingest.ledger.transitions import admitted, ended
from ingest.model import Entry, Page, Source
from ingest.polling.listing import Further, Listing

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
HOME = "https://www.sahel.example/"
FEED = f"{HOME}feed"
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd"'
WHOLE = "<p>قال متحدث باسم الميناء إن السفينة رست فجر اليوم.</p>" * 9
LONG_COMMENT = f"<!-- {'رخصة الاستخدام والنسخ ' * 150} -->\n"


def read(
    body: str | bytes, kind: str = "feed", url: str = FEED, at: datetime = NOW, *, full_text: bool = False
) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return discover(Source("s", kind, url, full_text=full_text), Page(url, 200, (), raw, at))


def rss(*items: str, head: str = f"<link>{HOME}</link>") -> str:
    told = "".join(f"<item><title>خبر</title>{item}</item>" for item in items)
    return f'<rss version="2.0" {MEDIA}><channel><title>س</title>{head}{told}</channel></rss>'


def links(listing: Listing) -> list[str]:
    return [entry.url for entry in listing.entries]


def link(number: int = 1) -> str:
    return f"<link>{HOME}{number}</link>"


# One bad entry


@pytest.mark.parametrize(
    "written",
    [
        "0000-00-00 00:00:00",
        "0000-00-00T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "Wed, 30 Nov -0001 00:00:00 +0000",
        "Thu, 00 Jan 1970 00:00:00 GMT",
        "99999999999999999999",
    ],
)
def test_a_date_that_is_none_costs_its_entry_the_date_only(written: str) -> None:
    listing = read(
        rss(
            *(
                f"{link(n)}<pubDate>{written if n == 7 else 'Mon, 23 Nov 2026 10:30:00 +0300'}</pubDate>"
                for n in range(30)
            )
        )
    )
    assert [number for number, entry in enumerate(listing.entries) if entry.published_at is None] == [7]
    assert listing.problems == ()


def test_an_entry_that_cannot_be_read_is_named_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(item: dict[str, str], _language: str) -> Iterator[str]:
        if item["title"] == "ب":
            raise KeyError("href")
        yield HOME + item["title"]

    monkeypatch.setattr("ingest.discover.feed._links", failing)
    listing = read(
        "<rss version='2.0'><channel>"
        + "".join(f"<item><title>{name}</title></item>" for name in "أبت")
        + "</channel></rss>"
    )
    assert [entry.title for entry in listing.entries] == ["أ", "ت"]
    assert listing.problems == ("entry 2 ('ب') could not be read: KeyError('href')",)


def test_what_a_library_fails_on_is_told_by_our_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.discover.feed.first_entries", lambda _text: 1 / 0)
    with pytest.raises(Permanent, match=r"^unreadable: .*ZeroDivisionError"):
        read(rss(link()))


@pytest.mark.parametrize("author", ["<author/>", "<dc:creator/>", "<author><name/></author>", "<author> </author>"])
def test_an_author_without_a_name_is_none(author: str) -> None:
    (entry,) = read(rss(link() + author)).entries
    assert entry.authors == ()


# What the raw item says


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-11-23T10:30:00+99:99", None),
        ("2026-11-23T10:30:00+25:00", None),
        ("-0001-11-30T00:00:00+00:00", None),
        ("10000-01-01T00:00:00Z", None),
        ("2026-11-23T10:30:00+5:30", datetime(2026, 11, 23, 5, 0, tzinfo=UTC)),
        ("Mon, 23 Nov 26 10:30:00 +0300", datetime(2026, 11, 23, 7, 30, tzinfo=UTC)),
        ("23 Nov 26 10:30 GMT", datetime(2026, 11, 23, 10, 30, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 25:61:00 GMT", None),
    ],
)
def test_a_date_out_of_range_is_no_other_date(written: str, at: datetime | None) -> None:
    (entry,) = read(rss(f"{link()}<pubDate>{written}</pubDate>")).entries
    assert entry.published_at == at


@pytest.mark.parametrize(
    ("item", "url"),
    [
        (f"<link/><guid>{HOME}7</guid>", f"{HOME}7"),
        (f'<guid isPermaLink="true">{HOME}8</guid><link></link>', f"{HOME}8"),
        (f'<guid isPermaLink="TRUE"> {HOME}8 </guid>', f"{HOME}8"),
        (f'<guid isPermaLink="False">{HOME}8</guid>', None),
        ("<guid>8</guid>", None),
        ("<guid>tag:sahel.example,2026:8</guid>", None),
        (f"<guid>{HOME}8</guid>{link(9)}", f"{HOME}9"),
    ],
)
def test_a_guid_is_a_link_if_it_is_an_address(item: str, url: str | None) -> None:
    assert links(read(rss(item))) == ([url] if url else [])


@pytest.mark.parametrize(
    ("language", "hreflangs", "chosen"),
    [
        ("ar", ("ar", "en"), 0),
        ("ar", ("en", "ar"), 1),
        ("", ("ar", "en"), 0),
        ("ar-EG", ("en", "ar"), 1),
        ("ar", ("", ""), 0),
    ],
)
def test_of_alternates_the_first_or_that_of_the_feeds_language(
    language: str, hreflangs: tuple[str, ...], chosen: int
) -> None:
    told = "".join(
        f'<link rel="alternate" type="text/html" hreflang="{name}" href="/{n}"/>' for n, name in enumerate(hreflangs)
    )
    entry = f"<entry><title>خبر</title>{told}</entry>"
    assert links(read(f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">{entry}</feed>')) == [
        f"{HOME}{chosen}"
    ]


def test_rss_own_link_counts_more_than_those_of_other_namespaces() -> None:
    other = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="alternate" href="{HOME}en/1"/>'
    assert links(read(rss(other + link(), link(2) + other))) == [f"{HOME}1", f"{HOME}2"]


@pytest.mark.parametrize("name", ["media:description", "itunes:summary"])
@pytest.mark.parametrize("first", [True, False])
def test_a_caption_is_not_the_content(name: str, first: bool) -> None:  # noqa: FBT001  # a table
    caption, text = f"<{name}>{'السفينة على الرصيف ' * 20}</{name}>", f"<description><![CDATA[{WHOLE}]]></description>"
    (entry,) = read(rss(link() + (caption + text if first else text + caption)), full_text=True).entries
    assert entry.page
    assert "رست فجر اليوم" in entry.page.body.decode()
    (teased,) = read(rss(f"{link()}<description>موجز</description>{caption}"), full_text=True).entries
    assert (teased.page, teased.summary) == (None, "موجز")


@pytest.mark.parametrize("address", ["desk@news.sahel.online", "desk@sahel.media", "a.b+c@x.photography"])
def test_the_end_of_an_address_is_no_name(address: str) -> None:
    assert read(rss(f"{link()}<author>{address}</author>")).entries[0].authors == ()
    assert read(rss(f"{link()}<author>{address} (ليلى حداد)</author>")).entries[0].authors == ("ليلى حداد",)


# A site's clock


def atom(at: datetime, count: int = 40, step_s: float = 0, real: int = 0) -> str:
    def entry(number: int) -> str:
        updated = at - timedelta(seconds=step_s * number) if number >= real else datetime(2026, 2, 1, tzinfo=UTC)
        return (
            f'<entry><title>خبر</title><link href="/{number}"/>'
            f"<published>2026-01-{number % 27 + 1:02}T10:00:00Z</published>"
            f"<updated>{updated.isoformat()}</updated></entry>"
        )

    return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(map(entry, range(count)))}</feed>'


def json_feed(at: datetime) -> str:
    items = ",".join(f'{{"url": "{HOME}{n}", "date_modified": "{at.isoformat()}"}}' for n in range(40))
    return f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{items}]}}'


def sitemap(at: datetime) -> str:
    return SITEMAP.format(
        "".join(f"<url><loc>{HOME}{n}</loc><lastmod>{at.isoformat()}</lastmod></url>" for n in range(40))
    )


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("feed", atom),
        ("feed", lambda at: atom(at, step_s=1)),
        ("feed", lambda at: atom(at, real=3)),
        ("feed", json_feed),
        ("sitemap", sitemap),
    ],
)
def test_a_date_that_is_the_request_s_fetches_nothing_again(kind: str, make: object) -> None:
    first, later = (read(make(at), kind, at=at) for at in (NOW, NOW + timedelta(hours=1)))  # type: ignore[operator]
    source = Source("s", kind, FEED)
    for before, after in zip(first.entries, later.entries, strict=True):
        known = ended(admitted(source, before, NOW), State.INDEXED, NOW)
        assert relisted(known, after, NOW + timedelta(hours=1)) is None
    assert any("not believed" in problem for problem in later.problems)


def test_a_few_that_really_changed_are_believed() -> None:
    entries = read(atom(NOW, count=40, real=30)).entries
    assert sum(entry.updated_at is not None and entry.updated_at > NOW - timedelta(days=1) for entry in entries) == 10


# Addresses


@pytest.mark.parametrize("mark", ["\u200b", "\u200f", "\ufeff", "\u202b", "\u2066", "\xa0", "\xad"])
def test_marks_around_an_address_are_no_part_of_it(mark: str) -> None:
    for said in (f"{mark}{HOME}1", f"{HOME}1{mark}", f" {mark} {HOME}1 {mark}"):
        assert links(read(rss(f"<link>{said}</link>"))) == [f"{HOME}1"]
        assert links(read(SITEMAP.format(f"<url><loc>{said}</loc></url>"), "sitemap")) == [f"{HOME}1"]
        assert links(read(f'{{"version": "https://jsonfeed.org/version/1", "items": [{{"url": "{said}"}}]}}')) == [
            f"{HOME}1"
        ]
    assert links(read(f"{mark}{HOME}1\n{HOME}2", "sitemap")) == [f"{HOME}1", f"{HOME}2"]


def test_links_of_a_feed_at_a_service_are_relative_to_their_own_site() -> None:
    service = "https://feeds.service.example/sahel"
    assert links(read(rss("<link>/2026/1</link>"), url=service)) == [f"{HOME}2026/1"]
    image = f"<image><link>https://other.example/</link></image><link>{HOME}</link>"
    assert links(read(rss("<link>/2026/1</link>", head=image), url=service)) == [f"{HOME}2026/1"]
    assert links(read(rss("<link>1</link>"), url=f"{HOME}ar/feed")) == [f"{HOME}ar/1"]
    feed = f'{{"version": "https://jsonfeed.org/version/1", "home_page_url": "{HOME}", "items": [{{"url": "/1"}}]}}'
    assert links(read(feed, url=service)) == [f"{HOME}1"]


def test_the_query_of_a_link_is_in_the_charset_of_its_page() -> None:
    words = "أسعار القمح ترتفع للأسبوع الثالث على التوالي في الأسواق المحلية"
    page = f'<meta charset="windows-1256"><li><a href="/خبر.asp?id=123456&t=خبر€한">{words}</a></li><p>{words}</p>'
    raw = page.encode("cp1256", "xmlcharrefreplace")
    expected = f"{HOME}%D8%AE%D8%A8%D8%B1.asp?id=123456&t=%CE%C8%D1%80%26%2354620%3B"
    assert links(read(raw, "index")) == [expected]
    assert "t=%D8%AE" in links(read(page.replace("windows-1256", "utf-8"), "index"))[0]


# What a home page says


def candidates(html: str, url: str = HOME) -> list[Further]:
    return list(site.discover(Source("s", "site", url), Page(url, 200, (), html.encode(), NOW)).further)


@pytest.mark.parametrize(
    "kind", ["application/json", "application/xml", "text/xml", "application/feed+json", "text/rss"]
)
def test_feeds_are_declared_under_other_types_too(kind: str) -> None:
    found = candidates(f'<link rel="alternate" type="{kind}" title="أخبار" href="/f.php">')
    assert (found[0].url, found[0].rank) == (f"{HOME}f.php", site.DECLARED)


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?format=json">',
        '<link rel="alternate" type="text/xml+oembed" href="/oembed?format=xml">',
        '<link rel="alternate" hreflang="en" href="/en/">',
        '<link rel="stylesheet" type="text/xml" href="/f.xsl">',
    ],
)
def test_other_alternates_are_no_feeds(tag: str) -> None:
    assert candidates(tag)[0].kind == "robots"


def test_a_base_counts_for_declared_and_linked_feeds() -> None:
    html = '<base href="/ar/"><link rel="alternate" type="application/rss+xml" href="feed"><a href="rss.xml">RSS</a>'
    assert [one.url for one in candidates(html)[:2]] == [f"{HOME}ar/feed", f"{HOME}ar/rss.xml"]


@pytest.mark.parametrize("content", ["0; URL=/ar/", "0;url='/ar/'", "3 ;  url = /ar/", "0.5;URL=/ar/", "0,/ar/"])
def test_the_search_goes_on_where_a_home_page_sends_its_reader(content: str) -> None:
    first = candidates(f'<meta http-equiv="Refresh" content="{content}">')[0]
    assert (first.url, first.kind, first.rank) == (f"{HOME}ar/", "site", site.DECLARED)


@pytest.mark.parametrize("content", ["300", "300; URL=/ar/", "0; URL=/", "0; URL=javascript:x()", ""])
def test_a_page_that_loads_itself_anew_sends_nobody(content: str) -> None:
    assert candidates(f'<meta http-equiv="refresh" content="{content}">')[0].kind == "robots"


def test_a_feeds_address_that_sends_its_reader_on_is_followed() -> None:
    listing = read('<meta http-equiv="refresh" content="0; url=/rss.xml">')
    assert listing.further == (Further(f"{HOME}rss.xml", "feed", "the page sends there"),)


# What a document is


@pytest.mark.parametrize("kind", ["feed", "sitemap", "auto", "index"])
def test_a_listing_is_read_as_what_it_is(kind: str) -> None:
    assert links(read(rss(link(1), link(2)), kind)) == [f"{HOME}1", f"{HOME}2"]
    assert links(read(SITEMAP.format(f"<url><loc>{HOME}1</loc></url>"), kind)) == [f"{HOME}1"]
    assert links(read(f'{{"version": "https://jsonfeed.org/version/1", "items": [{{"url": "{HOME}1"}}]}}', kind)) == [
        f"{HOME}1"
    ]


@pytest.mark.parametrize("kind", ["feed", "sitemap", "auto"])
def test_a_long_comment_before_the_root_changes_nothing(kind: str) -> None:
    for body in (rss(link()), SITEMAP.format(f"<url><loc>{HOME}1</loc></url>")):
        assert links(read('<?xml version="1.0"?>\n' + LONG_COMMENT + LONG_COMMENT + body, kind)) == [f"{HOME}1"]


@pytest.mark.parametrize("comment", ["<!-- <rdf:RDF xmlns='x'> -->", "<!-- <rss> --><p>"])
def test_a_page_that_speaks_of_rdf_is_a_page(comment: str) -> None:
    (entry,) = read(f"<!doctype html>{comment}<html><body>{comment}<p>خبر", "auto").entries
    assert entry.page
    (entry,) = read("<!doctype html><html><head><script>'<rss>'</script>", "auto").entries
    assert entry.page


# Whose text it is


@pytest.mark.parametrize(
    ("url", "own"),
    [("https://www.sahel.example/1", True), ("https://m.sahel.example/1", True), ("https://other.example/1", False)],
)
def test_a_full_text_is_taken_for_the_feeds_own_site_only(url: str, own: bool) -> None:  # noqa: FBT001  # a table
    body = rss(f"<link>{url}</link><description><![CDATA[{WHOLE}]]></description>")
    (entry,) = read(body, full_text=True).entries
    assert (entry.url, entry.page is not None) == (url, own)
    json_body = (
        f'{{"version": "https://jsonfeed.org/version/1", "items": [{{"url": "{url}", "content_html": "{WHOLE}"}}]}}'
    )
    assert (read(json_body, full_text=True).entries[0].page is not None) is own


def test_a_site_vouches_for_the_service_that_its_feed_is_at() -> None:
    body = rss(f"{link()}<description><![CDATA[{WHOLE}]]></description>")
    service = Page("https://feeds.service.example/sahel", 200, (), body.encode(), NOW)
    for source in (
        Source("s", "feed", FEED, full_text=True),
        Source("s", "feed", service.url, home=HOME, full_text=True),
    ):
        assert discover(source, service).entries[0].page
    assert discover(Source("s", "feed", service.url, full_text=True), service).entries == (
        Entry(f"{HOME}1", "خبر", discover(Source("s", "feed", service.url), service).entries[0].summary),
    )
