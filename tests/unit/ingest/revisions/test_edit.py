"""What counts as an edit, and which kind it is."""

from dataclasses import replace

import pytest

from ingest.model import Article
from ingest.revisions.edit import Kind, doubt, edit_of

TITLE = "الوزير يفتتح معرض الكتاب في بغداد"
FIRST = "افتتح وزير الثقافة أمس معرض بغداد الدولي للكتاب بحضور 300 ناشر من دول عربية."
SECOND = "وقال الوزير إن الدورة الحالية لن تكون الأخيرة التي تنظم في هذا المكان."
THIRD = "ويستمر المعرض عشرة أيام ويتضمن ندوات أدبية وأمسيات شعرية للزوار."
BODY = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
OLD = Article("1" * 32, "http://h/1", TITLE, BODY, caption="جناح دار النشر في المعرض", authors=("أحمد علي",))


def kinds(**changes: object) -> tuple[str, ...]:
    edit = edit_of(OLD, replace(OLD, **changes))  # type: ignore[arg-type]  # a table of fields
    return tuple(map(str, edit.kinds)) if edit else ()


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace("\n\n", "\n"),
        BODY.replace(" أمس ", "  أمس\u00a0"),
        f"منذ ساعتين\n\n{BODY}",
        f"{BODY}\n\nالمشاهدات: 1,245",
        f"{BODY}\n\n٣٤٢ مشاهدة",
        f"آخر تحديث 12:30 - 5 مايو 2026\n\n{BODY}",
        f"{FIRST}\n\nاقرأ أيضاً: انطلاق مهرجان المسرح في البصرة بمشاركة عشر فرق من دول الجوار\n\n{SECOND}\n\n{THIRD}",
        f"{BODY}\n\n12 تعليقا",
        f"{BODY}\n\nشارك على فيسبوك تويتر واتساب",
        f"{BODY}\n\nجميع الحقوق محفوظة © 2026",
        f"{BODY}\n\n#العراق #بغداد",
        f"كتب: أحمد علي\n\n{BODY}",
        f"الجمعة 27 نوفمبر 2026 - 14:30\n\n{BODY}",
        f"27/11/2026\n\n{BODY}",
        f"2 hours ago\n\n{BODY}",
        *(
            f"{BODY}\n\n{line}"
            for line in (
                *("نُشر: منذ يوم واحد", "قبل ساعة واحدة", "تم التحديث منذ 5 دقائق", "منذ ٣ ساعات و ٥ دقائق"),
                *("3 min read", "٣ دقائق قراءة", "دقيقة واحدة للقراءة", "وقت القراءة: 3 دقائق", "قرئ 234 مرة"),
                *("تابع آخر الأخبار عبر Google News", "اشترك في نشرتنا البريدية", "تابعونا على فيسبوك"),
                *("الأكثر قراءة", "موضوعات ذات صلة", "مواضيع قد تهمك", "لا توجد تعليقات", "إعلان", "استمع للمقال"),
            )
        ),
    ],
)
def test_what_moves_by_itself_is_no_edit(body: str) -> None:
    assert kinds(body=body) == ()


