"""Where the article is on a page, and which lines are its own: one small page for each trap."""

import pytest
from lxml import html

from ingest.extract.body.body import read_body
from ingest.extract.body.clutter import is_clutter, opens_clutter
from ingest.extract.repeated import line_hashes

ONE = (
    "قالت وزارة الزراعة يوم الإثنين إن موسم الزيتون هذا العام أفضل من الموسم الماضي، وإن المعاصر ستفتح أبوابها في "
    "الأسبوع المقبل بعد أن اكتملت أعمال الصيانة في معظمها."
)
TWO = (
    "وأضافت الوزارة في بيان أن الأسعار ستبقى على حالها حتى نهاية الشهر، وأن لجنة من المهندسين ستزور القرى الجبلية "
    "لتقدير كمية المحصول قبل بدء القطاف."
)
THREE = (
    "ويقول المزارعون إن الأمطار المبكرة ساعدت الأشجار على استعادة عافيتها بعد عامين من الجفاف، لكنهم يشكون من قلة "
    "العمال وارتفاع أجورهم في هذه الفترة من السنة."
)
OTHER = (
    "افتتح المتحف البلدي معرضا لمخطوطات نادرة عثر عليها عمال البناء داخل جدار مدرسة قديمة، حيث بقيت ملفوفة في قماش "
    "مشمع قرابة قرنين من الزمان."
)
STORY = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"
LINES = (ONE, TWO, THREE)
LONG = "خفضت المعاصر الصغيرة أجورها إلى نصف ما كانت عليه"
MENU = "<ul><li><a href=/>الرئيسية</a></li><li><a href=/s>رياضة</a></li></ul>"


def lines(body: str, seen: frozenset[int] = frozenset()) -> tuple[str, ...]:
    tree = html.document_fromstring(f"<html><body>{body}</body></html>")
    before = html.tostring(tree)
    found = read_body(tree, seen).lines
    assert html.tostring(tree) == before
    return found


@pytest.mark.parametrize(
    "body",
    [
        f"<nav>{MENU}<div>{STORY}</div></nav>",
        f"<form><div>{STORY}</div></form>",
        f"<header>{MENU}<h1>عنوان</h1>{STORY}</header>",
        f"<div class='sidebar'><h1>عنوان</h1>{STORY}</div><div class=footer><p>{OTHER}</p></div>",
        f"<div hidden>{STORY}</div>",
        f"<article class='post tag-comments category-related'>{STORY}</article><aside><p>{OTHER}</p></aside>",
        f"<main><template id='B:1'></template></main><p>قليل</p><div hidden id='S:1'>{STORY}</div>",
        f"<main><section><p>{ONE}</p><p>{TWO}</p></section><section><p>{THREE}</p></section></main>",
    ],
    ids=["nav", "form", "header", "sidebar with the headline", "hidden", "article's tags", "streamed", "sections"],
)
def test_a_box_that_holds_the_article_is_not_dropped_by_its_name(body: str) -> None:
    assert " ".join(lines(body)) == " ".join(LINES)


