"""The search key: what holds for every text."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.arabic.fold import fold, tokens

NOISE = ["\u0640", "\u0640\u0640", "\u064b", "\u0651\u064e", "\u0670", "\u200f", "\u200c", "\u202b", "\u00ad", "\ufeff"]


@given(st.lists(st.lists(st.sampled_from("بتةىأإآكعﻻ"), min_size=1), min_size=1), st.sampled_from(NOISE))
def test_what_is_written_around_the_letters_does_not_count(words: list[list[str]], noise: str) -> None:
    assert fold(" ".join(noise.join(word) for word in words)) == fold(" ".join("".join(word) for word in words))


@given(st.text())
def test_words_hold_no_space_and_are_not_empty(text: str) -> None:
    assert all(word and word.split() == [word] for word in tokens(text))
