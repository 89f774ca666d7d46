"""What is read from pages: one small page for each trap."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest
from lxml import html

from ingest.errors import Permanent, Rejected
from ingest.extract import extract, parse
from ingest.extract.head import read_head
from ingest.extract.jsonld import strings
from ingest.model import Article, Entry, Page, Source

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
URL = "https://www.akhbar.example/2026/11/zaytun"
PARAGRAPHS = (
    (
        "قالت وزارة الزراعة يوم الإثنين إن موسم الزيتون هذا العام أفضل من الموسم الماضي، وإن المعاصر ستفتح أبوابها في "
        "الأسبوع المقبل بعد أن اكتملت أعمال الصيانة في معظمها."
    ),
    (
        "وأضافت الوزارة في بيان أن الأسعار ستبقى على حالها حتى نهاية الشهر، وأن لجنة من المهندسين ستزور القرى الجبلية "
        "لتقدير كمية المحصول قبل بدء القطاف."
    ),
    (
        "ويقول المزارعون إن الأمطار المبكرة ساعدت الأشجار على استعادة عافيتها بعد عامين من الجفاف، لكنهم يشكون من قلة "
        "العمال وارتفاع أجورهم في هذه الفترة من السنة."
    ),
)
BODY = "\n".join(PARAGRAPHS)
STORY = "<h1>موسم الزيتون أفضل من الماضي</h1>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def read(page: str | bytes, entry: Entry | None = None, **headers: str) -> Article:
    body = page.encode() if isinstance(page, str) else page
    source = Source("s", "feed", "https://akhbar.example/feed", name="أخبار المصدر", timezone="Asia/Riyadh")
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return extract(source, entry or Entry(URL), Page(URL, 200, pairs, body, NOW))


def page_of(head: str = "", body: str = STORY, lang: str = "ar") -> str:
    return f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>'


def linked(**node: Any) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **node}
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def meta(**tags: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in tags.items())


def node_of(script: str) -> Any:
    return read_head(html.document_fromstring(f'<p>x</p><script type="application/ld+json">{script}</script>')).article


@pytest.mark.parametrize(
    "body",
    [
        STORY,
        f"<form id='aspnetForm'><div>{STORY}</div></form>",
        f"<h1>موسم الزيتون</h1><div class='text'>{'<br><br>'.join(PARAGRAPHS)}</div>",
        f"<form><h1>موسم الزيتون</h1><div>{'<br/>'.join(PARAGRAPHS)}<br/></div></form>",
        f"<table><tr><td>{STORY}</td></tr></table>",
        f"<article>{STORY}<p>اقرأ أيضاً: أسعار الزيت</p><p>تابعونا على القنوات</p></article>",
        f"<article>{STORY}<p>شاهد أيضا: الزيتون بالصور</p><p>اقرأوا المزيد</p><p>إعلان</p></article>",
        f"<div><h1>زيتون</h1><p>الأحد 22 نوفمبر 2026 - 5:45 م</p>{STORY}</div>",
        f"<nav><a href='/'>الرئيسية</a></nav><article>{STORY}</article><footer>جميع الحقوق محفوظة</footer>",
    ],
    ids=["p", "form", "br", "form+br", "table", "lead-ins", "more lead-ins", "date", "nav"],
)
def test_the_body_is_the_paragraphs_one_a_line(body: str) -> None:
    assert read(page_of(body=body)).body == BODY


@pytest.mark.parametrize("first", ["في 22 نوفمبر 2026 بدأ القطاف", "الأحد 22 نوفمبر 2026 بدأ قطاف الزيتون."])
def test_a_sentence_with_a_date_stays(first: str) -> None:
    assert read(page_of(body=f"<h1>خبر</h1><article><p>{first}</p>{STORY}</article>")).body == f"{first}\n{BODY}"


def test_an_article_body_in_json_ld_stands_in_for_an_empty_page() -> None:
    assert read(page_of(linked(articleBody=PARAGRAPHS[0]), "<div id='app'></div>")).body == PARAGRAPHS[0]


@pytest.mark.parametrize("written", [str, escape])
def test_a_declared_body_may_be_html(written: Callable[[str], str]) -> None:
    declared = written(f"<p class=a>{PARAGRAPHS[0]}</p><p>قال &laquo;<b>نعم</b>&raquo; لأن 3 < 5.</p>")
    found = read(page_of(linked(articleBody=declared), "<div id='app'></div>")).body
    assert found == f"{PARAGRAPHS[0]}\nقال «نعم» لأن 3 < 5."


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (linked(headline="من &quot;جيسون&quot;"), STORY, 'من "جيسون"'),
        (meta(og__title="من أوبن غراف"), STORY, "من أوبن غراف"),
        (meta(og__title="أوبن غراف | الأخبار", og__site_name="الأخبار"), STORY, "أوبن غراف"),
        ("<title>ذيل - الأخبار</title>", STORY, "موسم الزيتون أفضل من الماضي"),
        (meta(og__title="موسم الزيتون أفضل من الماضي - الأخبار"), STORY, "موسم الزيتون أفضل من الماضي"),
        (meta(og__title="حوار - الجزء الثاني"), STORY, "حوار - الجزء الثاني"),
        ("<title>من العنوان</title>", f"<p>{BODY}</p>", "من العنوان"),
        ("", f"<p>{BODY}</p>", "من القائمة"),
    ],
)
def test_the_title_comes_from_the_best_place(head: str, body: str, title: str) -> None:
    assert read(page_of(head, body), Entry(URL, title="من القائمة")).title == title


DATED = '<h1>خبر</h1><div class="{}">{}</div>' + STORY


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (linked(datePublished="2026-11-23T10:30:00+03:00") + meta(article__published_time="2026-11-22"), STORY),
        (linked(datePublished="قريبا") + meta(article__published_time="2026-11-23T07:30:00Z"), STORY),
        ('<meta itemprop="datePublished" content="2026-11-23T10:30">', STORY),
        ('<meta name="DC.date.issued" content="2026-11-23T10:30">', STORY),
        ("", '<h1>خبر</h1><time datetime="2026-11-23T10:30">أمس</time>' + STORY),
        ("", '<div><p><time datetime="2026-11-23T10:30"></time></p><h1>خبر</h1></div>' + STORY),
        ("", DATED.format("post-date", "نشر في: الإثنين 23 تشرين الثاني/نوفمبر 2026 10:30 ص")),
        ("", "<div class='date'>الأحد 22 نوفمبر 2026 09:00</div>" + DATED.format("date", "23/11/2026 10:30")),
        ("", "<h1>خبر</h1><ul><li class='date'>22/11/2026</li></ul><p class='time'>23/11/2026 10:30</p>" + STORY),
        ("", f"<h1>خبر</h1><aside><time>2026-11-22</time></aside>{STORY}<i class='date'>23/11/2026 10:30</i>"),
    ],
)
def test_the_publication_date_comes_from_the_best_place(head: str, body: str) -> None:
    assert read(page_of(head, body)).published_at == AT


@pytest.mark.parametrize(
    "body",
    [
        "<div class='date'>23/11/2026</div>" + STORY,
        STORY + "<div class='related'><span class='date'>23/11/2026</span></div>",
        DATED.format("date", "2099-01-01"),
        DATED.format("date", "نوفمبر 2026"),
    ],
    ids=["day of the visit", "another article", "future", "no day"],
)
def test_no_date_is_better_than_a_wrong_one(body: str) -> None:
    assert read(page_of(body=body)).published_at is None


def test_a_change_alone_dates_the_article_unless_the_listing_does() -> None:
    body = DATED.format("updated-date", "22/11/2026")
    article = read(page_of(body=body))
    assert article.published_at == article.modified_at == datetime(2026, 11, 21, 21, tzinfo=UTC)
    assert article.provenance[-2:] == ("published_at=changed", "modified_at=shown")
    assert read(page_of(body=body), Entry(URL, published_at=AT)).published_at == AT


def test_the_listing_tells_the_time_of_a_day() -> None:
    body = DATED.format("date", "23/11/2026")
    article = read(page_of(body=body), Entry(URL, published_at=AT))
    assert (article.published_at, article.published_precision) == (AT, "second")
    assert "published_at=listing" in article.provenance
    other = read(page_of(body=body), Entry(URL, published_at=datetime(2026, 11, 22, 20, tzinfo=UTC)))
    assert (other.published_at, other.published_precision) == (datetime(2026, 11, 22, 21, tzinfo=UTC), "day")


def test_the_listing_dates_what_the_page_does_not() -> None:
    entry = Entry(URL, published_at=AT, updated_at=NOW)
    article = read(page_of(), entry)
    assert (article.published_at, article.modified_at) == (AT, NOW)
    dated = linked(datePublished="2026-11-22T00:00Z", dateModified="2026-11-22T01:00Z")
    article = read(page_of(dated), entry)
    assert article.published_at == datetime(2026, 11, 22, tzinfo=UTC)
    assert article.modified_at == datetime(2026, 11, 22, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "shown", "authors"),
    [
        (linked(author={"@type": "Person", "name": "بقلم: سارة محمود"}), "", ("سارة محمود",)),
        (linked(author=[{"name": "سارة محمود"}, {"name": "د. أحمد علي"}]), "", ("سارة محمود", "د. أحمد علي")),
        (linked(author="كتبت سارة محمود"), "", ("سارة محمود",)),
        (meta(author="إعداد: منى خالد، تحرير: أحمد علي"), "", ("منى خالد", "أحمد علي")),
        (meta(article__author="https://social.example/sara", author="سارة محمود"), "", ("سارة محمود",)),
        ("", '<span class="author">كتب محمد حسن</span>', ("محمد حسن",)),
        ("", '<a rel="author" href="/a">سارة محمود</a>', ("سارة محمود",)),
        ("", '<span class="comment-list"><b class="author">زائر</b></span>', ()),
        ("", "", ()),
    ],
)
def test_authors_are_names(head: str, shown: str, authors: tuple[str, ...]) -> None:
    assert read(page_of(head, f"<h1>خبر</h1>{shown}{STORY}")).authors == authors


@pytest.mark.parametrize(
    ("head", "body", "tags"),
    [
        (linked(keywords="الزيتون، الزراعة,الزيتون"), STORY, ("الزيتون", "الزراعة")),
        (linked(keywords=["#موسم_الزيتون", " "]), STORY, ("موسم الزيتون",)),
        (meta(article__tag="الزيتون") + meta(article__tag="الزيت"), STORY, ("الزيتون", "الزيت")),
        (meta(keywords="موقع، أخبار"), f"{STORY}<a rel='tag'>الزيت</a>", ("الزيت",)),
        (meta(keywords="موقع، أخبار"), STORY, ("موقع", "أخبار")),
    ],
)
def test_tags_come_from_the_best_place(head: str, body: str, tags: tuple[str, ...]) -> None:
    assert read(page_of(head, body)).tags == tags


@pytest.mark.parametrize(
    ("head", "canonical_url"),
    [
        ('<link rel="canonical" href="https://akhbar.example/a?utm_source=x#top">', "https://akhbar.example/a"),
        ('<link rel="canonical" href="/a">', "https://www.akhbar.example/a"),
        (meta(og__url="https://m.akhbar.example/a"), "https://m.akhbar.example/a"),
        ('<link rel="canonical" href="https://other.example/a">', ""),
        ('<link rel="canonical" href="https://akhbar.example/">', ""),
        ('<link rel="canonical" href="javascript:x">', ""),
        ('<link rel="canonical" href="https://u:p@akhbar.example/a">', ""),
        ("", ""),
    ],
)
def test_a_canonical_url_stays_on_the_site(head: str, canonical_url: str) -> None:
    assert read(page_of(head)).canonical_url == canonical_url


@pytest.mark.parametrize(
    ("head", "image"),
    [
        (linked(image={"@type": "ImageObject", "url": "/i.jpg"}), "https://www.akhbar.example/i.jpg"),
        (linked(image=["https://cdn.example/i.jpg"]), "https://cdn.example/i.jpg"),
        (linked(image="data:image/png;base64,AA") + meta(og__image="/o.jpg"), "https://www.akhbar.example/o.jpg"),
        ("", ""),
    ],
)
def test_the_image_is_an_absolute_address(head: str, image: str) -> None:
    assert read(page_of(head)).image == image


@pytest.mark.parametrize(
    ("lang", "body", "language"),
    [
        ("ar-EG", STORY, "ar"),
        ("", STORY, "ar"),
        ("en-US", STORY, "ar"),
        ("fa_IR", STORY, "ar"),
        ("fr", "Bonjour", "fr"),
    ],
)
def test_letters_overrule_a_wrong_language(lang: str, body: str, language: str) -> None:
    assert read(page_of(body=body, lang=lang)).language == language


def test_the_other_fields() -> None:
    head = linked(articleSection="اقتصاد", publisher={"name": "الأخبار"}, description="من جيسون")
    entry = Entry(URL + "?utm_source=rss#top", summary="من القائمة")
    article = read(
        page_of(head + meta(og__description="موجز"), f"{STORY}<figure><figcaption>زيتون</figcaption></figure>"), entry
    )
    assert (article.section, article.site, article.summary, article.caption) == ("اقتصاد", "الأخبار", "موجز", "زيتون")
    assert (article.url, article.host, article.source_id) == (URL, "www.akhbar.example", "s")
    assert (len(article.id), article.charset, article.fetched_at) == (32, "utf-8", NOW)
    assert read(page_of()).site == "أخبار المصدر"


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "ع"}',
        '[{"@type": "WebSite"}, {"@type": ["Thing", "ReportageNewsArticle"], "headline": "ع"}]',
        '{"@graph": [{"@type": "WebPage"}, [{"@type": "BlogPosting", "headline": "ع"}]]}',
        '<!-- {"@type": "Article", "headline": "ع"} -->',
        '//<![CDATA[\n{"@type": "Article", "headline": "ع",}\n//]]>',
        '/* c */ {"@type": "Article", /* c */ "headline": "ع", "x": [1,]};',
        '{"@type": "Article", "headline": "ع", "x": "a\nb\tc"}',
        '{"@type": "NewsArticle", "headline": "ع", "articleBody": "قال "نعم" ثم مضى", "x": {"headline": "غ"}}',
        '[{"@type": ["NewsArticle"], "headline": "ع"},',
    ],
)
def test_json_ld_is_read_in_any_state(script: str) -> None:
    assert node_of(script)["headline"] == "ع"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "[" * 100_000,
        '{"@graph":' * 900 + "1" + "}" * 900,
        '{"@type": "Article", "x": ' + "1" * 5000 + "}",
        '{"@type": "WebSite"}',
        '{"@type": "WebSite", "headline": "ع",',
        '{"@type": 7}',
        '"NewsArticle"',
        '{"@type": "Article"}' + " " * 1_000_000,
    ],
    ids=["empty", "cut", "deep", "graphs", "integer", "site", "broken site", "number", "string", "long"],
)
def test_useless_json_ld_is_passed_over(script: str) -> None:
    assert node_of(script) == {}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("أ", ["أ"]),
        ({"name": "أ"}, ["أ"]),
        ({"name": {"name": "أ"}}, ["أ"]),
        ([{"name": "أ"}, "ب", 3, None, [["ت"]]], ["أ", "ب"]),
        ({"url": "أ"}, []),
        (None, []),
        (7, []),
    ],
)
def test_strings_of_any_shape(value: object, found: list[str]) -> None:
    assert strings(value, "name") == found


def test_metadata_of_the_wrong_type_is_no_error() -> None:
    article = read(page_of(linked(headline=7, author={"name": None}, datePublished=[], image={}, keywords={"a": 1})))
    assert (article.title, article.authors, article.tags) == ("موسم الزيتون أفضل من الماضي", (), ())


def test_lone_surrogates_and_controls_do_not_reach_the_article() -> None:
    head = '<script type="application/ld+json">{"@type": "Article", "headline": "خبر\\ud800 \\u0000عاجل"}</script>'
    assert read(page_of(head)).title == "خبر عاجل"


def test_windows_1256_under_a_wrong_label() -> None:
    page = page_of('<meta charset="utf-8">').encode("windows-1256")
    article = read(page, Content_Type="text/html; charset=utf-8")
    assert (article.body, article.charset) == (BODY, "windows-1256")


def test_a_text_page_is_read_by_the_rule_of_text_files() -> None:
    entry = Entry("file:///articles/1.txt", summary="موجز", published_at=AT)
    article = read("عنوان\nشرح الصورة\nالفقرة الأولى\n\nالثانية", entry, Content_Type="text/plain; charset=utf-8")
    assert (article.title, article.caption, article.body) == ("عنوان", "شرح الصورة", "الفقرة الأولى\n\nالثانية")
    assert (article.summary, article.published_at, article.language, article.host) == ("موجز", AT, "ar", "")


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("\ufeff", "empty"),
        ("<!-- nothing -->", "parse_empty"),
        ("<nav>" * 30_000 + "خبر", "parse_limit"),
    ],
    ids=["nothing", "blank", "bom", "comment", "deep"],
)
def test_a_page_without_text_is_rejected(page: str, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        read(page)
    assert caught.value.reason == reason


@pytest.mark.parametrize("opened", ["<div>", "<table><tr><td>", "<font color=red>", "<p><b><div class=story>"])
def test_a_page_that_closes_nothing_is_read_all_the_same(opened: str) -> None:
    lines = [f"{number} قالت الوزارة إن الموسم هذا العام أفضل من سابقه وإن السدود ملئت." for number in range(300)]
    cut = "<br>" if "font" in opened else ""
    article = read(page_of(body="<h1>عنوان</h1>" + "".join(f"{opened}{text}{cut}" for text in lines)))
    assert article.body.split("\n") == lines


def test_a_tag_crowded_with_attributes_is_dropped() -> None:
    crowded = f"<p {' '.join(f'a{number}=1' for number in range(5000))}>"
    picture = f'<img src="data:image/png;base64,{"A" * 50_000}">'
    tree = parse(page_of(body=f"{crowded}{picture}{STORY}"), 1)
    assert max(len(node.attrib) for node in tree.iter()) == 1
    assert len(tree.xpath("//img/@src")[0]) > 50_000


def test_an_entry_with_an_invalid_url_is_refused() -> None:
    with pytest.raises(Permanent) as caught:
        read(page_of(), Entry("/relative"))
    assert caught.value.reason == "url_invalid"
