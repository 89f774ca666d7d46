"""What Elasticsearch is asked."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.desk import request
from ingest.desk.asked import Asked
from ingest.desk.span import Span
from ingest.query import Sort, query

EVER = Span()


def test_words_alone_are_the_documented_query() -> None:
    assert request.hits(Asked(text="سعر القطن"), EVER)["query"] == {"bool": {"must": [query("سعر القطن")]}}


def test_without_words_the_newest_come_first() -> None:
    made = request.hits(Asked(page=3), EVER)
    assert (made["query"], made["from"], made["size"]) == ({"match_all": {}}, 40, 21)
    assert "published_at" in made["sort"][0]


def test_the_order_is_the_one_that_is_asked_for() -> None:
    assert "sort" not in request.hits(Asked(text="قطن"), EVER)
    assert "function_score" in str(request.hits(Asked(text="قطن", sort=Sort.RECENT), EVER)["query"])
    assert "published_at" in request.hits(Asked(text="قطن", sort=Sort.NEWEST), EVER)["sort"][0]


def test_operators_become_phrases_and_refusals() -> None:
    made: Any = request.hits(Asked(text='"رئيس الوزراء" -رياضة -"كرة القدم"'), EVER)["query"]["bool"]
    assert made["must"][0]["multi_match"]["type"] == "phrase"
    assert made["must_not"][0] == query("رياضة")
    assert made["must_not"][1]["multi_match"]["type"] == "phrase"


def test_what_is_chosen_in_a_facet_narrows_all_others_and_not_itself() -> None:
    asked = Asked(text="قطن", source=("a.example",), section=("اقتصاد", "سياسة"))
    aggs = request.beside(asked, EVER, ("day",), "UTC")["aggs"]
    source = {"bool": {"should": [{"terms": {name: ["a.example"]}} for name in ("host", "site", "source_id")]}}
    section = {"terms": {"section": ["اقتصاد", "سياسة"]}}
    assert aggs["source"]["filter"] == {"bool": {"filter": [section]}}
    assert aggs["section"]["filter"] == {"bool": {"filter": [source]}}
    assert aggs["author"]["filter"] == aggs["day"]["filter"] == {"bool": {"filter": [source, section]}}
    assert request.hits(asked, EVER)["query"]["bool"]["filter"] == [source, section]


def test_nothing_is_filtered_where_nothing_is_chosen() -> None:
    aggs = request.beside(Asked(text="قطن"), EVER, ("day",), "UTC")["aggs"]
    assert [set(one) for one in aggs.values()] == [{"terms"}] * 5 + [{"date_histogram"}]


@pytest.mark.parametrize(
    "answer", [{"buckets": [{"key": "a"}]}, {"doc_count": 1, "counts": {"buckets": [{"key": "a"}]}}]
)
def test_counts_are_found_filtered_or_not(answer: dict[str, Any]) -> None:
    assert list(request.buckets({"aggregations": {"source": answer}}, "source")) == [{"key": "a"}]


def test_the_span_narrows_everything() -> None:
    within = Span(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
    times = {"range": {"published_at": {"gte": "2026-07-01T00:00:00+00:00", "lt": "2026-08-01T00:00:00+00:00"}}}
    for made in (request.hits(Asked(), within), request.beside(Asked(), within, ("day",), "UTC")):
        assert made["query"] == {"bool": {"filter": [times]}}


def test_one_hit_stands_for_a_story_unless_each_is_asked_for() -> None:
    assert request.hits(Asked(), EVER)["collapse"] == {"field": "story"}
    assert "collapse" not in request.hits(Asked(each=True), EVER)


def test_a_storys_articles_are_counted_within_the_search() -> None:
    made = request.told(Asked(text="قطن"), EVER, ("s1", "s2"))
    assert made["query"]["bool"]["filter"] == [{"terms": {"story": ["s1", "s2"]}}]
    assert made["query"]["bool"]["must"] == [request.everything(Asked(text="قطن"), EVER)]
