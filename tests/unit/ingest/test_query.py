"""What a search asks of Elasticsearch; the server's answers are in tests/stack/test_search_queries.py."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.document import MAPPINGS
from ingest.query import COLLAPSED, EXACT, FOREIGN, STEMS, Search, Sort, SourceName, body, query


def test_the_documented_query_wants_a_stem_and_prefers_the_written_form() -> None:
    (must,), (should,) = (query("وزير")["bool"][name] for name in ("must", "should"))
    arabic, foreign = must["bool"]["should"]
    assert arabic["bool"]["must"]["multi_match"]["fields"] == list(STEMS)
    assert foreign["bool"]["must"]["multi_match"]["fields"] == list(EXACT)
    assert arabic["bool"]["must_not"] == foreign["bool"]["filter"] == FOREIGN
    assert should["multi_match"]["fields"] == list(EXACT)
    assert should["multi_match"]["boost"] < 1


@pytest.mark.parametrize(
    ("search", "fields", "kind"),
    [
        (Search("و", exact=True), EXACT, "best_fields"),
        (Search("و", exact=True, phrase=True), EXACT, "phrase"),
    ],
)
def test_exact_and_phrase(search: Search, fields: tuple[str, ...], kind: str) -> None:
    match = body(search)["query"]["multi_match"]
    assert (match["fields"], match["type"]) == (list(fields), kind)


def test_a_phrase_is_asked_by_language_too() -> None:
    asked = body(Search("و", phrase=True))["query"]["bool"]["should"]
    matches = [one["bool"]["must"]["multi_match"] for one in asked]
    assert [(match["fields"], match["type"]) for match in matches] == [(list(STEMS), "phrase"), (list(EXACT), "phrase")]


def test_plain_search_has_neither_filter_nor_order() -> None:
    assert body(Search("و", each=True)) == {"query": query("و")}
    assert body(Search("و")) == {"query": query("و"), "collapse": COLLAPSED}


def test_since() -> None:
    start = datetime(2026, 7, 1, 10, tzinfo=UTC)
    (only,) = body(Search("و", since=start))["query"]["bool"]["filter"]
    assert only == {"range": {"published_at": {"gte": "2026-07-01T10:00:00+00:00"}}}


def test_source_is_a_name_a_host_or_what_an_id_begins_with() -> None:
    named = [{"term": {"site": "example.org"}}, {"term": {"host": "example.org"}}]
    (one,) = body(Search("و", source=SourceName("example.org")))["query"]["bool"]["filter"]
    assert one["bool"]["should"] == named
    (one,) = body(Search("و", source=SourceName("3f939793cb5f")))["query"]["bool"]["filter"]
    assert one["bool"]["should"][-1] == {"prefix": {"source_id": "3f939793cb5f"}}


def test_recent_lifts_and_newest_orders() -> None:
    assert "function_score" in body(Search("و", sort=Sort.RECENT))["query"]
    assert "published_at" in body(Search("و", sort=Sort.NEWEST))["sort"][0]


@pytest.mark.parametrize("index", ["news-articles", "news-revisions"])
def test_what_narrows_a_search_is_in_articles_and_in_their_earlier_versions(index: str) -> None:
    asked = Search("و", since=datetime(2026, 7, 1, tzinfo=UTC), source=SourceName("0123456789ab"), old=True)
    narrowed = set(fields_of(body(asked)["query"]["bool"]["filter"]))
    narrowed |= {"language"}  # FOREIGN
    assert {"published_at", "site", "host", "source_id"} <= narrowed <= MAPPINGS[index]["properties"].keys()


def fields_of(clause: Any) -> Iterator[str]:  # as JSON has it
    """Yield the fields that clauses of a query name."""
    for part in clause if isinstance(clause, list) else [clause]:
        for kind, inner in part.items():
            if kind in {"term", "prefix", "range"}:
                yield from inner
            else:
                for deeper in inner.values():
                    yield from fields_of(deeper)
