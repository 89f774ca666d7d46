from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingest.document import ARTICLE, LEDGER, MAPPINGS, RECORD, SOURCES, document, index_of
from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.mappings import KEYWORD, mapping, stored
from ingest.model import Article, Entry, Source
from ingest.stories.fingerprint import Membership

AT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
ARTICLE_VALUE = Article(
    id="1",
    url="http://h/1",
    title="أولى",
    body="نص",
    authors=("سارة", "علي"),
    published_at=datetime(2026, 11, 23, 10, tzinfo=timezone(timedelta(hours=3))),
    fetched_at=AT,
    words=1,
)


def test_a_document_has_only_what_is_known() -> None:
    assert document(ARTICLE_VALUE) == {
        "id": "1",
        "url": "http://h/1",
        "title": "أولى",
        "body": "نص",
        "authors": ["سارة", "علي"],
        "published_at": "2026-11-23T10:00:00+03:00",
        "fetched_at": "2026-11-30T23:30:00Z",
        "words": 1,
    }


def test_every_field_of_a_document_is_mapped() -> None:
    full = ARTICLE.dump_python(ARTICLE_VALUE, mode="json")
    assert set(full) | {field.name for field in fields(Membership)} == set(MAPPINGS["news-articles"]["properties"])
    record = admitted(Source("s", "feed", "http://h/"), Entry("http://h/1"), AT)
    assert set(RECORD.dump_python(record)) == set(MAPPINGS[LEDGER]["properties"])
    assert {"id", "url", "polled_at", "error"} <= set(MAPPINGS[SOURCES]["properties"])


def test_mappings_are_strict_and_text_is_arabic() -> None:
    assert {name: mapping["dynamic"] for name, mapping in MAPPINGS.items()} == dict.fromkeys(MAPPINGS, "strict")
    title = MAPPINGS["news-articles"]["properties"]["title"]
    assert (title["analyzer"], title["search_analyzer"]) == ("ar_news", "ar_news_search")
    assert set(title["fields"]) == {"exact", "autocomplete"}


def test_a_new_field_is_one_declaration() -> None:
    @dataclass
    class More:
        mood: str = stored(KEYWORD, default="")
        note: str = ""

    assert mapping(More)["properties"] == {"mood": {"type": "keyword", "ignore_above": 8191}}


@pytest.mark.parametrize("moved", [timedelta(0), timedelta(days=40)])
def test_a_document_stays_in_the_month_of_its_admission(moved: timedelta) -> None:
    record = admitted(Source("s", "feed", "http://h/"), Entry("http://h/1"), AT)
    assert index_of(ended(record, State.INDEXED, AT + moved)) == "news-articles-2026.11"


def test_records_survive_json_without_their_page() -> None:
    record = admitted(Source("s", "feed", "http://h/"), Entry("http://h/1", "عنوان", updated_at=AT), AT)
    assert RECORD.validate_json(RECORD.dump_json(record)) == record
    assert replace(record.entry, page=None) == record.entry
