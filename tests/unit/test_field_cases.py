"""What pages in the field do to the extractor: one small page, byline or date for each kind."""

from datetime import UTC, datetime

import pytest

from ingest.arabic.repair import repair
from ingest.extract import extract, parse
from ingest.extract.authors import Byline, byline
from ingest.extract.body.credit_line import is_credit_line
from ingest.extract.language import language_of
from ingest.model import Article, Entry, Page, Source
from ingest.pipeline import process

URL = "https://sahel.example/news/7"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TITLE = "مزارعو السهل يبدأون حصاد الزيتون مبكرا هذا العام"
STORY = (
    "بدأ مزارعو السهل الغربي جني الزيتون قبل موعده المعتاد بأسبوعين، بعدما نضجت الثمار سريعا بسبب الحر.",
    "وقال رئيس الجمعية الزراعية إن المعاصر ستعمل ليلا ونهارا حتى نهاية الشهر، وإن الإنتاج يفوق إنتاج العام الماضي.",
    "وتخشى الأسر الصغيرة من انخفاض السعر إذا وصلت الكميات كلها إلى السوق في وقت واحد كما حدث قبل أعوام.",
    "وستفتح البلدية معرضا للزيت والصابون في ساحة المدينة القديمة، يشارك فيه أصحاب المعاصر من القرى المجاورة.",
)
OTHERS = (
    "افتتح المتحف البحري قاعة جديدة لعرض السفن الشراعية التي عثر عليها الغواصون قرب الميناء في الصيف الماضي.",
    "ويضم المعرض خرائط قديمة وأدوات ملاحة من النحاس، أعارها للمتحف بحارة متقاعدون من أبناء المدينة.",
    "ويستقبل المتحف تلاميذ المدارس مجانا في أيام الخميس، على أن تحجز المواعيد قبل أسبوع من الزيارة.",
    "وتعد إدارة المتحف كتابا مصورا عن تاريخ الملاحة في الخليج، وسيصدر في الربيع بثلاث لغات.",
    "ويختم الموسم بندوة عن صيانة الخشب المبلل، يتحدث فيها خبراء من خمس جامعات عربية وأجنبية.",
)


def paragraphs(some: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in some)


def read(body: str, head: str = "", title: str = TITLE, listed: str = "") -> Article:
    declared = f"<title>{title} - ساحل</title><meta property=og:title content='{title}'>" if title else ""
    page = f"<html lang=ar><head><meta charset=utf-8>{declared}{head}</head><body>{body}</body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    entry = Entry(URL, listed)
    return extract(Source("s", "feed", URL), entry, Page(URL, 200, headers, page.encode(), NOW))


def under(line: str, tag: str = "p") -> Article:
    return read(f"<div><h1>{TITLE}</h1><{tag}>{line}</{tag}><div class=t>{paragraphs(STORY)}</div></div>")


@pytest.mark.parametrize(
    ("line", "tag"),
    [
        ("القاهرة (أ ف ب)", "p"),
        ("كتب ـ سليم العباسي", "p"),
        ("سليم العباسي | 22 نوفمبر 2026 | 3,117 مشاهدة", "div"),
        ("تاريخ النشر الأربعاء 18 تشرين الثاني 2026 - 4:08 ص عدد القراءات 2071 التعليقات 3 القسم اقتصاد", "div"),
    ],
)
def test_what_stands_between_headline_and_text_is_no_body(line: str, tag: str) -> None:
    assert tuple(under(line, tag).body.split("\n")) == STORY


@pytest.mark.parametrize(
    "line",
    [
        "أسعار الذهب في القاهرة",
        "قال الوزير اليوم",
        "بيروت: سكان الحي يطالبون بالماء",
        "كتب الرئيس رسالة إلى الأمة",
        "ا" * 300,
    ],
)
def test_a_sentence_is_no_credit_line(line: str) -> None:
    assert not is_credit_line(line)


def test_dates_in_the_line_below_the_headline() -> None:
    long = "تاريخ النشر الأربعاء 18 تشرين الثاني 2026 - 4:08 ص عدد القراءات 2071 التعليقات 3 القسم اقتصاد"
    cases = {
        f"<div>{long}</div>": datetime(2026, 11, 18, 4, 8, tzinfo=UTC),
        "<span class=date>أمس عند الساعة 8:20</span>": datetime(2026, 11, 22, 8, 20, tzinfo=UTC),
        "<span class=date>١٨ آب أغسطس ٢٠٢٥ ٠٧:٣٠</span>": datetime(2025, 8, 18, 7, 30, tzinfo=UTC),
        "<span class=date>18ـ11ـ2026</span>": datetime(2026, 11, 18, tzinfo=UTC),
        "<span>18 نوفمبر 2026</span><span>06:15 م</span>": datetime(2026, 11, 18, 18, 15, tzinfo=UTC),
        "<span class=date>قبل أسبوعين</span>": datetime(2026, 11, 9, tzinfo=UTC),
    }
    for shown, at in cases.items():
        page = f"<article><h1>{TITLE}</h1><div>{shown}</div><div>{paragraphs(STORY)}</div></article>"
        assert read(page).published_at == at, shown


