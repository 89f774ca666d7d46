"""Differences between texts: both can be read off them."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.revisions.difference import words

WORDS = st.lists(st.sampled_from(["قال", "الوزير", "إن", "ان", "العراق", "300", "BBC", "."]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_what_stayed_and_went_is_the_old_text_and_what_stayed_and_came_the_new(old: str, new: str) -> None:
    pieces = words(old, new)
    assert " ".join(one.text for one in pieces if one.what != "new") == " ".join(old.split())
    assert " ".join(one.text for one in pieces if one.what != "cut") == " ".join(new.split())
