"""Differences in whole words and sentences."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.revisions.difference import changes, sentences, words

WORDS = st.lists(st.sampled_from(["قال", "الوزير", "إن", "ان", "العراق", "300", "BBC", "."]), max_size=12).map(" ".join)


def test_an_arabic_word_is_never_cut() -> None:
    assert [(one.what, one.text) for one in words("وقال الوزير أمس", "وقالت الوزيرة أمس")] == [
        ("cut", "وقال الوزير"),
        ("new", "وقالت الوزيرة"),
        ("same", "أمس"),
    ]


@given(WORDS, WORDS)
def test_what_stayed_and_went_is_the_old_text_and_what_stayed_and_came_the_new(old: str, new: str) -> None:
    pieces = words(old, new)
    assert " ".join(one.text for one in pieces if one.what != "new") == " ".join(old.split())
    assert " ".join(one.text for one in pieces if one.what != "cut") == " ".join(new.split())


def test_sentences_end_at_arabic_marks_and_lines() -> None:
    text = "هل انتهت المفاوضات؟ نعم؛ بنسبة 3.5 بالمئة.\nعنوان فرعي\n\nوقال."
    assert sentences(text) == ["هل انتهت المفاوضات؟", "نعم؛", "بنسبة 3.5 بالمئة.", "عنوان فرعي", "وقال."]


def test_two_texts_that_differ_in_spaces_do_not_differ() -> None:
    assert changes("قال  الوزير.\n\nانتهى.", "قال الوزير.\nانتهى.") == ()