@pytest.mark.parametrize(
    "line",
    [
        "شارك الوزير في مؤتمر عن فيسبوك",
        "كتب الرئيس رسالة إلى الشعب",
        "27 قتيلا سقطوا في 2026 بحسب الوزارة",
        "الجمعة 27 نوفمبر هو موعد الجلسة",
        "قبل عام قتل 300",
        "قبل ساعة واحدة من الحفل توفي المغني",
        "نشر قبل يومين مقالا ينفي فيه الخبر",
        "تابع الرئيس آخر الأخبار عبر مستشاريه",
        "إعلان الحرب جاء مفاجئا للجميع أمس",
        "اشترك في المؤتمر 300 باحث عربي",
    ],
)
def test_a_sentence_that_begins_like_furniture_is_none(line: str) -> None:
    assert kinds(body=f"{BODY}\n\n{line}") == ("substantive",)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (BODY.replace("إن الدورة", "ان الدورة"), Kind.SPELLING),
        (BODY.replace("الثقافة", "الثقافه"), Kind.SPELLING),
        (BODY.replace("معرض بغداد", "معــرض بغداد"), Kind.SPELLING),
        (BODY.replace("كتاب", "كِتَاب"), Kind.SPELLING),
        (BODY.replace("عربية.", "عربية!"), Kind.SPELLING),
        (BODY.replace("عشرة أيام", "عشرةأيام"), Kind.SPELLING),
        (f"تنويه هام: ورد خطأ في اسم الوزير.\n\n{BODY}", Kind.CORRECTION),
        (f"{BODY}\n\n(تصحيح) عدد الناشرين 300 ناشر.", Kind.CORRECTION),
        (f"{BODY}\n\nملاحظة المحرر: كان العنوان غير دقيق.", Kind.CORRECTION),
        (f"{BODY}\n\nعُدّلت هذه المادة لتصويب اسم الوزير.", Kind.CORRECTION),
        (f"{BODY}\n\nتعتذر الصحيفة لقرائها عن خطأ ورد في الخبر.", Kind.CORRECTION),
        (BODY.replace("الحالية", "الحالبة"), Kind.MINOR),
        (BODY.replace("بحضور", "وبحضور"), Kind.MINOR),
        (BODY.replace("ويستمر المعرض", "ويستمر المعرض الدولي"), Kind.MINOR),
        (BODY.replace(" أمس", ""), Kind.MINOR),
        (BODY.replace("في هذا المكان", "على هذا المكان"), Kind.MINOR),
        (BODY.replace("300", "350"), Kind.SUBSTANTIVE),
        (BODY.replace("300", "٣٥٠"), Kind.SUBSTANTIVE),
        (BODY.replace("لن تكون", "تكون"), Kind.SUBSTANTIVE),
        (BODY.replace("وزير الثقافة", "وزير الدفاع"), Kind.SUBSTANTIVE),
        (f"{FIRST}\n\n{THIRD}", Kind.SUBSTANTIVE),
        (f"{BODY}\n\nوأضاف أن الدعوة وجهت إلى كتاب من أوروبا وآسيا أيضاً.", Kind.SUBSTANTIVE),
        (f"تنويه: ورد في نسخة سابقة اسم الوزير خطأ.\n\n{BODY}", Kind.CORRECTION),
        (f"{BODY}\n\nتصحيح: تم تعديل عدد الناشرين.", Kind.CORRECTION),
        (f"{BODY}\n\nملاحظة: تم تصحيح الخبر بعد ورود توضيح من الوزارة.", Kind.CORRECTION),
    ],
)
def test_an_edit_of_the_text_has_its_kind(body: str, kind: Kind) -> None:
    assert kinds(body=body)[:1] == (kind,)


