"""What passes the gate, and what does not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html
from lxml.html import HtmlElement

from ingest.errors import Missing, Rejected
from ingest.extract.gate import check, title_overlap, wall_of
from ingest.model import Article
from ingest.quality import Quality

AT = datetime(2026, 11, 23, tzinfo=UTC)
ARTICLE = Article("1", "https://akhbar.example/1", "عنوان", " ".join(["كلمة"] * 40))
FLASH = replace(ARTICLE, body=" ".join(["كلمة"] * 12), published_at=AT)
HEADLINES = "\n".join([" ".join(["كلمة"] * 7)] * 10)


@pytest.mark.parametrize(
    "article",
    [
        ARTICLE,
        FLASH,
        replace(ARTICLE, title="لم يتم العثور على ناجين من الغارة"),
        replace(ARTICLE, title="404 قتلى في الزلزال"),
        replace(ARTICLE, title="فيسبوك: الصفحة غير متاحة في تركيا"),
        replace(ARTICLE, title="العثور على الصفحة الأولى من مخطوط نادر"),
        replace(ARTICLE, title="تم حذف الخبر من موقع الوزارة بعد ضجة"),
        replace(ARTICLE, title="لا يوجد محتوى عربي كاف في الشبكة"),
        replace(ARTICLE, title="404 - قصة جندي لم يعد"),
        replace(ARTICLE, title="عذرا يا رسول الله"),
        replace(ARTICLE, title="الصفحة لم تعد بيضاء"),
        replace(ARTICLE, body=HEADLINES, published_at=AT),
        replace(ARTICLE, url="https://akhbar.example/", published_at=AT),
        replace(ARTICLE, url="https://akhbar.example/?p=7"),
        replace(ARTICLE, url="file:///articles/1.txt"),
    ],
)
def test_an_article_passes_unchanged(article: Article) -> None:
    assert check(article) is article


@pytest.mark.parametrize(
    ("article", "reason"),
    [
        (replace(ARTICLE, title=""), "no_title"),
        (replace(ARTICLE, body=""), "not_an_article"),
        (replace(ARTICLE, body="", authors=("سارة",)), "empty_body"),
        (replace(ARTICLE, body="", section="اقتصاد"), "empty_body"),
        (replace(ARTICLE, body=" ".join(["كلمة"] * 39)), "not_an_article"),
        (replace(FLASH, body=" ".join(["كلمة"] * 11)), "not_an_article"),
        (replace(FLASH, published_at=None), "not_an_article"),
        (replace(ARTICLE, title="عذرا، الصفحة غير موجودة"), "not_an_article"),
        (replace(ARTICLE, title="الصفحة المطلوبة غير متوفرة - الأخبار"), "not_an_article"),
        (replace(ARTICLE, title="لم يتم العثور على الصفحة"), "not_an_article"),
        (replace(ARTICLE, title="404"), "not_an_article"),
        *(
            (replace(ARTICLE, title=title), "not_an_article")
            for title in (
                *("صفحة غير موجودة", "عذراً، الصفحة التي طلبتها غير موجودة", "أوه! لا يمكن العثور على تلك الصفحة."),
                *("لم يتم العثور على صفحة", "لم نعثر على الصفحة", "لا توجد صفحة بهذا العنوان", "تم حذف هذه الصفحة"),
                *("تم حذف الخبر من قبل الإدارة", "لا يوجد خبر بهذا الرقم", "لم يتم العثور على نتائج", "رابط غير صالح"),
                *("404 | صحيفة الرياض", "Not Found", "Page doesn't exist", "الصفحة غير موجودة أو تم نقلها"),
            )
        ),
        (replace(ARTICLE, title="Error 404 - Not Found"), "not_an_article"),
        (replace(ARTICLE, title="Page not found"), "not_an_article"),
        (replace(ARTICLE, title="خطأ 404"), "not_an_article"),
        (replace(ARTICLE, body=HEADLINES), "not_an_article"),
        (replace(ARTICLE, url="https://akhbar.example/"), "not_an_article"),
        (replace(ARTICLE, title="أخبار الساحل", site="أخبار الساحل", published_at=AT), "not_an_article"),
        (replace(ARTICLE, title="الرئيسية - أخبار الساحل", published_at=AT), "not_an_article"),
        (
            replace(ARTICLE, url="https://akhbar.example/", published_at=AT, provenance=("title=meta:og:title",)),
            "not_an_article",
        ),
    ],
)
def test_what_is_no_article_is_rejected(article: Article, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        check(article)
    assert caught.value.reason == reason
    assert caught.value.detail


def test_a_page_may_say_in_its_text_alone_that_it_is_missing() -> None:
    with pytest.raises(Missing):
        check(replace(ARTICLE, title="", body="أهلا بكم\nعذرا، الخبر الذي تبحث عنه غير موجود"))
    with pytest.raises(Rejected) as caught:
        check(replace(ARTICLE, body="خبر قصير"))
    assert not isinstance(caught.value, Missing)


def page(title: str, body: str, words: int = 0) -> HtmlElement:
    return html.document_fromstring(
        f"<title>{title}</title><body><h1>{title}</h1>{body}<p>{'كلمة ' * words}</p></body>"
    )


@pytest.mark.parametrize(
    ("tree", "described", "wall"),
    [
        (page("خبر", "<p>للمشتركين فقط</p>", 80), {}, "paywall"),
        (page("خبر", "<div>اشترك الآن لمتابعة القراءة</div>", 80), {}, "paywall"),
        (page("خبر", "", 80), {"isAccessibleForFree": False}, "paywall"),
        (page("خبر", "", 80), {"isAccessibleForFree": "False"}, "paywall"),
        (page("خبر", "", 80), {"isAccessibleForFree": True}, ""),
        (page("502 Bad Gateway", "", 5), {}, "server_error"),
        (page("الموقع تحت الصيانة", "", 5), {}, "server_error"),
        (page("Access denied", "", 5), {}, "server_error"),
        (page("عفوا.. لقد حدث خطأ ما", "", 5), {}, "server_error"),
        (page("حدث خطأ طبي في مستشفى", "", 5), {}, ""),
        (page("Just a moment...", "", 5), {}, "robot_check"),
        (page("تحقق من أنك إنسان", "", 5), {}, "robot_check"),
        (page("لحظة من فضلك...", "", 5), {}, "robot_check"),
        (page("لحظة اقتحام المبنى", "", 5), {}, ""),
        (page("تسجيل الدخول", "<form><input type=password></form>", 5), {}, "login"),
        (page("تسجيل الدخول يتعطل في منصات التواصل", "", 5), {}, ""),
        (page("500 قتيل في الزلزال", "", 80), {}, ""),
        (page("خبر", "<p>للمشتركين فقط</p>", 130), {}, ""),
        (page("خبر", "", 5), {}, ""),
    ],
)
def test_what_stands_before_the_article(tree: HtmlElement, described: dict[str, object], wall: str) -> None:
    body = " ".join(tree.xpath("//p[last()]")[0].text_content().split())
    assert wall_of(tree, described, body) == wall


def test_a_text_about_cookies_is_a_consent_page_and_an_article_that_mentions_them_is_none() -> None:
    about = "نستخدم ملفات تعريف الارتباط لتحسين تجربتك وباستمرارك في التصفح فإنك توافق على ذلك."
    assert wall_of(page("الصحيفة", about), {}, about) == "consent"
    long = about + " كلمة" * 50
    assert wall_of(page("الصحيفة", long), {}, long) == ""


@pytest.mark.parametrize("wall", ["paywall", "login", "consent", "robot_check", "server_error"])
def test_a_wall_is_the_reason(wall: str) -> None:
    with pytest.raises(Rejected) as caught:
        check(replace(ARTICLE, quality=Quality("own", wall=wall)))
    assert caught.value.reason == wall


def test_a_text_that_is_cut_off_is_a_teaser() -> None:
    cut = " ".join(["كلمة"] * 45) + "…"
    for summary in (cut, ""):
        with pytest.raises(Rejected) as caught:
            check(replace(ARTICLE, body=cut, summary=summary))
        assert caught.value.reason == "teaser"
    for article in (
        replace(ARTICLE, body=cut + " ثم مضى."),
        replace(ARTICLE, body=cut, summary="شيء آخر"),
        replace(ARTICLE, body=" ".join(["كلمة"] * 90) + "…"),
    ):
        assert check(article) is article


def test_links_make_a_list_unless_it_is_dated() -> None:
    linked = replace(ARTICLE, quality=Quality("own", links=0.8))
    with pytest.raises(Rejected) as caught:
        check(linked)
    assert caught.value.reason == "not_an_article"
    dated = replace(linked, published_at=AT)
    assert check(dated) is dated


@pytest.mark.parametrize(
    ("title", "body", "share"),
    [
        ("ميناء الواحة", "استقبل الميناء في واحة بعيدة", 1.0),
        ("ميناء الواحة", "في الميناء", 0.5),
        ("ميناء الواحة", "لا شيء", 0.0),
        ("إلى", "إلى", 0.0),
    ],
)
def test_how_much_of_a_title_stands_in_the_body(title: str, body: str, share: float) -> None:
    assert title_overlap(title, body) == share


@pytest.mark.parametrize(
    "words",
    [
        "هذا المحتوى متاح للمشتركين",
        "هذه المقالة مخصصة فقط لمشتركي الموقع",
        "للمشتركين فقط",
        "اشترك الآن لمتابعة القراءة",
        "سجل لقراءة بقية الخبر",
        "لإكمال القراءة سجل",
        "لمواصلة القراءة اشترك",
        "Subscribe to continue reading",
        "SUBSCRIBERS ONLY",
    ],
)
def test_every_way_of_asking_for_money_passes_the_quick_look(words: str) -> None:
    tree = html.document_fromstring(f"<body><p>خبر قصير</p><div>{words}</div></body>")
    assert wall_of(tree, {}, "خبر قصير") == "paywall"
