"""Every kind of query that README names, on the real server, with the analyzers and fields of the articles."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from ingest.query import OTHERS, Search, Sort, SourceName, body, query
from workers.store.articles import HIGHLIGHT, MARKS
from workers.store.indices import ARTICLE_KIND

pytestmark = pytest.mark.stack

INDEX = "test-search-queries"
NOW = datetime.now(UTC)
TEXTS = {
    "visit": (
        "وزير الخارجية يصل إلى بغداد",
        "وصل وزير الخارجية اللبناني إلى العاصمة بغداد وبحث مع الحكومة ملف الطاقة.",
    ),
    "cotton": ("ارتفاع أسعار القطن", "ارتفعت أسعار القطن في المزارع، وقال مزارعون إن السعر جيد. كأس_العالم"),
    "ministers": ("مجلس الوزراء يجتمع", "اجتمع الوزراء وناقشوا شؤون الخارجية وقرار الوزير الجديد."),
    "milk": ("إنتاج اللبن", "مصنع ينتج اللبن والجبن ويصدر منتجاته."),
}
AGES = {"visit": 1, "cotton": 40, "ministers": 3, "milk": 2, "tehran": 2, "cairo": 2}
LANGUAGES = {"tehran": "fa", "cairo": "ar"}
TEXTS |= {
    "tehran": ("نشست شورای شهر تهران", "من در این نشست بودم و پیشنهادات شهرداران را شنیدم."),
    "cairo": ("جلسة في القاهرة", "ناقش المجلس اقتراحات السكان في جلسة مفتوحة."),
}
"""A Persian article: «من» is its word for *I*, and no stop word; «پیشنهادات» has no Arabic stem."""


@pytest.fixture(scope="module")
def client(elasticsearch: Elasticsearch) -> Iterator[Elasticsearch]:
    elasticsearch.options(ignore_status=404).indices.delete(index=INDEX)
    settings = ARTICLE_KIND.settings()
    elasticsearch.indices.create(index=INDEX, settings=settings, mappings=ARTICLE_KIND.mapping)
    for key, (title, text) in TEXTS.items():
        at = (NOW - timedelta(days=AGES[key])).isoformat()
        document = {"id": key, "story": key, "title": title, "body": text, "published_at": at, "host": f"{key}.example"}
        document |= {"language": LANGUAGES[key]} if key in LANGUAGES else {}
        elasticsearch.index(index=INDEX, id=key, document=document)
    elasticsearch.indices.refresh(index=INDEX)
    yield elasticsearch
    elasticsearch.indices.delete(index=INDEX)


def hits(client: Elasticsearch, asked: dict[str, Any], **options: Any) -> list[str]:
    return [hit["_id"] for hit in client.search(index=INDEX, query=asked, **options)["hits"]["hits"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"match": {"body": "حكومات"}}, {"visit"}),
        ({"match": {"title": "الوزير"}}, {"visit", "ministers"}),
        ({"match": {"body": {"query": "سعر قطن", "operator": "and"}}}, {"cotton"}),
        ({"match_phrase": {"body": "وزير الخارجية"}}, {"visit"}),
        ({"match_phrase": {"body.exact": "وزير الخارجيه"}}, {"visit"}),
        ({"match_phrase": {"body.exact": "وزراء الخارجية"}}, set()),
        ({"match_phrase_prefix": {"body": "العاصمة بغد"}}, {"visit"}),
        ({"multi_match": {"query": "أسعار", "fields": ["title", "body"]}}, {"cotton"}),
        ({"multi_match": {"query": "وزير الخارجية", "type": "phrase", "fields": ["title", "body"]}}, {"visit"}),
        ({"multi_match": {"query": "بغداد", "type": "cross_fields", "fields": ["title", "body"]}}, {"visit"}),
        ({"simple_query_string": {"query": "لبنان -لبن", "fields": ["body"], "default_operator": "and"}}, {"visit"}),
        (
            {
                "simple_query_string": {
                    "query": '"وزير الخارجية"',
                    "fields": ["title", "body"],
                    "quote_field_suffix": ".exact",
                }
            },
            {"visit"},
        ),
        ({"simple_query_string": {"query": "حكوم*", "fields": ["body.exact"]}}, set()),
        ({"simple_query_string": {"query": "الحكوم*", "fields": ["body.exact"]}}, {"visit"}),
        ({"query_string": {"query": "title:(وزراء AND يجتمع)"}}, {"ministers"}),
        ({"query_string": {"query": 'body:"وزير الخارجية" OR body:قطن'}}, {"visit", "cotton"}),
        ({"query_string": {"query": "body.exact:الح*مة"}}, {"visit"}),
        ({"query_string": {"query": "لبن"}}, {"milk"}),
        ({"wildcard": {"body.exact": "مزارع*"}}, {"cotton"}),
        ({"wildcard": {"title.exact": "*قطن"}}, {"cotton"}),
        ({"prefix": {"title.exact": "الوز"}}, {"ministers"}),
        ({"match": {"title.autocomplete": {"query": "ارت", "operator": "and"}}}, {"cotton"}),
        ({"match": {"title.autocomplete": {"query": "مجلس الوز", "operator": "and"}}}, {"ministers"}),
        ({"match": {"body": "العالم"}}, {"cotton"}),
        ({"match": {"title.exact": {"query": "القطت", "fuzziness": 1}}}, {"cotton"}),
    ],
    ids=str,
)
def test_query(client: Elasticsearch, asked: dict[str, Any], found: set[str]) -> None:
    assert set(hits(client, asked)) == found


def test_a_search_without_fields_reads_title_body_and_caption(client: Elasticsearch) -> None:
    found = client.search(index=INDEX, q="لبنان")["hits"]["hits"]
    assert [hit["_id"] for hit in found] == ["visit"]


def test_the_documented_query_puts_the_written_form_first(client: Elasticsearch) -> None:
    assert set(hits(client, query("الوزراء"))) == {"ministers", "visit"}
    assert hits(client, query("الوزراء"))[0] == "ministers"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("اقتراح", {"cairo"}),
        ("پیشنهاد", set()),
        ("پیشنهادات", {"tehran"}),
        ("من", {"tehran"}),
    ],
)
def test_other_languages_have_neither_arabic_stems_nor_stop_words(
    client: Elasticsearch, text: str, found: set[str]
) -> None:
    assert set(hits(client, query(text))) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search("الوزراء", exact=True), ["ministers"]),
        (Search("وزير الخارجية", exact=True, phrase=True), ["visit"]),
        (Search("الوزير الخارجية", phrase=True), ["visit"]),
        (Search("وزير", since=datetime.now(UTC) - timedelta(days=2)), ["visit"]),
        (Search("وزير", source=SourceName("ministers.example")), ["ministers"]),
        (Search("وزير اللبن القطن", sort=Sort.NEWEST), ["visit", "milk", "ministers", "cotton"]),
    ],
    ids=str,
)
def test_what_the_command_line_asks(client: Elasticsearch, search: Search, found: list[str]) -> None:
    assert hits(client, **{"asked" if name == "query" else name: part for name, part in body(search).items()}) == found


def test_recent_lifts_the_newer_of_two_alike(client: Elasticsearch) -> None:
    for key, age in (("older", 30), ("newer", 0)):
        at = (NOW - timedelta(days=age)).isoformat()
        document = {"story": key, "title": "زلزال يضرب المدينة", "published_at": at}
        client.index(index=INDEX, id=key, document=document, refresh=True)
    found = client.search(index=INDEX, **body(Search("زلزال", sort=Sort.RECENT)))["hits"]["hits"]
    assert [hit["_id"] for hit in found] == ["newer", "older"]
    assert found[0]["_score"] < 2 * found[1]["_score"]


@pytest.mark.parametrize("sort", list(Sort))
def test_one_hit_stands_for_a_story(client: Elasticsearch, sort: Sort) -> None:
    for key in ("first", "copy"):
        document = {"story": "first", "title": "افتتاح جسر معلق", "published_at": NOW.isoformat()}
        client.index(index=INDEX, id=key, document=document, refresh=True)
    (found,) = client.search(index=INDEX, **body(Search("جسر معلق", sort=sort)))["hits"]["hits"]
    assert found["inner_hits"][OTHERS]["hits"]["total"]["value"] == 2
    each = client.search(index=INDEX, **body(Search("جسر معلق", sort=sort, each=True)))["hits"]["hits"]
    assert {hit["_id"] for hit in each} == {"first", "copy"}


@pytest.mark.parametrize(
    ("search", "marked"),
    [(Search("لبنان"), "اللبناني"), (Search("الحكومة", exact=True), "الحكومة"), (Search("سعر"), "أسعار")],
    ids=str,
)
def test_highlights_mark_whole_words_as_they_stand(client: Elasticsearch, search: Search, marked: str) -> None:
    found = client.search(index=INDEX, highlight=HIGHLIGHT, **body(search))["hits"]["hits"][0]
    assert f"{MARKS[0]}{marked}{MARKS[1]}" in " ".join(found["highlight"]["body"])
