"""A search's address is read and written back; its operators are found; nothing that is no search gets through."""

from urllib.parse import parse_qsl

import pytest

from ingest.desk.asked import Asked, read
from ingest.desk.words import Words, cleaned, words
from ingest.errors import Permanent
from ingest.query import Sort

FULL = Asked(
    text="سعر القطن",
    exact=True,
    phrase=True,
    each=True,
    sort=Sort.NEWEST,
    since="2026-07-01",
    until="2026-07-31",
    source=("a.example", "b.example"),
    section=("اقتصاد",),
    language=("ar",),
    author=("منى",),
    agency=("رويترز",),
    page=3,
)


def pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query)


@pytest.mark.parametrize("asked", [FULL, Asked(), Asked(text="وزير & =؟#")])
def test_every_state_is_an_address(asked: Asked) -> None:
    assert read(pairs(asked.query_string())) == asked


def test_what_is_usual_is_not_in_the_address() -> None:
    assert Asked(text="قطن").query_string() == "q=%D9%82%D8%B7%D9%86"


@pytest.mark.parametrize(
    ("name", "value"),
    [("page", "-1"), ("page", "1e9"), ("page", "٣"), ("sort", "worst"), ("exact", "yes"), ("no", "x")],
)
def test_what_is_not_understood_is_as_if_it_were_not_there(name: str, value: str) -> None:
    assert read([(name, value)]) == Asked()


def test_a_chosen_value_is_toggled_and_the_first_page_shown() -> None:
    more = FULL.toggled("source", "c.example")
    assert (more.source, more.page) == (("a.example", "b.example", "c.example"), 1)
    assert FULL.toggled("source", "a.example").source == ("b.example",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سعر القطن", Words("سعر القطن")),
        ('"رئيس الوزراء" -رياضة', Words("", ("رئيس الوزراء",), ("رياضة",))),
        ("«رئيس الوزراء» قطن", Words("قطن", ("رئيس الوزراء",))),
        ('قطن -"كرة القدم"', Words("قطن", (), ("كرة القدم",))),
        ("سعر-الصرف", Words("سعر-الصرف")),
        ('قطن "غير مغلقة', Words("قطن غير مغلقة")),
        ('"" - قطن', Words("- قطن")),
    ],
)
def test_operators(text: str, expected: Words) -> None:
    assert words(text) == expected


def test_what_nobody_sees_is_no_part_of_a_search() -> None:
    assert cleaned("\u202eقطن\u2066\x00 \u200f\n سعر\u200d\u200d\u200d") == "قطن سعر\u200d"


@pytest.mark.parametrize("text", ["ا" * 500, "ا " * 45, "ا" * 1_000_000, "\u200d" * 2000])
def test_what_nobody_types_is_refused(text: str) -> None:
    with pytest.raises(Permanent) as error:
        cleaned(text)
    assert error.value.reason == "query_too_long"
