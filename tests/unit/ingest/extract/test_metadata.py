"""What a page says of itself, and which place told it."""

from datetime import UTC, datetime
from html import escape

import pytest
from lxml import html

from ingest.extract.metadata import DateContext, Metadata, read, read_head

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://www.akhbar.example/news/zaytun"
TEXT = "<p>" + "يقول المزارعون إن الأمطار المبكرة ساعدت الأشجار على استعادة عافيتها بعد عامين من الجفاف. " * 4 + "</p>"
H1 = "<h1>موسم الزيتون أفضل من الماضي</h1>"


def said(body: str = H1 + TEXT, head: str = "", url: str = URL, attributes: str = 'lang="ar"') -> Metadata:
    page = f"<html {attributes}><head>{head}</head><body>{body}</body></html>"
    return read(read_head(html.document_fromstring(page)), url, DateContext("Asia/Riyadh", NOW))


def day(found: Metadata) -> str:
    when = found.published_at.value
    return f"{when.at:%Y-%m-%d}" if when else ""


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def linked(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


OG = meta("og:title", "موسم الزيتون هذا العام أفضل من الماضي | الأخبار") + meta("og:site_name", "الأخبار")


@pytest.mark.parametrize(
    ("body", "head", "title", "source"),
    [
        (H1 + TEXT, OG, "موسم الزيتون أفضل من الماضي", "h1"),
        ("<h1>الأخبار</h1>" + TEXT, OG, "موسم الزيتون هذا العام أفضل من الماضي", "meta:og:title"),
        ("<h1>الأخبار</h1><h2>موسم الزيتون أفضل من الماضي</h2>" + TEXT, OG, "موسم الزيتون أفضل من الماضي", "h1"),
        ("<h1>اقتصاد</h1>" + H1 + TEXT, OG, "موسم الزيتون أفضل من الماضي", "h1"),
        (TEXT, "<title>موسم الزيتون » الأخبار</title>" + meta("og:site_name", "الأخبار"), "موسم الزيتون", "title"),
        (
            "<h1><span class=k>اقتصاد</span> موسم الزيتون</h1>" + TEXT,
            meta("og:title", "موسم الزيتون"),
            "موسم الزيتون",
            "h1",
        ),
        (
            H1 + TEXT,
            meta("og:title", "الأخبار") + meta("og:site_name", "الأخبار"),
            "موسم الزيتون أفضل من الماضي",
            "shown",
        ),
        (TEXT, "<title>الأخبار - موسم الزيتون</title>" + meta("og:site_name", "الأخبار"), "موسم الزيتون", "title"),
    ],
    ids=[
        "reworded",
        "logo in h1",
        "headline in h2",
        "section in h1",
        "suffix",
        "section within h1",
        "site as title",
        "prefix",
    ],
)
def test_the_title_is_what_readers_see(body: str, head: str, title: str, source: str) -> None:
    found = said(body, head).title
    assert (found.value, found.origin) == (title, source)


@pytest.mark.parametrize(
    ("body", "subtitle"),
    [
        (f'{H1}<p class="sub-title">المعاصر تفتح أبوابها</p>{TEXT}', "المعاصر تفتح أبوابها"),
        (f'{H1}{TEXT}<p class="sub-title">خبر آخر</p>', ""),
        (H1 + TEXT, ""),
    ],
)
def test_the_line_under_the_headline(body: str, subtitle: str) -> None:
    assert said(body).subtitle.value == subtitle


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (f"{H1}<div>بقلم <a href='/a/1'>سارة محمود</a></div>{TEXT}", ("سارة محمود",)),
        (f"{H1}<div><span>كتب:</span><span>محمد حسن</span></div>{TEXT}", ("محمد حسن",)),
        (f"{H1}<p>كتبت سارة محمود</p>{TEXT}", ("سارة محمود",)),
        (f"{H1}<a href='/authors/12'>سارة محمود</a>{TEXT}", ("سارة محمود",)),
        (f"{H1}<div class='post-author'><i>تحرير</i> <b class='author-name'>منى خالد</b></div>{TEXT}", ("منى خالد",)),
        (f"<div class='author'>سارة محمود</div><section>{H1}</section>{TEXT}", ("سارة محمود",)),
        (f"{H1}{TEXT}<div class='author-box'>سارة محمود</div>", ("سارة محمود",)),
        (f"{H1}{TEXT}<div class='related'><span class='author'>زائر آخر</span></div>", ()),
        (f"{H1}{TEXT}<p>كتب له النجاح</p>" + "<p>نص</p>" * 900, ()),
    ],
    ids=["link", "two elements", "line", "address", "narrow", "above", "below", "another article", "prose"],
)
def test_names_around_the_headline(body: str, names: tuple[str, ...]) -> None:
    assert said(body).authors.value.people == names


