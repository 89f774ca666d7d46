"""The analyzers are put together for Elasticsearch; tests/stack/test_search_*.py ask the real server."""

import json
from typing import Any

import pytest

from workers.store.analysis import FOLDER, analysis, character_rules

ANALYSIS: dict[str, Any] = analysis()
TYPES = {"mapping", "stop", "stemmer_override", "synonym_graph", "edge_ngram"}


def test_the_analyzers_are_those_that_the_mapping_names() -> None:
    assert set(ANALYSIS["analyzer"]) == {"ar_news", "ar_news_search", "ar_exact", "ar_autocomplete"}


@pytest.mark.parametrize("name", ANALYSIS["analyzer"])
def test_every_analyzer_reads_characters_as_exact_does(name: str) -> None:
    analyzer = ANALYSIS["analyzer"][name]
    exact = ANALYSIS["analyzer"]["ar_exact"]
    assert analyzer["char_filter"][0] == exact["char_filter"][0] == "ar_characters"
    assert analyzer["tokenizer"] == exact["tokenizer"] == "standard"


def test_exact_neither_stops_nor_stems() -> None:
    exact = ANALYSIS["analyzer"]["ar_exact"]
    assert exact["filter"] == ["lowercase", "decimal_digit", "arabic_normalization"]
    assert exact["char_filter"] == ["ar_characters"]


def test_a_search_reads_as_the_index_does_and_adds_synonyms() -> None:
    index, search = ANALYSIS["analyzer"]["ar_news"], ANALYSIS["analyzer"]["ar_news_search"]
    assert [name for name in search["filter"] if name != "ar_synonyms"] == index["filter"]
    assert search["filter"].index("ar_synonyms") == search["filter"].index("ar_lexicon") - 1
    assert search["char_filter"] == index["char_filter"]


@pytest.mark.parametrize("name", ["ar_news", "ar_news_search"])
def test_stop_words_go_before_normalization_makes_a_name_of_them(name: str) -> None:
    filters = ANALYSIS["analyzer"][name]["filter"]
    order = [filters.index(one) for one in ("ar_stop", "arabic_normalization", "ar_lexicon", "arabic_stem")]
    assert order == sorted(order)


def test_autocomplete_is_exact_cut_into_beginnings() -> None:
    exact = ANALYSIS["analyzer"]["ar_exact"]["filter"]
    assert ANALYSIS["analyzer"]["ar_autocomplete"]["filter"] == [*exact, "ar_beginnings"]
    beginnings = ANALYSIS["filter"]["ar_beginnings"]
    assert (beginnings["min_gram"], beginnings["max_gram"], beginnings["preserve_original"]) == (2, 15, True)


def test_no_regular_expression_and_no_plugin_is_needed() -> None:
    parts = [*ANALYSIS["char_filter"].values(), *ANALYSIS["filter"].values()]
    assert {part["type"] for part in parts} <= TYPES


@pytest.mark.parametrize(
    "rule", ["ـB=>\\u0020B", ":ن=>\\u0020ن", ".c=>\\u0020c", ",000=>000", "ااا=>ا", "ﻻ=>لا", "_=>\\u0020"]
)
def test_the_character_filter_holds_the_rules_of_fold(rule: str) -> None:
    assert rule in character_rules()


def test_lists_lose_their_reasons() -> None:
    filters = ANALYSIS["filter"]
    everything = [
        *filters["ar_stop"]["stopwords"],
        *filters["ar_synonyms"]["synonyms"],
        *filters["ar_lexicon"]["rules"],
    ]
    assert not [line for line in everything if "#" in line]
    assert "_arabic_" in filters["ar_stop"]["stopwords"]
    assert "لدى" in filters["ar_stop"]["stopwords"]
    assert "غوغل, جوجل, قوقل, كوكل, google" in filters["ar_synonyms"]["synonyms"]


def test_the_lexicon_is_small_enough_for_the_cluster_state_and_names_each_word_once() -> None:
    rules = ANALYSIS["filter"]["ar_lexicon"]["rules"]
    words = [word for rule in rules for word in rule.split("=>")[0].split(",")]
    assert len(set(words)) == len(words) > 20_000
    labels = [rule.split("=>")[1] for rule in rules]
    assert labels == sorted(set(labels))
    assert len(json.dumps(ANALYSIS, ensure_ascii=False).encode()) < 1_500_000


def test_lists_are_short_enough_for_an_index_to_be_created_within_a_second() -> None:
    """By their lengths, which the time grows with: the server interns each rule for each setting beside it."""
    filters, characters = ANALYSIS["filter"], ANALYSIS["char_filter"]
    assert len(filters["ar_lexicon"]["rules"]) < 15_000
    assert len(filters["ar_synonyms"]["synonyms"]) < 300
    assert len(filters["ar_stop"]["stopwords"]) < 100
    assert sum(len(one["mappings"]) for one in characters.values()) < 3_000
    settings = len(ANALYSIS["analyzer"]) + len(filters) + len(characters)
    assert settings <= 10


def test_the_lexicon_tells_its_licence() -> None:
    head = (FOLDER / "lexicon.txt").read_text("utf-8")[:600]
    assert "CC BY-SA 4.0" in head
    assert "wordfreq" in head
