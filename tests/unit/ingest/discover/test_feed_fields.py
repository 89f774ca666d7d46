"""What feeds say beside title, link and date: language, names, pictures, hints, whole articles."""

from datetime import UTC, datetime

import pytest

from ingest.discover import discover
from ingest.discover.inline import WHOLE
from ingest.model import Entry, Page, Source
from ingest.pipeline import process
from ingest.polling.listing import Further, Listing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://akhbar.example/feeds/all.xml"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)
SHIPS = ("الأولى", "الثانية", "الثالثة", "الرابعة", "الخامسة")
WHOLE_TEXT = "".join(
    f"<p>قال متحدث باسم الميناء إن السفينة {ship} رست فجر اليوم على الرصيف الجديد بعد أعوام من العمل، وحملت القمح.</p>"
    for ship in SHIPS
)


def read(body: str, **settings: object) -> Listing:
    page = Page(URL, 200, (), body.encode(), NOW)
    return discover(Source("s", "feed", URL, **settings), page)  # type: ignore[arg-type]  # a few named settings


def channel(head: str, *items: str) -> str:
    told = "".join(f"<item><title>خبر</title>{item}</item>" for item in items)
    return f'<rss version="2.0" {NAMESPACES}><channel><title>أخبار</title>{head}{told}</channel></rss>'


def only(item: str, head: str = "", **settings: object) -> Entry:
    (entry,) = read(channel(head, f"<link>https://akhbar.example/1</link>{item}"), **settings).entries
    return entry


@pytest.mark.parametrize(
    ("item", "authors"),
    [
        ("<dc:creator>ليلى حداد</dc:creator>", ("ليلى حداد",)),
        ("<dc:creator>ليلى حداد</dc:creator><dc:creator>سامي نور</dc:creator>", ("ليلى حداد", "سامي نور")),
        ("<author>desk@akhbar.example (ليلى حداد)</author>", ("ليلى حداد",)),
        ("<author>desk@akhbar.example</author>", ()),
        ("<author>ليلى حداد &lt;desk@akhbar.example&gt;</author>", ("ليلى حداد",)),
        ("", ()),
    ],
)
def test_authors(item: str, authors: tuple[str, ...]) -> None:
    assert only(item).authors == authors


@pytest.mark.parametrize(
    ("item", "image"),
    [
        ('<media:content url="https://i.example/1.jpg" medium="image"/>', "https://i.example/1.jpg"),
        ('<media:content url="/1.webp" type="image/webp"/>', "https://akhbar.example/1.webp"),
        (
            '<media:content url="https://i.example/1.mp4" type="video/mp4"/><media:thumbnail url="https://i.example/t.jpg"/>',
            "https://i.example/t.jpg",
        ),
        ('<enclosure url="https://i.example/1.jpg" type="image/jpeg" length="1000"/>', "https://i.example/1.jpg"),
        ('<enclosure url="https://i.example/1.mp3" type="audio/mpeg" length="1000"/>', ""),
        ('<media:thumbnail url="javascript:x()"/>', ""),
    ],
)
def test_the_picture(item: str, image: str) -> None:
    assert only(item).image == image


def test_tags_each_once() -> None:
    item = "<category>اقتصاد</category><category>موانئ</category><category>اقتصاد</category>"
    assert only(item).tags == ("اقتصاد", "موانئ")


def test_an_item_has_its_own_language_else_the_feeds() -> None:
    items = (
        "<link>https://akhbar.example/{}</link>{}".format(*pair)
        for pair in enumerate(("", "<dc:language>ckb</dc:language>", ""))
    )
    assert [entry.language for entry in read(channel("<language>ar-IQ</language>", *items)).entries] == [
        "ar-IQ",
        "ckb",
        "ar-IQ",
    ]