@pytest.mark.parametrize(
    "beside",
    [
        f"<div class=comments><p>{OTHER}</p></div>",
        f"<footer><p>{OTHER}</p></footer>",
        f"<div class='jp-relatedposts'><p>{OTHER}</p></div>",
        f"<div class='articleRelated storyShare'><p>{OTHER}</p></div>",
        f"<p class='wp-caption-text'>{OTHER}</p>",
        f"<figure><img src=a><figcaption>{OTHER}</figcaption></figure>",
        f"<div><img src=a><p>{OTHER[:90]}</p></div>",
        f"<p style='display:none'>{OTHER}</p>".replace("<p", "<div").replace("</p", "</div"),
        f"<img alt='{OTHER}'><p>{OTHER}</p>",
        f"<h3>مواضيع ذات صلة</h3><p>{OTHER}</p>",
        f"<p><a href=x>{OTHER}</a></p>",
        "<ul><li><a href=x>خبر آخر من المدينة</a></li><li><a href=y>وخبر ثالث</a></li></ul>",
        "<p>اقرأ أيضا: أسعار الزيت</p>",
        "<h3>وسوم</h3>",
        '<p>{"layout": 2, "button": "شراء"}</p>',
        "<p>https://akhbar.example/very/long/address/of/another/page</p>",
        f"<p>{THREE}</p>",
        *(
            f"<div class='{name}'><p>{OTHER}</p></div>"
            for name in ("AuthorBio", "td-cta", "disclaimer-text", "toc-list")
        ),
    ],
)
def test_what_stands_beside_the_article_is_left_out(beside: str) -> None:
    assert lines(f"<div class=text>{STORY}{beside}</div>") == LINES


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<h2>عنوان فرعي</h2>", ("عنوان فرعي",)),
        ("<h2>وحيد</h2><h2>عنوان فرعي</h2>", ("عنوان فرعي",)),
        ("<h2>أكبر</h2><h3>أصغر</h3>", ("أكبر", "أصغر")),
        (f"<h2>1. {LONG}</h2><h2>2. {LONG}</h2>", (f"1. {LONG}", f"2. {LONG}")),
        (f"<h2>وحيد</h2><h2><a href=x>{LONG}</a></h2><h2>عنوان فرعي</h2>", ("عنوان فرعي",)),
        ("<ul><li><a href=x>زيت الجبل</a> من 2019</li></ul>", ("زيت الجبل من 2019",)),
        ("<table><tr><td><a href=x>زيت الجبل</a></td></tr></table>", ("زيت الجبل",)),
        ("<blockquote>قول قصير</blockquote>", ("قول قصير",)),
        ("<ul><li>أول</li><li>ثان</li></ul>", ("أول", "ثان")),
        ("<table><tr><td>بند</td><td>7</td></tr></table>", ("بند 7",)),
        ("<figure><table><tr><td>بند</td></tr></table></figure>", ("بند",)),
        ("<p>نعم.</p>", ("نعم.",)),
        ("سطر سائب يطول حتى يصير أكثر من أربعين حرفا كما ترى", ("سطر سائب يطول حتى يصير أكثر من أربعين حرفا كما ترى",)),
        ("<p>قال <b>الوزير</b> <a href=x>كلمته</a>، ومضى.</p>", ("قال الوزير كلمته، ومضى.",)),
        ("<p>سطر.<br>وسطر.</p>", ("سطر.", "وسطر.")),
    ],
)
def test_what_belongs_to_it_is_kept_in_order(inside: str, found: tuple[str, ...]) -> None:
    body = f"<div class=text><p>{ONE}</p>{inside}<p>{TWO}</p><p>{THREE}</p></div>"
    assert lines(body) == (ONE, *found, TWO, THREE)


@pytest.mark.parametrize(
    "folded",
    [
        "<div class='faq accordion'><h3>متى؟</h3><div style='display:none'><p>{}</p></div></div>",
        "<div class='q'><div class='accordion-content hidden'><p>{}</p></div></div>",
        "<div class='collapse' aria-hidden=true><p>{}</p></div>",
        "<div class='so-panel widget widget_text'><p>{}</p></div>",
    ],
)
def test_parts_that_readers_unfold_are_the_article_s(folded: str) -> None:
    assert OTHER in lines(f"<article>{STORY}{folded.format(OTHER)}</article>")


def test_what_is_hidden_and_no_part_to_unfold_is_not() -> None:
    assert lines(f"<article>{STORY}<div style='display:none'><p>{OTHER}</p></div></article>") == LINES


def test_a_paragraph_beside_its_picture_is_no_caption() -> None:
    told = f"{OTHER} {LONG}."
    assert lines(f"<article>{STORY}<ul><li><img src=a.jpg><p>{told}</p></li></ul></article>") == (*LINES, told)


