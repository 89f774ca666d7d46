"""`fold` in Python and `ar_exact` in Elasticsearch make the same tokens of the same text."""

import random
from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from ingest.arabic.fold import tokens
from workers.store.analysis import analysis

INDEX = "test-fold-twin"
TEXTS = 2000

WORDS = """
العراق وزير الوزراء مَدْرَسَةٌ إلى على أولى آخر مسؤول شيء عــــراق هـ الـBBC الـ20 لـ«داعش»
٢٠٢٦ ۲۰۲۶ 2026-07-01 12:30 1,000
1,234,567 ١٬٠٠٠ ١٫٥ 1.5 3.5.6 5،6 أ.ف.ب قال:نعم قال.وأضاف ل'داعش' #كأس_العالم @user_name cnn.com café ÉCOLE İstanbul
ΟΔΟΣ Москва straße کتاب عراقی گوگل پاکستان چاد ڤيتامين ﻻ ﷲ ﷺ ﻣﺤﻤﺪ ٱلعراق هٰذا
رااااائع جدااااااااااااااااااا حلوووو كبييير .ااااا :يييي لااا أأأأ اااأ .com example.org U.S.A a.1 1.a ..net
😀 👍🏽 👨‍👩‍👧 🇸🇦 漢字 c++ x² ½ don't l’été a.b a:b ﴾آية﴿ ﷼
""".split()  # noqa: SIM905 (a list of them is unreadable)
CHARACTERS = (
    "ابتةىيأإآٱءؤئهوكلم کیگپچژہەےۀڤ ـ\u064b\u064e\u0651\u0652\u0670\u0653\u06d6 "
    "\u200b\u200c\u200d\u200f\u202b\u2067\ufeff\u00ad\u061c"
    "ﻻﻵﷲﷺﹰﹱ٠١٩۴5678aBçÉñŠøΣσи.,:;'’‘·،؛؟!?-–_/#@%٪٫٬«»()\"…\u00a0\u202f\u3000\n\t²½ª٭漢かカ한ー😀©1\u20e3\ufe0f"
)


def _texts() -> list[str]:
    chance = random.Random(1447)
    mixed = [" ".join(chance.choices(WORDS, k=12)) for _ in range(TEXTS // 4)]
    glued = ["".join(chance.choices([*WORDS, *CHARACTERS], k=12)) for _ in range(TEXTS // 4)]
    noise = ["".join(chance.choices(CHARACTERS, k=40)) for _ in range(TEXTS // 4)]
    drawn = ["".join(chance.choices("ااااووييه.:ـ ٱ\u064eب", k=25)) for _ in range(TEXTS // 4)]
    return [*mixed, *glued, *noise, *drawn, "ا" * 600, "ب" * 600]


@pytest.fixture(scope="module")
def analyzed(elasticsearch: Elasticsearch) -> Iterator[str]:
    elasticsearch.options(ignore_status=404).indices.delete(index=INDEX)
    elasticsearch.indices.create(index=INDEX, settings={"analysis": analysis()})
    yield INDEX
    elasticsearch.indices.delete(index=INDEX)


@pytest.mark.stack
def test_fold_makes_the_tokens_of_ar_exact(elasticsearch: Elasticsearch, analyzed: str) -> None:
    different = []
    for text in _texts():
        answer = elasticsearch.indices.analyze(index=analyzed, analyzer="ar_exact", text=text)
        exact = [token["token"] for token in answer["tokens"]]
        if exact != tokens(text):
            different.append((text, exact, tokens(text)))
    assert not different, f"{len(different)} of {TEXTS}, the first: {different[0]}"
