"""Each rule of the search key by its examples; the analyzer itself is compared in tests/stack/test_fold_twin.py."""

from collections.abc import Callable

import pytest

from ingest.arabic.fold import MAX_TOKEN_LENGTH, RULES, fold, tokens

EXAMPLES: dict[str, list[tuple[str, str]]] = {
    "free_latin": [
        ("الـBBC", "ال BBC"),
        ("الـ20", "ال 20"),
        ("عـراق", "عـراق"),
        ("لـ«داعش»", "لـ«داعش»"),
    ],
    "short_letters": [
        ("رااااائع", "رائع"),
        ("جداااا", "جدا"),
        ("حلووو كبيييير", "حلو كبير"),
        ("الاالتزام", "الاالتزام"),
        (":ااا", ":ااا"),
    ],
    "joined_words": [
        ("قال:نعم", "قال نعم"),
        ("قال.وأضاف", "قال وأضاف"),
        ("ل'داعش'", "ل داعش'"),
        ("cnn.com", "cnn com"),
        ("قال. نعم", "قال. نعم"),
    ],
    "thousands": [("1,000", "1000"), ("1,234,567", "1234567"), ("1,5", "1,5"), ("قال, 100", "قال, 100")],
    "letters": [
        ("عــراق", "عراق"),
        ("وَزِيرٌ", "وزير"),
        ("هٰذا ٱلعراق", "هذا العراق"),
        ("\u200fالعراق\u202c", "العراق"),
        ("ﻣﺤﻤﺪ ﻻ ﷲ", "محمد لا الله"),
        ("کتاب عراقی", "كتاب عراقي"),
        ("گوگل پاریس چاد ڤيتامين", "كوكل باريس جاد فيتامين"),
        ("كأس_العالم", "كأس العالم"),
        ("١٬٠٠٠ ١٫٥", "١٠٠٠ ١.٥"),
        ("café Šibenik", "cafe Sibenik"),
        ("مسؤول شيء", "مسؤول شيء"),
    ],
    "lowercase": [("BBC", "bbc"), ("ΟΔΟΣ", "οδοσ")],
    "digits": [("٢٠٢٦", "2026"), ("۲۰۲۶", "2026"), ("x²", "x²")],
    "arabic_normalization": [("أحمد إلى آخر", "احمد الي اخر"), ("مدرسة", "مدرسه"), ("مسؤول شيء", "مسؤول شيء")],
}
TEXTS = [
    ("قال:نعم، ثم 1,000 من الـBBC", ["قال", "نعم", "ثم", "1000", "من", "ال", "bbc"]),
    ("أ.ف.ب", ["ا", "ف", "ب"]),
    ("#كأس_العالم @user_name", ["كاس", "العالم", "user", "name"]),
    ("2026-07-01 12:30", ["2026", "07", "01", "12", "30"]),
    ("3.5.6 5،6 a.b don't", ["3.5.6", "5،6", "a", "b", "don't"]),
    ("x² ½", ["x"]),
    ("漢字 カタカナ", ["漢", "字", "カタカナ"]),
    ("😀👍🏽 🇸🇦", ["😀", "👍🏽", "🇸🇦"]),
    ("ـ ً \u200f", []),
    ("ب" * (MAX_TOKEN_LENGTH + 1), ["ب" * MAX_TOKEN_LENGTH, "ب"]),
]


def test_every_rule_has_examples() -> None:
    assert [rule.__name__ for rule in RULES] == list(EXAMPLES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(rule: Callable[[str], str]) -> None:
    for before, after in EXAMPLES[rule.__name__]:
        assert rule(before) == after


@pytest.mark.parametrize(("text", "words"), TEXTS)
def test_tokens(text: str, words: list[str]) -> None:
    assert tokens(text) == words


def test_the_key_is_the_tokens_with_a_space_between() -> None:
    assert fold("الرئيسُ  إلى: بغداد.") == "الرئيس الي بغداد"