def test_an_atom_entry_inherits_xml_lang() -> None:
    entries = "".join(f'<entry{lang}><title>خبر</title><link href="/1"/></entry>' for lang in ("", ' xml:lang="fa"'))
    listing = read(f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title>أخبار</title>{entries}</feed>')
    assert [entry.language for entry in listing.entries] == ["ar", "fa"]


@pytest.mark.parametrize(
    ("head", "ttl_s"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<ttl> 15 </ttl>", 900),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>ساعة</ttl>", None),
        (f"<ttl>{'9' * 400}</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1800),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 86_400),
        ("<sy:updatePeriod>never</sy:updatePeriod>", None),
        ("<ttl>5</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("", None),
    ],
)
def test_how_long_a_feed_need_not_be_asked(head: str, ttl_s: int | None) -> None:
    assert read(channel(head)).ttl_s == ttl_s


def test_hours_and_days_without_news() -> None:
    head = (
        "<skipHours><hour>24</hour><hour>1</hour><hour> 02</hour><hour>x</hour><hour>25</hour></skipHours>"
        "<skipDays><day>Friday</day><day>saturday</day><day>الجمعة</day></skipDays>"
    )
    listing = read(channel(head, "<link>https://akhbar.example/1</link><hour>7</hour>"))
    assert (listing.skip_hours, listing.skip_days) == ((0, 1, 2), ("friday", "saturday"))


def test_links_of_the_feed_itself() -> None:
    head = (
        '<atom:link rel="self" href="https://akhbar.example/feed"/><atom:link rel="hub" href="https://hub.example/"/>'
        '<atom:link rel="next" href="?page=2"/>'
    )
    listing = read(channel(head))
    assert (listing.self_url, listing.hub_url) == ("https://akhbar.example/feed", "https://hub.example/")
    assert listing.further == (Further(f"{URL}?page=2", older=True),)


@pytest.mark.parametrize(
    "item",
    [
        f"<description>موجز</description><content:encoded><![CDATA[{WHOLE_TEXT}]]></content:encoded>",
        f"<description><![CDATA[{WHOLE_TEXT}]]></description>",
    ],
)
def test_a_feed_with_full_text_holds_the_page(item: str) -> None:
    more = (
        "<dc:creator>ليلى حداد</dc:creator><pubDate>Mon, 23 Nov 2026 10:30:00 +0300</pubDate><category>موانئ</category>"
    )
    entry = only(more + item, "<language>ar</language>", full_text=True)
    assert entry.page
    article = process(Source("s", "feed", URL), entry, entry.page)
    assert (article.title, article.url, article.language) == ("خبر", "https://akhbar.example/1", "ar")
    assert (article.authors, article.tags) == (("ليلى حداد",), ("موانئ",))
    assert article.published_at == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert article.body.count("رست فجر اليوم") == len(SHIPS)


@pytest.mark.parametrize("content", ["", f"<p>{'ا' * (WHOLE - 1)}</p>"])
def test_a_teaser_is_no_article(content: str) -> None:
    assert only(f"<content:encoded><![CDATA[{content}]]></content:encoded>", full_text=True).page is None


def test_what_a_feed_says_of_another_sites_article_is_not_its_text() -> None:
    """It would replace the other site's document."""
    item = "<item><title>خبر</title><link>{}</link><content:encoded><![CDATA[{}]]></content:encoded></item>"
    links = ("https://victim.example/1", "https://www.akhbar.example/2")
    listing = read(channel("", *(item.format(link, WHOLE_TEXT) for link in links)), full_text=True)
    assert [bool(entry.page) for entry in listing.entries] == [False, True]


def test_a_source_that_does_not_say_so_is_fetched() -> None:
    assert only(f"<content:encoded><![CDATA[{WHOLE_TEXT}]]></content:encoded>").page is None


def test_a_title_cannot_break_out_of_the_page_made_of_it() -> None:
    head = "<title>&lt;/title&gt;&lt;script&gt;x()&lt;/script&gt; «خبر» &amp;quot;</title>"
    body = f"<rss version='2.0'><channel><item>{head}<link>https://akhbar.example/1</link><description><![CDATA[{WHOLE_TEXT}]]></description></item></channel></rss>"
    (entry,) = read(body, full_text=True).entries
    assert entry.page
    assert b"<script>" not in entry.page.body