@pytest.mark.parametrize(
    ("declared", "shown"), [("4/6/2025 1:15:00 PM", ""), ("2025-06-04T13:15:00Z", "الأحد 6 أبريل 2025")]
)
def test_the_american_order_is_known_by_its_form_and_by_a_named_month(declared: str, shown: str) -> None:
    head = f"<meta itemprop=datePublished content='{declared}'>"
    page = f"<article><h1>{TITLE}</h1><span class=date>{shown}</span><div>{paragraphs(STORY)}</div></article>"
    assert read(page, head).published_at == datetime(2025, 4, 6, 13, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["كتب ـ سليم العباسي", "حاوره في عدن / سليم العباسي -", "سليم العباسي | اقتصاد", "أجرى الحوار: سليم العباسي"],
)
def test_a_byline_names_its_author(text: str) -> None:
    assert byline([text]) == Byline(("سليم العباسي",))


def test_an_organization_is_no_person() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", '
        '"author": [{"@type": "NewsMediaOrganization", "name": "الساحل اليوم"}, '
        '{"@type": "Person", "name": "هالة منصور"}]}'
        "</script>"
    )
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(STORY)}</article>", head)
    assert (article.authors, article.agencies) == (("هالة منصور",), ("الساحل اليوم",))


@pytest.mark.parametrize(
    "aside",
    [
        "<h3>اقرأ أيضاً</h3><ul><li><a href=/1>افتتاح متحف</a></li><li>حالة الطقس</li></ul>",
        "<h4>نرشح لك</h4><ul><li><a href=/1>افتتاح متحف</a></li></ul>",
        "<p>لا يفوتك | افتتاح متحف السفن في الميناء القديم وسط حضور كبير</p>",
        "<p>شاهد: افتتاح متحف السفن في الميناء القديم وسط حضور كبير</p>",
        "<figure><div><blockquote class=wp-embedded-content><a href=/1>افتتاح متحف</a></blockquote></div></figure>",
    ],
)
def test_leads_to_other_articles_are_no_lines(aside: str) -> None:
    page = f"<article><h1>{TITLE}</h1><div>{paragraphs(STORY[:2])}{aside}{paragraphs(STORY[2:])}</div></article>"
    assert tuple(read(page).body.split("\n")) == STORY


def test_the_declared_story_is_taken_though_another_is_longer() -> None:
    mine = f"<article><h1>{TITLE}</h1><div>{paragraphs(STORY)}</div></article>"
    other = f"<article><h1>متحف السفن يتوسع</h1><div>{paragraphs(OTHERS)}</div></article>"
    assert tuple(read(f"<main>{mine}{other}</main>").body.split("\n")) == STORY


def test_a_page_with_one_line_gives_the_line_and_not_the_other_videos() -> None:
    mine = f"<article><h1>{TITLE}</h1><iframe src=/v></iframe><p>شاهد لحظة بدء الحصاد في السهل الغربي.</p></article>"
    others = "".join(f"<div><h4><a href=/{n}>فيديو {n}</a></h4><p>{text}</p></div>" for n, text in enumerate(OTHERS))
    assert read(f"{mine}<section>{others}</section>").body == "شاهد لحظة بدء الحصاد في السهل الغربي."


@pytest.mark.parametrize(
    ("items", "lines"),
    [
        ("<ul><li>الفجر: 4:58</li><li>الظهر: 11:42</li></ul>", ["الفجر: 4:58", "الظهر: 11:42"]),
        (
            "<table><tr><td>عيار 24</td><td>5200</td></tr><tr><td>عيار 21</td><td>4550</td></tr></table>",
            ["عيار 24 5200", "عيار 21 4550"],
        ),
    ],
)
def test_short_service_news_keep_their_lines(items: str, lines: list[str]) -> None:
    first = "ننشر لكم الجدول كما أعلنته الهيئة صباح اليوم:"
    page = f"<article><h1>{TITLE}</h1><div class=article-content><p>{first}</p>{items}</div></article>"
    assert read(page).body.split("\n") == [first, *lines]


def test_letters_that_are_encoded_twice_survive() -> None:
    broken = [
        text.encode().decode("latin-1")
        for text in (TITLE, *STORY, "عام ٢٠٢٦ و٥٠ مليونا أنفقت على المشروع كله في السهل.")
    ]
    article = read(f"<article><h1>{broken[0]}</h1>{paragraphs(tuple(broken[1:]))}</article>", title=broken[0])
    assert repair(article.title) == TITLE
    assert repair(article.body).split("\n")[:4] == list(STORY)
    assert "٢٠٢٦ و٥٠ مليونا" in repair(article.body)


