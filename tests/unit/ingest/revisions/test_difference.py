"""Differences in whole words and sentences."""

from ingest.revisions.difference import changes, sentences, words


def test_an_arabic_word_is_never_cut() -> None:
    assert [(one.what, one.text) for one in words("وقال الوزير أمس", "وقالت الوزيرة أمس")] == [
        ("cut", "وقال الوزير"),
        ("new", "وقالت الوزيرة"),
        ("same", "أمس"),
    ]


def test_sentences_end_at_arabic_marks_and_lines() -> None:
    text = "هل انتهت المفاوضات؟ نعم؛ بنسبة 3.5 بالمئة.\nعنوان فرعي\n\nوقال."
    assert sentences(text) == ["هل انتهت المفاوضات؟", "نعم؛", "بنسبة 3.5 بالمئة.", "عنوان فرعي", "وقال."]


def test_two_texts_that_differ_in_spaces_do_not_differ() -> None:
    assert changes("قال  الوزير.\n\nانتهى.", "قال الوزير.\nانتهى.") == ()