@pytest.mark.parametrize(
    ("credit", "agency"),
    [
        ("الدوحة - قنا", "قنا"),
        ("الرياض (واس)", "واس"),
        ("بغداد / 23 نوفمبر / واع", "واع"),
        ("قالت رويترز إن السوق فتحت", ""),
    ],
)
def test_an_agency_beside_a_place_signs(credit: str, agency: str) -> None:
    found = said(f"{H1}<p>{credit}</p>{TEXT}").authors.value
    assert (found.people, found.agencies) == ((), (agency,) if agency else ())


def test_two_dates_in_a_line() -> None:
    found = said(f"{H1}<p>نشر في: 21 نوفمبر 2026 - آخر تحديث: 22 نوفمبر 2026</p>{TEXT}")
    changed = found.modified_at.value
    assert (day(found), changed and f"{changed.at:%d}") == ("2026-11-21", "22")


def test_an_agency_signs_where_nobody_else_does() -> None:
    head = meta("author", "رويترز")
    assert said(head=head).authors.value.agencies == ("رويترز",)
    found = said(f"{H1}<p>كتب محمد حسن</p>{TEXT}", head).authors
    assert (found.value.people, found.origin) == (("محمد حسن",), "shown")


@pytest.mark.parametrize(
    ("body", "head", "url", "published", "source"),
    [
        (H1 + TEXT, meta("article:published_time", "2026-11-20T23:30:00-05:00"), URL, "2026-11-20", "meta"),
        (H1 + TEXT, "", "https://akhbar.example/2026/11/20/zaytun", "2026-11-20", "url"),
        (H1 + TEXT, "", "https://akhbar.example/2026/middle_east/11/20/zaytun/", "2026-11-20", "url"),
        (H1 + TEXT, "", "https://akhbar.example/20261120/zaytun", "2026-11-20", "url"),
        (H1 + TEXT, "", "https://akhbar.example/2026/November/20/zaytun", "2026-11-20", "url"),
        (f"{H1}<p>22 نوفمبر 2026</p>{TEXT}", "", "https://akhbar.example/2026/11/12/zaytun", "2026-11-12", "url"),
        (f"{H1}<p>12 نوفمبر 2026</p>{TEXT}", "", "https://akhbar.example/2026/11/12/zaytun", "2026-11-12", "shown"),
        (H1 + TEXT, "", "https://akhbar.example/2026/31/20/zaytun", "", ""),
        (f"{H1}<div><b>20</b> <b>نوفمبر</b> <b>2026</b></div>{TEXT}", "", URL, "2026-11-20", "shown"),
        (f"{H1}<p>منذ 3 أيام</p>{TEXT}", "", URL, "2026-11-20", "shown"),
        (f"<article><p>20 نوفمبر 2026</p>{H1}</article>{TEXT}", "", URL, "2026-11-20", "shown"),
        (f"{H1}{TEXT}{TEXT}<p>نشر في 20 نوفمبر 2026</p>", "", URL, "2026-11-20", "shown"),
        (f"{H1}{TEXT * 50}<p>20 نوفمبر 2026</p><p>19 نوفمبر 2026</p>", "", URL, "", ""),
        (f"{H1}<p>20 نوفمبر 2026</p>{TEXT}", meta("article:published_time", "2026-11-22"), URL, "2026-11-20", "shown"),
        (f"{H1}<p>22 نوفمبر 2026</p>{TEXT}", meta("article:published_time", "2026-11-20"), URL, "2026-11-20", "meta"),
        (f"{H1}<p>آخر تحديث: 19 نوفمبر 2026</p>{TEXT}", meta("date", "2026-11-20"), URL, "2026-11-20", "meta"),
        (f"{H1}<p>13 جمادى الآخرة 1448 هـ</p>{TEXT}", "", URL, "2026-11-23", "shown"),
        (f"{H1}{TEXT}<aside><p class=news-date>20 نوفمبر 2026</p></aside>", "", URL, "2026-11-20", "shown"),
        (f"<article>{H1}{TEXT}<footer><time>20 نوفمبر 2026</time></footer></article>", "", URL, "2026-11-20", "shown"),
        (f"{H1}{TEXT}<aside><a href=/x>خبر آخر <time>20 نوفمبر 2026</time></a></aside>", "", URL, "", ""),
        (f"{H1}{TEXT}<aside><time>20 نوفمبر 2026</time><time>18 نوفمبر 2026</time></aside>", "", URL, "", ""),
        (
            f"{H1}{TEXT}<aside><a aria-current=page><time>20 نوفمبر 2026</time></a></aside>",
            "",
            URL,
            "2026-11-20",
            "shown",
        ),
        (
            f"{H1}{TEXT}<aside><time>18 نوفمبر 2026</time><b>تاريخ النشر</b> <time>20 نوفمبر 2026</time></aside>",
            "",
            URL,
            "2026-11-20",
            "shown",
        ),
        (H1 + TEXT, meta("citation_publication_date", "2026 Nov 20"), URL, "2026-11-20", "meta"),
        (f"{H1}{TEXT * 50}<p>آخر تحديث: 20 نوفمبر 2026</p>", "", URL, "2026-11-20", "changed"),
        (H1 + TEXT, meta("w-published-date", "2026-11-20"), URL, "2026-11-20", "meta"),
    ],
)
def test_when(body: str, head: str, url: str, published: str, source: str) -> None:
    found = said(body, head, url)
    assert (day(found), found.published_at.origin.partition(":")[0]) == (published, source)