@pytest.mark.parametrize(
    "card",
    [
        "<div class=card><a href=/{n}><img src={n}.jpg><h3>عنوان آخر {n}</h3></a><p>{text} {n}.</p></div>",
        "<div class=card><img src={n}.jpg><div><a href=/{n}>عنوان آخر {n}</a></div><p>{text} {n}.</p></div>",
        "<div class=card><img src={n}.jpg><b>عنوان آخر {n}</b><p>{text} {n}…</p></div>",
    ],
    ids=["linked heading", "linked title", "cut off"],
)
def test_a_short_article_is_not_taken_for_the_many_cards_below_it(card: str) -> None:
    cards = "".join(card.format(n=n, text=f"{OTHER} {LONG}") for n in range(16))
    page = f"<main><div><h1>عنوان</h1><p>{ONE}</p><p>{TWO}</p></div><section>{cards}</section></main>"
    assert lines(page) == (ONE, TWO)


@pytest.mark.parametrize("heading", ["التعليقات (30)", "30 تعليقا", "Comments"])
@pytest.mark.parametrize("page", ["<article>{}</article><section>{}</section>", "<div>{}</div><div>{}</div>"])
def test_comments_may_be_longer_than_the_article(heading: str, page: str) -> None:
    comments = "".join(f"<li><b>قارئ</b><p>{OTHER} رأي {n}.</p></li>" for n in range(30))
    assert lines(page.format(f"<h1>عنوان</h1>{STORY}", f"<h3>{heading}</h3><ol>{comments}</ol>")) == LINES


def test_a_pull_quote_is_not_said_twice() -> None:
    piece, quoted = TWO[20:90], "قال المزارع إن القطاف سيبدأ بعد أسبوع من الآن في كل القرى."
    pulled = "<figure class=pull><blockquote><p>«{}»</p></blockquote></figure>"
    assert lines(f"<article>{STORY}{pulled.format(piece)}{pulled.format(quoted)}</article>") == (*LINES, f"«{quoted}»")


def test_a_notice_above_the_headline_is_not_the_article_s() -> None:
    notice = f"<div><p>{OTHER}</p></div>"
    tree = html.document_fromstring(
        f"<body>{notice}<div><h1>عنوان</h1>{STORY}{STORY.replace('قال', 'ذكر')}</div></body>"
    )
    assert read_body(tree, headline="عنوان").lines[0] == ONE


def test_of_two_articles_the_first_is_taken() -> None:
    first, second = f"<p>{ONE}</p><p>{TWO}</p>", f"<p>{OTHER}</p>"
    box = "<div><h1>عنوان</h1><div class=info>أمس</div><div class=text>{}</div></div>"
    assert lines(f"<div>{box.format(first)}{box.format(second)}</div>") == (ONE, TWO)


def test_a_short_line_in_a_box_like_its_paragraphs_is_a_subheading() -> None:
    boxes = "".join(f"<div>{text}</div>" for text in (ONE, "كنز في الجدار", "13:05", TWO, THREE))
    assert lines(f"<div class=text>{boxes}</div>") == (ONE, "كنز في الجدار", TWO, THREE)


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (f"<p>{OTHER}</p>", True),
        (f"<div>{OTHER[:70]} وبقي.</div>", True),
        (f"<h2>{OTHER}</h2>", False),
        (f"<p><a href=x>{OTHER}</a></p>", False),
        (f"<p>{OTHER[:45]}.</p>", False),
        (f"<p>{OTHER[:90]}</p>", False),
        (f"<p>{'أعلنت البلدية ' * 10}.</p>", False),
    ],
    ids=["paragraph", "begins alike", "subtitle", "link", "short", "no sentence", "not declared"],
)
def test_the_declared_description_above_the_text_is_its_first_paragraph(before: str, *, found: bool) -> None:
    head = f'<head><meta name="description" content="{OTHER}"></head>'
    text = "".join(f"<p>{n} {ONE}</p>" for n in range(7))
    page = f"{head}<body><div><h1>عنوان</h1>{before}</div><div><div><div class=text>{text}</div></div></div>"
    first = read_body(html.document_fromstring(page)).lines[0]
    assert (first != f"0 {ONE}") == found


