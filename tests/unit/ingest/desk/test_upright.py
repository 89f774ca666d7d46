"""A text from outside, among others."""

import pytest

from ingest.desk.upright import MOST, upright


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("gnp.\u202eexe", "gnp.exe"),
        ("\u2066خبر\u2069", "خبر"),
        ("مُحَمَّدٌ رَّسُولُ", "مُحَمَّدٌ رَّسُولُ"),
        ("الم\u0653\u0670\u06da", "الم\u0653\u0670\u06da"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ع" + "\u064e" * 1000 + "ن", "ع" + "\u064e" * MOST + "ن"),
        ("Z" + "\u0336\u0489" * 500, "Z" + "\u0336\u0489" * (MOST // 2)),
        ("plain", "plain"),
    ],
)
def test_nothing_reaches_beyond_its_line(text: str, shown: str) -> None:
    assert upright(text) == shown