def test_american_pages_write_the_month_first() -> None:
    body = f"<h1>The olive season</h1><p>Published 3/4/2026</p>{TEXT}"
    assert day(said(body, attributes='lang="en-US"')) == "2026-03-04"
    assert day(said(body, attributes='lang="en-GB"')) == "2026-04-03"


def test_linked_data_is_followed_by_its_ids() -> None:
    graph = linked(
        '{"@graph": [{"@type": "NewsArticle", "author": {"@id": "#sara"}, "image": {"@id": "#i"}},'
        ' {"@type": "Person", "@id": "#sara", "name": "سارة محمود"},'
        ' {"@type": "ImageObject", "@id": "#i", "url": "/i.jpg", "caption": "قطاف", "creditText": "رويترز"},'
        ' {"@type": "BreadcrumbList", "itemListElement": [{"name": "الرئيسية"}, {"item": {"name": "اقتصاد"}},'
        ' {"name": "خبر"}]}]}'
    )
    found = said(head=graph)
    assert found.authors.value.people == ("سارة محمود",)
    picture = found.image.value
    assert (picture.url, picture.caption, picture.credit) == ("https://www.akhbar.example/i.jpg", "قطاف", "رويترز")
    assert (found.section.value, found.section.origin) == ("اقتصاد", "breadcrumb")


def test_linked_data_in_a_meta_tag() -> None:
    json = escape('{"@type": "Article", "author": "سارة محمود"}')
    assert said(head=meta("script:ld+json", json)).authors.value.people == ("سارة محمود",)


def test_a_web_page_dates_an_article_without_a_node() -> None:
    assert day(said(head=linked('{"@type": "WebPage", "datePublished": "2026-11-20"}'))) == "2026-11-20"


def test_the_caption_and_its_credit() -> None:
    figure = "<figure><img src='/i.jpg'><figcaption>قطاف الزيتون في الجبل (أ ف ب)</figcaption></figure>"
    picture = said(f"<article>{H1}{figure}{TEXT}</article>").image.value
    assert (picture.caption, picture.credit) == ("قطاف الزيتون في الجبل (أ ف ب)", "أ ف ب")


def test_a_logo_is_the_picture_only_where_there_is_nothing_else() -> None:
    logo = meta("og:image", "/logo.png")
    assert said(head=logo).image.value.url == "https://www.akhbar.example/logo.png"
    assert said(head=logo + meta("twitter:image", "/i.jpg")).image.value.url == "https://www.akhbar.example/i.jpg"


def test_the_breadcrumbs_tell_the_section() -> None:
    crumbs = "<ul class='breadcrumb'><li><a href='/'>الرئيسية</a></li><li><a href='/e'>اقتصاد</a></li></ul>"
    assert said(f"<div>{crumbs}</div>{H1}{TEXT}").section.value == "اقتصاد"


@pytest.mark.parametrize(
    ("body", "attributes", "direction"),
    [
        (H1 + TEXT, 'lang="ar" dir="rtl"', "rtl"),
        (f'<div dir="rtl">{H1}</div>{TEXT}', 'dir="ltr"', "rtl"),
        (H1 + TEXT, "", "rtl"),
        ("<h1>Olives</h1>" + TEXT, "", "ltr"),
    ],
)
def test_direction(body: str, attributes: str, direction: str) -> None:
    assert said(body, attributes=attributes).direction == direction


def test_the_provenance_names_the_places() -> None:
    head = OG + meta("article:published_time", "2026-11-20")
    assert said(head=head).provenance == (
        "site=meta:og:site_name",
        "title=h1",
        "published_at=meta:article:published_time",
    )


def test_an_empty_page_says_nothing() -> None:
    found = said("<p>x</p>")
    assert (found.title.value, found.authors.value.people, day(found), found.provenance) == ("", (), "", ())


@pytest.mark.parametrize(
    "line",
    [
        "<figure><figcaption>صورة من الأرشيف، 12 مايو 2020</figcaption></figure>",
        "<h2>وكان القطاف قد بدأ في المنطقة الجبلية للمرة الأولى منذ أعوام في 12 مايو 2020 بحضور الوزير</h2>",
        "<blockquote>12 مايو 2020</blockquote>",
    ],
    ids=["caption", "sentence", "quote"],
)
def test_a_date_that_the_article_tells_of_is_not_its_own(line: str) -> None:
    assert day(said(f"{H1}{line}{TEXT}")) == ""
    assert day(said(f"{H1}{line}{TEXT}", meta("date", "2026-11-20"))) == "2026-11-20"