@pytest.mark.parametrize("declared", ["ar", "en", ""])
@pytest.mark.parametrize(("written", "misread"), [("utf-8", "latin-1"), ("cp1256", "latin-1")])
def test_a_text_that_had_to_be_repaired_has_its_language(declared: str, written: str, misread: str) -> None:
    title, *lines = (text.encode(written).decode(misread) for text in (TITLE, *STORY))
    story = f"<article><h1>{title}</h1>{paragraphs(tuple(lines))}</article>"
    page = f"<html lang='{declared}'><head><title>{title}</title></head><body>{story}</body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    source = Source("s", "feed", URL, languages=("ar",))
    article = process(source, Entry(URL), Page(URL, 200, headers, page.encode(), NOW))
    assert (article.language, tuple(article.body.split("\n"))) == ("ar", STORY)


@pytest.mark.parametrize(
    "story", ["<article>{}</article>", "<main><article>{}</article></main><footer><p>2026</footer>"]
)
@pytest.mark.parametrize("head", ["<title>س</title>", "<head><meta charset=utf-8><title>س</title>"])
def test_head_and_body_need_no_tags(head: str, story: str) -> None:
    page = f"<!doctype html><html lang=ar>{head}{story.format(f'<h1>{TITLE}</h1>{paragraphs(STORY)}')}"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    article = extract(Source("s", "feed", URL), Entry(URL), Page(URL, 200, headers, page.encode(), NOW))
    assert (article.title, tuple(article.body.split("\n"))) == (TITLE, STORY)


def test_text_that_follows_a_box_in_the_head_stays_behind_it() -> None:
    tree = parse("<title>س</title><main>أول</main>ثان<section>ثالث</section>رابع<p>خامس", 99)
    assert "".join(tree.find("body").itertext()) == "أولثانثالثرابعخامس"


def test_the_headline_is_found_where_the_title_is_the_agency_s() -> None:
    page = f"<blockquote class=b><p>{TITLE}</p></blockquote>"
    page += f"<div><b>الأحد، 22 نوفمبر 2026</b></div><div>{paragraphs(STORY)}</div>"
    article = read(page, "<title>وكالة الأنباء</title>", title="")
    assert (article.title, tuple(article.body.split("\n"))) == (TITLE, STORY)
    assert (
        read(f"<div>{paragraphs(STORY)}</div>", "<title>وكالة الأنباء</title>", title="", listed=TITLE).title == TITLE
    )


def test_reporter_and_headline_of_an_old_mobile_page() -> None:
    info = "<div id=story_reporter>المنصورة - سليم العباسي</div><div id=story_date>الإثنين، 13 يوليو 2015 - 21:40</div>"
    page = f"<div id=story><div id=story_title><h3>{TITLE}</h3></div>{info}"
    page += f"<div id=story_text>{paragraphs(STORY)}</div></div>"
    article = read(page)
    assert (article.authors, tuple(article.body.split("\n"))) == (("سليم العباسي",), STORY)
    assert article.published_at == datetime(2015, 7, 13, 21, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        ("ar", "وزیر نیرو گفت که این طرح برای کشاورزان است و از فردا در استان اجرا می شود", "fa"),
        ("ar", "وزیر اعظم نے کہا ہے کہ اس منصوبے میں کسانوں کے لیے بہت کچھ ہے اور یہ جلد شروع ہو گا", "ur"),
        ("ar", "The minister said that the plan would begin tomorrow", ""),
        ("fa", " ".join(STORY), "ar"),
        ("", " ".join(STORY), "ar"),
    ],
)
def test_letters_and_words_tell_the_language(declared: str, text: str, language: str) -> None:
    assert language_of(declared, text) == language


def asked(article: Article) -> bool:
    """Return whether the witness was asked."""
    assert article.quality
    return article.quality.agreement is not None


def test_a_body_far_shorter_than_the_prose_under_its_headline_is_in_doubt() -> None:
    piece = f"<div class='article-body'>{paragraphs(STORY)}</div>"
    rest = "".join(f"<div class='promo p{n}'><p>{n} {text}</p></div>" for n in range(2) for text in OTHERS)
    assert asked(read(f"<article><h1>{TITLE}</h1>{piece}{rest}</article>"))
    assert not asked(read(f"<article><h1>{TITLE}</h1>{piece}</article>{rest}"))


def test_a_body_without_a_word_of_its_title_is_in_doubt() -> None:
    piece = f"<article><h1>{{}}</h1><div class='article-body'>{paragraphs(STORY)}</div></article>"
    assert not asked(read(piece.format(TITLE)))
    other = "معرض السفن الشراعية يستقبل زواره"
    assert asked(read(piece.format(other), title=other))
