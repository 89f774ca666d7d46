"""The repair: what holds for every text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ingest.arabic.repair import STEPS, repair, repair_with_offsets
from tests.unit.ingest.arabic.test_repair import EXAMPLES, done

TROUBLE = (
    "ابلاةىيأعظطغ یکہگپچ ـــ\u064b\u0651\u064e\u0653\u0670 "
    "\u200c\u200d\u200f\u202b\ufeff\u00ad\u00a0\u2028\n\r\t\x00\x85\x93\ud800"
    "ﻻﷲﷺﹰﹱﭐﮎﯼÃÂØÙâÇáÓ§„€™œ¡¿.،؛؟:;&amp#x39quot= 👨\u094d5aé«»"
)


@given(st.text(st.sampled_from(sorted({char for rows in EXAMPLES.values() for row in rows for char in row[0]}))))
def test_no_text_is_skipped_that_a_step_has_work_on(text: str) -> None:
    assert repair(text) is not text or all(done(step, text) == text for step in STEPS)


TROUBLED = st.text(st.sampled_from(TROUBLE)) | st.lists(
    st.sampled_from([*TROUBLE, "&amp;", "الع", "Ø§Ù„", "ط§ظ„"])
).map("".join)


@given(TROUBLED)
def test_repair_is_idempotent_on_trouble(text: str) -> None:
    repaired = repair(text)
    assert repair(repaired) is repaired


@given(st.text())
def test_repair_is_idempotent(text: str) -> None:
    repaired = repair(text)
    assert repair(repaired) is repaired


@given(st.text(st.characters()))
def test_repaired_text_can_be_stored(text: str) -> None:
    assert repair(text).encode("utf-8").decode("utf-8") == repair(text)


@given(TROUBLED | st.text())
def test_offsets_lead_into_the_source(text: str) -> None:
    repaired, offsets = repair_with_offsets(text)
    assert repaired == repair(text)
    assert len(offsets) == len(repaired) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)


PIECES = {
    "العــراق": "العراق",
    "ﷲ": "الله",
    "محمدﷺ": "محمد صلى الله عليه وسلم",
    "\ufeff\u202bالعراق\u202c": "العراق",
    "&quot;نعم&amp;quot;": '"نعم"',
    "ا\u0653خر": "آخر",
    "مح\u0651\u064eمد": "مح\u064e\u0651مد",
    "کتاب": "كتاب",
    "إلى": "إلى",
    "Ø§Ù„Ø¹Ø±Ø§Ù‚": "العراق",
    "ط§ظ„ط¹ط±ط§ظ‚": "العراق",
    "ÇáÚÑÇÞ": "العراق",
    "BBC": "BBC",
}
GAPS = {" ": " ", "  ": " ", "\u00a0": " ", "\r\n": "\n", " \n\t": "\n", "\n\n\n\n": "\n\n", " \u200f ": " "}


@given(st.lists(st.tuples(st.sampled_from(list(PIECES)), st.sampled_from(list(GAPS))), min_size=1))
def test_offsets_of_words_are_exact(words: list[tuple[str, str]]) -> None:
    text = "".join(piece + gap for piece, gap in words) + "انتهى"
    repaired, offsets = repair_with_offsets(text)
    start, origin = 0, 0
    for piece, gap in words:
        end = start + len(PIECES[piece])
        assert repaired[start:end] == PIECES[piece]
        assert origin <= offsets[start] <= offsets[end - 1] < origin + len(piece) <= offsets[end]
        start, origin = end + len(GAPS[gap]), origin + len(piece) + len(gap)
    assert repaired[start:] == "انتهى"
    assert offsets[start:] == list(range(origin, len(text) + 1))


LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىءآأؤإئة"


WORDS = st.lists(
    st.text(st.sampled_from(LETTERS), min_size=1) | st.from_regex("[0-9٠-٩A-Za-z]{1,5}", fullmatch=True), min_size=1
)


@given(WORDS, st.sampled_from([" ", "، ", ". ", "\n", "؟\n\n", " «", "» (", ") - "]))
def test_text_of_clean_words_comes_back_as_the_same_object(words: list[str], between: str) -> None:
    text = between.join(words)
    assert repair(text) is text


NOISE = "\u0640\u200f\u202b\u200b\u00ad\ufeff\u00a0\t\r\n ،.:؛!؟«»()"


@given(st.text(st.sampled_from(LETTERS + "\u064b\u064e\u0650\u0652٠١٢012" + NOISE)))
def test_no_letter_diacritic_or_digit_is_lost(text: str) -> None:
    def seen(some: str) -> str:
        return "".join(char for char in unicodedata.normalize("NFC", some) if char not in NOISE)

    assert seen(repair(text)) == seen(
        "".join(char for char in text if char not in "\u0640\u200f\u202b\u200b\u00ad\ufeff")
    )
