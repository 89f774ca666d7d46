"""Each step of the repair by its examples, and what holds for every text."""

import html

import pytest

from ingest.arabic.lookalikes import is_foreign
from ingest.arabic.repair import STEPS, repair, repair_with_offsets
from ingest.arabic.rules import Step, step
from ingest.arabic.tables import PRESENTATION_FORMS

SENTENCE = "قال رئيس الوزراء إن الحكومة ستعقد اجتماعًا في بغداد، «غدًا» عند الساعة 10:30؛ فهل يحضر الجميع؟"
UNCHANGED = [
    SENTENCE,
    "مُحَمَّد أولى إلى مسؤول شيء مدرسة على ٢٠٢٦ ۲۰۲۶ ١٫٥",
    "رااااائع",
    "Médecins Sans Frontières، Köln، CAFÉ» É»",
    "",
    "﴾آية﴿ ﷼ 100",
    "حفظ» وعظ؟ طبع… شرط، آخر",
]


def misread(written: str, read: str) -> str:
    return SENTENCE.encode(written, "ignore").decode(read)


EXAMPLES: dict[str, list[tuple[str, str]]] = {
    "mojibake": [
        (misread("cp1256", "latin-1"), SENTENCE),
        (misread("cp1256", "cp1252"), SENTENCE),
        (misread("utf-8", "latin-1"), SENTENCE),
        (misread("utf-8", "cp1256"), SENTENCE),
        (misread("iso8859-6", "latin-1"), SENTENCE.replace("«", "").replace("»", "")),
        ("Ø§Ù„Ø¹Ø±Ø§Ù‚", "العراق"),
        ("ÇáÚÑÇÞ", "العراق"),
        ("ÇáÚÑÇÞ Köln", "العراق Köln"),
        ("المصدر: ط§ظ„ط¹ط±ط§ظ‚", "المصدر: العراق"),
        ("قال â€œنعمâ€\u009d", "قال “نعم”"),
        ("اگرچہ", "اگرچہ"),
        ("ÀÁÂÃÄÅ", "ÀÁÂÃÄÅ"),
        ("à l’été", "à l’été"),
    ],
    "remains": [
        ("قال \u0093نعم\u0094", "قال “نعم”"),
        ("قال Â نعم", "قال نعم"),
        ("Â", "Â"),
    ],
    "entities": [
        ("قال&nbsp;&quot;نعم&quot;", 'قال "نعم"'),
        ("&#1593;&#x639;", "عع"),
        ("&amp;quot;نعم&amp;amp;quot;", '"نعم"'),
        ("A & B", "A & B"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("?a=1&lt;=2", "?a=1&lt;=2"),
        ("AT&amp;T", "AT&T"),
        ("&notaname;", "&notaname;"),
    ],
    "visual_order": [
        (".ﻊﻴﺑﺮﻟﺍ ﻲﻓ ﺔﺳﺭﺪﻤﻟﺍ ﺢﺘﻔﺗ", "تفتح المدرسة في الربيع."),
        ("(2026 ﺮﺒﻤﻓﻮﻧ 22) BBC ﺔﻴﺑﺮﻌﻟﺍ", "العربية BBC (22 نوفمبر 2026)"),
        ("ﺗﻔﺘﺢ ﺍﻟﻤﺪﺭﺳﺔ", "تفتح المدرسة"),
        ("ﻼﻫ", "لاه"),
    ],
    "presentation_forms": [
        ("ﻣﺤﻤﺪ", "محمد"),
        ("ﻻ ﻷ ﻵ", "لا لأ لآ"),
        ("ﷲ ﷺ", "الله صلى الله عليه وسلم"),
        ("﷽", "بسم الله الرحمن الرحيم"),
        ("ﻛﺘﺎﺑﺎﹰ", "كتاباً"),
        ("﴾آية﴿ ﷼", "﴾آية﴿ ﷼"),
    ],
    "composition": [("ا\u0653خر", "آخر"), ("cafe\u0301", "café"), ("مح\u0651\u064eمد", "مح\u064e\u0651مد")],
    "tatweel": [
        ("العــــراق", "العراق"),
        ("شكـــرًا", "شكرًا"),
        ("مـَـدرسة", "مَدرسة"),
        ("الـBBC", "الـBBC"),
        ("الـــ20", "الـ20"),
        ("لـ«داعش»", "لـ«داعش»"),
        ("1447هـ", "1447هـ"),
        ("بغداد ـ الوطن", "بغداد ـ الوطن"),
    ],
    "invisible": [
        ("\u202bالعراق\u202c\u200f\u061c", "العراق"),
        ("ال\u00adعر\u200bاق\ufeff", "العراق"),
        ("عراق\x00\x1a\x7f\ud800", "عراق"),
        ("سطر\nثان جدول", "سطر\nثان جدول"),
        ("الع\u200cراق", "العراق"),
        ("او می\u200cگوید که\u200c", "او می\u200cگوید که"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
    ],
    "lookalikes": [
        ("کتاب عراقی", "كتاب عراقي"),
        ("فی ہذا ەذا", "في هذا هذا"),
        ("علی وإلی وحتی", "على وإلى وحتى"),
        ("معلی علیه", "معلي عليه"),
        ("قال عمران خان فی باکستان إن پاکستان تدعم القرار", "قال عمران خان في باكستان إن پاکستان تدعم القرار"),
        ("این کتاب را که می‌خوانید خوب است", "این کتاب را که می‌خوانید خوب است"),
        ("یہ پاکستان کے شہر کی خبر ہے", "یہ پاکستان کے شہر کی خبر ہے"),
    ],
    "spacing": [
        ("قال\u00a0 \u2009نعم\u3000", "قال نعم"),
        ("قال ، نعم ؛ هل ؟ تم .", "قال، نعم؛ هل؟ تم."),
        ("منصة .NET", "منصة .NET"),
        ("سطر \r\n\r\n\r\n\r\n ثان\t\n ثالث", "سطر\n\nثان\nثالث"),
        ("سطر\u2028ثان\rثالث\x0bرابع", "سطر\nثان\nثالث\nرابع"),
        ("\n قال \n", "قال"),
    ],
}


def test_every_step_has_examples() -> None:
    assert [step.name for step in STEPS] == list(EXAMPLES)


def done(step: Step, text: str) -> str:
    for rule in step.rules(text, frozenset(text)):
        text = rule.apply(text)
    return text


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_the_repair_does_what_the_examples_of_a_step_say(step: Step) -> None:
    for before, after in EXAMPLES[step.name]:
        assert repair(before) == after
        assert repair(done(step, before)) == after
    assert any(done(step, before) != before for before, _ in EXAMPLES[step.name])


def test_a_step_that_would_never_be_asked_is_refused() -> None:
    with pytest.raises(TypeError, match="name the signs"):
        step()


@pytest.mark.parametrize("text", UNCHANGED)
def test_a_clean_text_comes_back_as_the_same_object(text: str) -> None:
    assert repair(text) is text


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_has_nothing_to_do_on_clean_text(step: Step) -> None:
    assert [done(step, text) for text in UNCHANGED] == UNCHANGED


@pytest.mark.parametrize(
    "broken",
    [
        SENTENCE.encode().decode("latin-1").encode().decode("latin-1"),
        SENTENCE.encode().decode("cp1256").encode().decode("cp1256"),
        html.escape(html.escape(SENTENCE)).replace("،", "&amp;#1548;"),
        SENTENCE.replace("ق", "ق\u200f\u0640\u200f"),
        "\ufeff" + SENTENCE.replace(" ", "\u00a0 ") + " \r\n",
        "".join({letters: form for form, letters in PRESENTATION_FORMS.items()}.get(c, c) for c in SENTENCE),
    ],
)
def test_breakages_on_top_of_each_other(broken: str) -> None:
    assert broken != SENTENCE
    assert repair(broken) == SENTENCE


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("این خبر را که گفت", True),
        ("یہ خبر پاکستان سے ہے", True),
        ("ئەم هەواڵە لە کوردستان", True),
        ("گوگل تطلق خدمة جديدة في العراق", False),
        ("کتاب", False),
        (SENTENCE, False),
    ],
)
def test_a_text_is_foreign_by_its_letters_and_words(text: str, foreign: bool) -> None:  # noqa: FBT001
    assert is_foreign(text) is foreign


@pytest.mark.parametrize(
    ("before", "after", "offsets"),
    [
        ("العــراق", "العراق", [0, 1, 2, 5, 6, 7, 8]),
        ("Ø§Ù„Ø¹ ع", "الع ع", [0, 2, 4, 6, 7, 8]),
        ("ﷲ &lt;", "الله <", [0, 0, 0, 0, 1, 2, 6]),
        ("ÇáÚÑÇÞ", "العراق", [0, 1, 2, 3, 4, 5, 6]),
        ("\ufeffنعم ", "نعم", [1, 2, 3, 5]),
        ("clean", "clean", [0, 1, 2, 3, 4, 5]),
    ],
)
def test_offsets(before: str, after: str, offsets: list[int]) -> None:
    assert repair_with_offsets(before) == (after, offsets)
