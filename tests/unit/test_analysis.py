"""The analyzers are JSON for Elasticsearch; what they share with `fold` is generated here and compared."""

import json
import unicodedata
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from ingest.arabic.tables import FOLDED, FULL_LETTERS_CLASS, JOINING_MARKS, TATWEEL, expanded

ANALYSIS_FILE = Path(__file__).parents[2] / "deploy/elasticsearch/analysis.json"
ANALYSIS: dict[str, Any] = json.loads(ANALYSIS_FILE.read_text("utf-8"))


def _escaped(text: str) -> str:
    """Escape for the mapping char filter what an editor would not show or would join to its neighbour."""
    return "".join(c if unicodedata.category(c)[0] in "LNP" and c.isprintable() else f"\\u{ord(c):04X}" for c in text)


def _rules(mapping: dict[str, str]) -> list[str]:
    return [f"{_escaped(key)}=>{_escaped(value)}" for key, value in sorted(mapping.items())]


def character_rules() -> list[str]:
    latin = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789٠١٢٣٤٥٦٧٨٩"
    free_latin = {TATWEEL + char: " " + char for char in latin}
    joined_words = {
        mark + letter: " " + letter for mark, letter in product(JOINING_MARKS, expanded(FULL_LETTERS_CLASS))
    }
    thousands = {f",{number:03}": f"{number:03}" for number in range(1000)}
    return _rules(FOLDED | free_latin | joined_words | thousands)


def test_the_char_filter_holds_the_rules_of_fold() -> None:
    assert ANALYSIS["char_filter"] == {"ar_characters": {"type": "mapping", "mappings": character_rules()}}


def test_the_analyzers_are_those_that_the_mapping_names() -> None:
    assert set(ANALYSIS["analyzer"]) == {"ar_news", "ar_news_search", "ar_exact", "ar_autocomplete"}


@pytest.mark.parametrize("name", ANALYSIS["analyzer"])
def test_every_analyzer_reads_characters_as_exact_does(name: str) -> None:
    analyzer = ANALYSIS["analyzer"][name]
    exact = ANALYSIS["analyzer"]["ar_exact"]
    assert analyzer["char_filter"] == exact["char_filter"] == ["ar_characters"]
    assert analyzer["tokenizer"] == exact["tokenizer"] == "standard"


def test_exact_neither_stops_nor_stems() -> None:
    assert ANALYSIS["analyzer"]["ar_exact"]["filter"] == ["lowercase", "decimal_digit", "arabic_normalization"]


@pytest.mark.parametrize("name", ["ar_news", "ar_news_search"])
def test_stop_words_go_before_normalization_makes_a_name_of_them(name: str) -> None:
    filters = ANALYSIS["analyzer"][name]["filter"]
    assert filters.index("ar_stop") < filters.index("arabic_normalization") < filters.index("ar_stem")


def test_autocomplete_is_exact_cut_into_beginnings() -> None:
    exact = ANALYSIS["analyzer"]["ar_exact"]["filter"]
    assert ANALYSIS["analyzer"]["ar_autocomplete"]["filter"] == [*exact, "ar_beginnings"]
    beginnings = ANALYSIS["filter"]["ar_beginnings"]
    assert (beginnings["min_gram"], beginnings["max_gram"], beginnings["preserve_original"]) == (2, 15, True)


def test_no_regular_expression_runs_at_index_time() -> None:
    parts = [*ANALYSIS["char_filter"].values(), *ANALYSIS["filter"].values()]
    assert {part["type"] for part in parts} == {"mapping", "stop", "stemmer", "edge_ngram"}
