"""What is too long for an article is refused or cut, with a reason."""

import pytest

from ingest.errors import Rejected
from ingest.model import Article
from ingest.pipeline import MOST_BODY, MOST_TEXT, STEPS, within_limits

FINE = Article(id="1", url="http://h/1", title="عنوان", body="نص", tags=("سياسة",), image="http://h/1.jpg")


def test_an_article_of_usual_length_stays_as_it_is() -> None:
    assert within_limits(FINE) == FINE
    assert within_limits in STEPS


def test_a_body_that_no_article_has_is_rejected() -> None:
    within_limits(Article(id="1", url="u", title="t", body="ن" * MOST_BODY))
    with pytest.raises(Rejected, match="too_long: its body has 1000001 characters"):
        within_limits(Article(id="1", url="u", title="t", body="ن" * (MOST_BODY + 1)))


def test_other_texts_are_cut_and_half_an_address_is_none() -> None:
    long = Article(
        id="1",
        url="u",
        title="ع" * (MOST_TEXT + 1),
        body="ن",
        tags=("أ" * (MOST_TEXT - 1), "ب", "ج"),
        image="data:" + "x" * MOST_TEXT,
    )
    cut = within_limits(long)
    assert len(cut.title) == MOST_TEXT
    assert cut.tags == long.tags[:2]
    assert cut.image == ""
