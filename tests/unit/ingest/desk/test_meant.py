"""Spellings, keyboards and completions; what is cited and reported."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.desk.citation import citation, issue, link
from ingest.desk.completions import completions
from ingest.desk.keyboard import other_script
from ingest.desk.meant import Guess, alike, as_written, meant, spellings, suggester

DOCUMENT = {
    "id": "ab" * 16,
    "title": "ارتفاع أسعار القطن",
    "site": "دفاتر الوادي",
    "host": "dafatir.example",
    "url": "https://dafatir.example/a",
    "authors": ["منى", "علي"],
    "provenance": ["title=h1", "authors=json-ld"],
}


@pytest.mark.parametrize(
    ("typed", "meant_"),
    [
        ("hguvhr", "العراق"),
        ("HGUVHR", "العراق"),
        ("hgr'k", "القطن"),
        ("wpdtm", "صحيفة"),
        ("صخقمي", "world"),
        ("العراق", "hguvhr"),
        ("bs", "لاس"),
        ("BBC العربية", ""),
        ("2026", ""),
    ],
)
def test_the_other_keyboard(typed: str, meant_: str) -> None:
    assert other_script(typed) == meant_


def test_spellings_are_the_other_keyboards_then_the_indexs_own_words() -> None:
    options: list[dict[str, Any]] = [
        {"text": "سعر", "options": []},
        {"text": "القطم", "options": [{"text": "القطن", "score": 0.8}]},
    ]
    assert spellings("سعر القطم", options) == [other_script("سعر القطم"), "سعر القطن"]


def test_the_words_of_headlines_are_known_too() -> None:
    body = {"text": "القطم", "options": [{"text": "القطر", "score": 0.6}, {"text": "القطن", "score": 0.8}]}
    title = {"text": "القطم", "options": [{"text": "القطيف", "score": 0.7}, {"text": "القطن", "score": 0.8}]}
    (found,) = alike({"body": [body], "title": [title]})
    assert [option["text"] for option in found["options"]] == ["القطن", "القطيف", "القطر"]
    assert {one["term"]["field"] for one in suggester("قطن").values()} == {"body.exact", "title.exact"}


def test_a_spelling_that_is_the_same_to_a_search_is_none() -> None:
    assert spellings("مسئول", [{"text": "مسئول", "options": [{"text": "مَسئول", "score": 0.9}]}])[1:] == []


@pytest.mark.parametrize(
    ("total", "counts", "expected"),
    [(0, [0, 3], 1), (2, [19, 3], None), (2, [3, 20], 1), (0, [0, 0], None), (0, [5, 5], 0), (0, [], None)],
)
def test_a_spelling_must_find_much_more(total: int, counts: list[int], expected: int | None) -> None:
    guesses = [Guess(str(place), count) for place, count in enumerate(counts)]
    assert meant(total, guesses) == (None if expected is None else guesses[expected])


def test_a_spelling_is_shown_as_articles_write_it() -> None:
    assert as_written("القاهره اليوم", ["القاهرة", "«مصر»"]) == "القاهرة اليوم"


def test_completions_are_words_of_headlines_as_they_are_written() -> None:
    titles = ["الانتخابات البلدية في «الانتخاب»", "نتائج الانتخابات", "انتخاب رئيس"]
    assert completions("نتائج الانتخا", titles) == ["نتائج الانتخابات", "نتائج الانتخاب"]
    assert completions("انتخا", titles) == ["الانتخابات", "الانتخاب", "انتخاب"]
    assert completions("ا", titles) == []
    assert completions("", titles) == []


def test_a_citation_has_who_what_where_when() -> None:
    at = datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert citation(DOCUMENT, at, UTC) == (
        "منى، علي، «ارتفاع أسعار القطن»، دفاتر الوادي، 22 نوفمبر 2026، https://dafatir.example/a"
    )
    assert citation(DOCUMENT | {"authors": [], "language": "en"}, None, UTC).startswith("“ارتفاع")


def test_an_issue_names_the_place_and_quotes_no_text() -> None:
    text = issue(DOCUMENT, "title", " العنوان الصحيح ")
    assert "Found at: title=h1" in text
    assert "Wanted: العنوان الصحيح" in text
    assert str(DOCUMENT["title"]) not in text


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.example/", "https://a.example/"),
        ("javascript:alert(1)", "#"),
        ("data:text/html,x", "#"),
        ("file:///etc", "#"),
    ],
)
def test_only_addresses_of_the_web_are_links(address: str, expected: str) -> None:
    assert link(address) == expected
