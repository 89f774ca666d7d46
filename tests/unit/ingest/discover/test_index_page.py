"""Index pages: by selector and by looks; where they continue."""

from datetime import UTC, datetime

import pytest

from ingest.discover import discover
from ingest.discover.link_score import is_article_link
from ingest.errors import Permanent
from ingest.model import Page, Source
from ingest.polling.listing import Further, Listing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://akhbar.example/sport"
PAGE = """<!doctype html><html lang="ar"><head><link rel="next" href="/sport?page=2"></head><body><form>
<header><nav><a href="/news/2026/11/22/the-menu-names-this">خبر في القائمة لا يخص هذه الصفحة</a></nav></header>
<main><article><a href="/news/2026/11/23/port-opens-new-pier"><img src="/1.jpg" alt=""></a>
<h2><a href="/news/2026/11/23/port-opens-new-pier#comments">الميناء يفتتح رصيفه الجديد بعد أعوام من العمل</a></h2>
<time datetime="2026-11-23T10:30:00+03:00">قبل قليل</time><a href="/author/laila">ليلى حداد</a></article>
<article><h2><a href="/news/2026/11/22/derby-ends-level">ديربي العاصمة ينتهي بالتعادل بين الفريقين</a></h2></article>
<div class="partner"><a href="https://other.example/news/2026/11/22/a-story-elsewhere">خبر في موقع آخر تماما</a></div>
<a href="/category/sport">رياضة</a><a href="javascript:share()">شارك هذا الخبر مع أصدقائك الآن</a></main>
<footer><nav><a href="/about-us">من نحن وما هي رسالتنا في الصحافة</a></nav></footer></form></body></html>"""
PIER, DERBY = (
    "https://akhbar.example/news/2026/11/23/port-opens-new-pier",
    "https://akhbar.example/news/2026/11/22/derby-ends-level",
)


def read(html: str = PAGE, selector: str = "", url: str = URL) -> Listing:
    page = Page(url, 200, (("Content-Type", "text/html"),), html.encode(), NOW)
    return discover(Source("s", "index", url, selector=selector), page)


def test_links_that_look_like_articles() -> None:
    listing = read()
    assert [entry.url for entry in listing.entries] == [PIER, DERBY]
    assert listing.entries[0].title == "الميناء يفتتح رصيفه الجديد بعد أعوام من العمل"
    assert [entry.published_at for entry in listing.entries] == [datetime(2026, 11, 23, 7, 30, tzinfo=UTC), None]
    assert listing.further == (Further("https://akhbar.example/sport?page=2", older=True),)


@pytest.mark.parametrize(
    ("selector", "urls"),
    [
        ("h2 a", [PIER, DERBY]),
        ("article", [PIER, DERBY]),
        ("a[href*=derby]", [DERBY]),
        (".partner", ["https://other.example/news/2026/11/22/a-story-elsewhere"]),
        ("main > a", ["https://akhbar.example/category/sport"]),
    ],
)
def test_links_that_a_selector_names(selector: str, urls: list[str]) -> None:
    assert [entry.url for entry in read(selector=selector).entries] == urls


@pytest.mark.parametrize(
    ("html", "selector", "reason"),
    [
        (PAGE, "h5 a", "no_articles"),
        (PAGE, "h2[", "bad_selector"),
        (PAGE, ":nonsense(x)", "bad_selector"),
        ("<html><body><p>قريبا</p></body></html>", "", "no_articles"),
        ("", "", "no_articles"),
    ],
)
def test_what_is_refused(html: str, selector: str, reason: str) -> None:
    with pytest.raises(Permanent) as caught:
        read(html, selector)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "link",
    [
        '<a rel="next" href="?page=2">&gt;</a>',
        '<a href="?page=2">التالي »</a>',
        '<a href="?page=2">الصفحة التالية</a>',
        '<a href="?page=2">Older posts</a>',
    ],
)
def test_where_a_page_continues(link: str) -> None:
    html = PAGE.replace('<link rel="next" href="/sport?page=2">', "").replace("</main>", f"{link}</main>")
    assert read(html).further == (Further("https://akhbar.example/sport?page=2", older=True),)


def test_a_page_does_not_continue_elsewhere_or_on_itself() -> None:
    for place in ("https://other.example/2", URL):
        assert read(PAGE.replace("/sport?page=2", place)).further == ()


def test_relative_to_base() -> None:
    html = PAGE.replace("<head>", '<head><base href="https://m.akhbar.example/x/">').replace('"/news/', '"news/')
    assert read(html).entries[0].url == "https://m.akhbar.example/x/news/2026/11/23/port-opens-new-pier"


HEADLINE = "وزير النقل يفتتح الطريق الجديد غدا"


@pytest.mark.parametrize(
    ("path", "words", "is_article"),
    [
        ("/news/2026/11/23/slug/", HEADLINE, True),
        ("/makalat/big-old-cinema.html", HEADLINE, True),
        ("/News/Details.aspx?item=marsh-birds", HEADLINE, True),
        ("/story/123456", HEADLINE, True),
        ("/story/123456", "افتتاح الطريق الجديد", True),
        ("/وزير-النقل-يفتتح-الطريق-الجديد", HEADLINE, True),
        ("/?p=123456", HEADLINE, True),
        ("/", HEADLINE, False),
        ("/sport", HEADLINE, False),
        ("/story/123456", "المزيد", False),
        ("/tag/وزير-النقل-يفتتح-الطريق", HEADLINE, False),
        ("/category/2026/11/politics-and-more", HEADLINE, False),
        ("/files/2026/11/report-of-the-year.pdf", HEADLINE, False),
        ("/من-نحن", HEADLINE, False),
        ("/2026/11/23/", "23", False),
    ],
)
def test_looks(path: str, words: str, *, is_article: bool) -> None:
    assert is_article_link(f"https://akhbar.example{path}", words) is is_article