def test_sentences_that_change_places_say_the_same() -> None:
    assert kinds(body=f"{SECOND}\n\n{FIRST}\n\n{THIRD}") == ("minor",)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("أصيب سبعة أشخاص في الحادث.", "أصيب تسعة أشخاص في الحادث.", "substantive"),
        ("أصيب ثلاثة أشخاص أمس.", "أصيب ثلاثون شخصا أمس.", "substantive"),
        ("خصصت الحكومة ألف دينار.", "خصصت الحكومة ألفي دينار.", "substantive"),
        ("ولم يقتل أحد في الحادث.", "وقتل أحد في الحادث.", "substantive"),
        ("وافق الطرفان بدون شروط.", "وافق الطرفان بشروط.", "substantive"),
        ("زار الرئيس مصر أمس.", "زار الرئيس قطر أمس.", "substantive"),
        ("قتل جنود في غارة.", "جرح جنود في غارة.", "substantive"),
        ("قال أحمد إن الأمر انتهى.", "قال محمد إن الأمر انتهى.", "substantive"),
        ("وصل حسن إلى المدينة.", "وصل حسين إلى المدينة.", "substantive"),
        ("وصل بعد الاجتماع إلى المدينة.", "وصل قبل الاجتماع إلى المدينة.", "substantive"),
        ("زيارة الوزير السوري للعاصمة.", "زيارة الوزير السعودي للعاصمة.", "substantive"),
        ("قبل يومين أعلن الوزير إقالة 3 موظفين.", "قبل يومين أعلن الوزير إقالة 9 موظفين.", "substantive"),
        ("عدد المشاركين 300 شخص من دول عربية", "عدد المشاركين 900 شخص من دول عربية", "substantive"),
        ("للمزيد من الضغط فرضت واشنطن 3 عقوبات.", "للمزيد من الضغط فرضت واشنطن 5 عقوبات.", "substantive"),
        ("صدر القانون أمس الأحد.", "صدر القانون أمس الأحد. تم تعديل المادة 5 من الدستور.", "substantive"),
        ("وقع الحادث أمس.", "وقع الحادث أمس. وقال الوزير: نعتذر لعائلات الضحايا جميعا.", "substantive"),
        ("فاز الفريق 2-1 أمس.", "فاز الفريق 21 أمس.", "substantive"),
        ("لقي شخصان حتفهما أمس.", "لقي شخص حتفه أمس.", "substantive"),
        ("احترقت سيارة في المدينة.", "احترقت سيارات في المدينة.", "substantive"),
        ("قال المشاركون في المؤتمر.", "قال المشاركين في المؤتمر.", "minor"),
        ("بلغت 1,200 دولار في ٣ أيام.", "بلغت ١٢٠٠ دولار في 3 أيام.", "spelling"),
        ("وصل إلى شمال المدينة.", "وصل إلى شمالي المدينة.", "minor"),
        ("قال المتحدث إن الوفد وصل.", "وقال متحدث إن الوفد وصل.", "minor"),
        ("نقل إلى المستشفى أمس.", "نقل إلى المستفشى أمس.", "minor"),
        ("أكد ترامب موقفه أمس.", "أكد ترمب موقفه أمس.", "minor"),
        ("وصل الوفد إلى المدينة.", "وصل الوفد اليوم الثلاثاء إلى المدينة.", "minor"),
        ("قال «نعم لن نقبل» بذلك.", 'قال "نعم لن نقبل" بذلك.', "spelling"),
        ("قال مسؤول في شؤون الحج.", "قال مسئول في شئون الحج.", "spelling"),
        ("حضر 32,000 ناشر أمس.", "حضر ٣٢,٠٠٠ ناشر أمس.", "spelling"),
        ("حضر 32,000 ناشر أمس.", "حضر ٣٢,٠٠٩ ناشر أمس.", "substantive"),
        ("حضر مائة ناشر أمس.", "حضر مئة ناشر أمس.", "spelling"),
        ("حضر قائد الجيش أمس.", "حضر قاد الجيش أمس.", "substantive"),
    ],
)
def test_one_word_can_change_what_is_said(old: str, new: str, kind: str) -> None:
    before, after = (replace(OLD, body=f"{BODY}\n\n{line}") for line in (old, new))
    edit = edit_of(before, after)
    assert edit is not None
    assert edit.kinds == (kind,)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (TITLE.replace("يفتتح", "يدشن"), ("headline",)),
        (TITLE.replace("معرض", "مـعرض"), ("spelling",)),
        (f"{TITLE} الدولية", ("headline",)),
        (f"عاجل | {TITLE}", ("minor",)),
        (f"«عاجل».. {TITLE}", ("minor",)),
        (f"بالفيديو.. {TITLE}", ("minor",)),
        (f"#عاجل {TITLE}", ("minor",)),
        (f"🔴 {TITLE}", ("minor",)),
        (f"شاهد بالفيديو | {TITLE}", ("minor",)),
        (f"{TITLE} (فيديو)", ("minor",)),
        (f"{TITLE}.. صور", ("minor",)),
        (f"{TITLE} - محدث", ("minor",)),
        (f"تصحيح: {TITLE}", ("correction",)),
        (f"{TITLE} بالصور", ("headline",)),
        (f"عاجل | {TITLE.replace('يفتتح', 'يدشن')}", ("headline",)),
    ],
)
def test_a_headline_counts_unless_only_its_spelling_changed(title: str, expected: tuple[str, ...]) -> None:
    assert kinds(title=title) == expected


def test_several_kinds_are_told_the_most_telling_first() -> None:
    body = BODY.replace("300", "350")
    assert kinds(title="عنوان جديد تماما", body=body) == ("headline", "substantive")
    assert kinds(title="عنوان جديد تماما", body=body.replace("إن", "ان")) == ("headline", "substantive")
    assert kinds(title="عنوان جديد تماما", body=BODY.replace("إن", "ان")) == ("headline",)


def test_a_name_is_minor_and_a_caption_that_appears_is_none() -> None:
    assert kinds(authors=("أحمد علي", "سعاد حسن")) == ("minor",)
    assert kinds(authors=("احمد علي",)) == ()
    assert kinds(authors=()) == ()
    assert kinds(caption="") == ()
    assert kinds(caption="وزير الثقافة في جناح آخر") == ("substantive",)


def test_a_word_that_names_a_correction_in_the_news_is_none() -> None:
    assert kinds(body=f"{BODY}\n\nتصحيح المسار الاقتصادي يحتاج إلى خمس سنوات بحسب الخبراء.") == ("substantive",)


def test_the_changed_sentences_are_told_whole() -> None:
    edit = edit_of(OLD, replace(OLD, body=BODY.replace("300", "350")))
    assert edit is not None
    assert [(one.before, one.after) for one in edit.changes] == [(FIRST, FIRST.replace("300", "350"))]


@pytest.mark.parametrize(
    ("body", "doubtful"),
    [
        (FIRST, True),
        ("نص آخر لا صلة له بما سبق وهو من صندوق آخر في الصفحة نفسها. " * 5, True),
        (f"{FIRST}\n\n{SECOND}", False),
        (BODY.replace("إن", "ان"), False),
        ("", True),
    ],
)
def test_half_a_text_or_another_one_is_doubted(body: str, doubtful: bool) -> None:  # noqa: FBT001  # a table
    assert bool(doubt(OLD, replace(OLD, body=body))) is doubtful
