from datetime import timedelta

import pytest

from ingest.stories.relation import relation, text_of
from tests.unit.ingest.stories.texts import NOON, prose

PROSE = " ".join(prose(1))


def related(one: str, other: str, *, titles: tuple[str, str] = ("", ""), hours: float = 0) -> str:
    texts = text_of(titles[0], one, NOON), text_of(titles[1], other, NOON + timedelta(hours=hours))
    found, back = relation(*texts), relation(*reversed(texts))
    assert found == back
    return found.kind


def edited(every: int) -> str:
    return " ".join(word if n % every else f"غير{n}" for n, word in enumerate(prose(1)))


def test_the_same_text_is_a_copy() -> None:
    assert related(PROSE, PROSE) == "copy"


def test_an_edited_text_is_a_version() -> None:
    assert related(PROSE, edited(40)) == "version"


def test_a_text_in_a_longer_one_is_a_part_of_it() -> None:
    assert related(PROSE, f"{' '.join(prose(2, 400))} {PROSE}") == "part"


@pytest.mark.parametrize("other", [" ".join(prose(2)), edited(6), ""], ids=["other", "every sixth word", "empty"])
def test_other_texts_are_none(other: str) -> None:
    assert related(PROSE, other) == "none"


def test_a_reprint_is_a_story_of_its_own() -> None:
    assert related(PROSE, PROSE, hours=31 * 24) == "none"


def test_what_a_site_repeats_is_no_story() -> None:
    own = f"{' '.join(prose(6, 50))} {PROSE}", f"{' '.join(prose(7, 50))} {PROSE}"
    one, other = (text_of("", text, NOON, "paper.example") for text in own)
    assert relation(one, other).reason == "what their site repeats"
    assert relation(one, text_of("", own[1], NOON, "other.example")).kind == "version"


def test_a_caption_is_no_story() -> None:
    caption = " ".join(prose(5, 14))
    assert related(caption, caption) == "none"
    assert related(caption, f"{caption} {PROSE}") == "none"


WEATHER = f"تتوقع الأرصاد أن يكون الطقس حارا {PROSE}"
PLANE = f"وصلت إلى المطار الطائرة الإغاثية الثالثة {PROSE}"
TRAPS = [
    (WEATHER + " 41 درجة", WEATHER + " 43 درجة", 0, "bulletins with different numbers"),
    (WEATHER, WEATHER.replace(" ".join(prose(1)[90:]), " ".join(prose(4, 25))), 48, "bulletins of different days"),
    (PLANE, PLANE.replace("الثالثة", "الرابعة"), 20, "they count"),
]


@pytest.mark.parametrize(("one", "other", "hours", "why"), TRAPS, ids=[trap[-1] for trap in TRAPS])
def test_formula_texts_are_different_stories(one: str, other: str, hours: float, why: str) -> None:
    found = relation(text_of("", one, NOON), text_of("", other, NOON + timedelta(hours=hours)))
    assert (found.kind, found.reason[: len(why)]) == ("none", why)


def test_a_bulletin_may_have_copies() -> None:
    assert related(WEATHER + " 41 درجة", WEATHER + " 41 درجة مئوية", hours=2) != "none"
    assert related(PLANE, PLANE) == "copy"


EXECUTION = f"أعلنت وزارة الداخلية تنفيذ حكم القتل قصاصا في أحد الجناة {PROSE}"
ANOTHER = EXECUTION.replace(" ".join(prose(1)[90:]), " ".join(prose(4, 25)))


def test_executions_of_two_days_are_two() -> None:
    assert related(EXECUTION, ANOTHER, hours=24) == "none"
    assert related(EXECUTION, ANOTHER, hours=2) == "version", "papers edit what the ministry says"


@pytest.mark.parametrize(
    "title",
    [
        *("كاريكاتير", "حالة الطقس", "مواقيت الصلاة", "وفيات الثلاثاء", "نتائج سحب اللوتو اللبناني"),
        *("سعر الدولار اليوم في البنوك المصرية", "أسعار الخضروات والفاكهة اليوم في سوق العبور", "سعر الذهب اليوم"),
        *(
            "مواعيد مباريات اليوم والقنوات الناقلة",
            "ترتيب الدوري السعودي",
            "القيادة تهنئ رئيس مالي",
            "تهنئة لرئيس مالي",
            "ارتفاع مؤشر قطر",
            "الصحة: لا إصابات جديدة بكورونا",
        ),
    ],
)
def test_the_same_words_of_one_paper_on_two_days_are_two_bulletins(title: str) -> None:
    one, late = (text_of(title, PROSE, NOON + timedelta(hours=hours), "paper.example") for hours in (0, 24))
    other = text_of(title, PROSE, NOON + timedelta(hours=24), "other.example")
    assert relation(one, late).kind == "none"
    assert relation(one, other).kind == "copy"


@pytest.mark.parametrize(
    "title",
    [
        "الإمارات: تحرير أسعار الوقود من أول أغسطس",
        "اجتماع حول مواعيد مباريات الدوري",
        "دجاج للإيجار بعد ارتفاع أسعار البيض",
    ],
)
def test_news_of_prices_is_no_bulletin(title: str) -> None:
    assert text_of(title, PROSE, NOON).numbers is None
