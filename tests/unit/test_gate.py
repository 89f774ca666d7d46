"""What passes the gate, and what does not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.errors import Rejected
from ingest.extract.gate import check
from ingest.model import Article

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
        (replace(ARTICLE, title="Error 404 - Not Found"), "not_an_article"),
        (replace(ARTICLE, title="Page not found"), "not_an_article"),
        (replace(ARTICLE, title="خطأ 404"), "not_an_article"),
        (replace(ARTICLE, body=HEADLINES), "not_an_article"),
        (replace(ARTICLE, url="https://akhbar.example/"), "not_an_article"),
    ],
)
def test_what_is_no_article_is_rejected(article: Article, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        check(article)
    assert caught.value.reason == reason
    assert caught.value.detail