def test_a_teaser_beside_the_headline_s_box_is_not_climbed_to() -> None:
    sections = "".join(f"<section><p>{text}</p></section>" for text in LINES)
    teaser = f"<div class=r><h5>آخر</h5><p>{OTHER}</p></div>"
    assert lines(f"<main><div><div class=l><h1>عنوان</h1>{sections}</div>{teaser}</div></main>") == LINES


def test_lines_that_the_host_repeats_are_left_out() -> None:
    repeated = "انضموا يوم الجمعة إلى حلقة القراءة."
    seen = frozenset(line_hashes(repeated.replace("إلى", "الى")).values())
    assert lines(f"<div>{STORY}<p>{repeated}</p><p>{TWO[:70]}.</p></div>", seen) == (*LINES, f"{TWO[:70]}.")
    assert lines(f"<div>{STORY}<p>{repeated}</p></div>") == (*LINES, repeated)


def test_a_page_without_prose_has_no_body() -> None:
    assert lines(MENU) == ()
    assert read_body(html.document_fromstring("<p></p>")).links == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "اقرأ أيضاً: أسعار الزيت",
        "إقرأ المزيد",
        "شاهد أيضا بالفيديو",
        "قد يهمك أيضا",
        "تابعونا على فيسبوك",
        "إعلان",
        "جميع الحقوق محفوظة للصحيفة",
        "الكلمات المفتاحية: زيت",
        "بقلم: سارة محمود",
        "الآراء الواردة أدناه لا تعبر عن رأي الموقع، بل عن رأي أصحابها.",
        "تصوير: أحمد علي",
        "صورة أرشيفية",
        "المصدر: وكالات",
        "نسخ الرابط",
        "اترك تعليقا",
        "12 تعليقا",
        "لمتابعة آخر الأخبار اضغط هنا",
        "*سليم العباسي كاتب من الساحل",
        "تقرؤون أيضاً",
        "ومن أخبارنا أيضًا:",
        "إقرأ على موقع الواحة",
        "للاطلاع على المزيد",
        "ملحوظة: مضمون هذا الخبر تم كتابته بواسطة موقع آخر ولا يعبر عن وجهة نظر الموقع",
    ],
)
def test_lines_that_lead_elsewhere(text: str) -> None:
    assert is_clutter(text)


@pytest.mark.parametrize(
    "text",
    [
        "اقرأ أيضا في التاريخ، " + "قال المعلم لتلاميذه وهو يقلب الصفحات " * 5,
        "انضم إلى المنتخب ثلاثة لاعبين جدد.",
        "المزيد من القتلى سقطوا في الليل.",
        "اقرأ في الكتاب كثيرا من القصص.",
        "قد تود الحكومة أن تؤجل الانتخابات.",
        "اشترك في الندوة عشرون باحثا.",
        "شارك في المباراة لاعبان جديدان.",
        "كتب الوزير رسالة إلى المجلس.",
        "الصورة لم تكتمل بعد.",
        "إعلان الهدنة تأخر ساعتين.",
        "مشاركة المنتخب في البطولة مؤكدة.",
        "المصدر الأول للدخل هو السياحة.",
        "حقوق الإنسان في صلب المؤتمر.",
    ],
)
def test_sentences_that_only_begin_alike_stay(text: str) -> None:
    assert not is_clutter(text)
    assert not opens_clutter(text)


@pytest.mark.parametrize(
    "text", ["أخبار ذات صلة", "مواضيع متعلقة:", "الأكثر قراءة", "التعليقات (3)", "Related Articles"]
)
def test_headings_of_other_things(text: str) -> None:
    assert opens_clutter(text)
