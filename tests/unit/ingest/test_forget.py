"""Tombstones: which addresses they bar, and what stays of a record."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from ingest.document import RECORD
from ingest.errors import Permanent
from ingest.forget import AHEAD, forgotten, is_below, key_of, keys_of, never_admitted, of_article, of_host
from ingest.ledger.documents import document_found
from ingest.ledger.record import Record, State
from ingest.ledger.reopening import relisted, reopened, replayed
from ingest.ledger.transitions import IllegalTransitionError, admitted
from ingest.model import Entry, Source
from ingest.urls import article_id, canonical

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SOURCE = Source("s", "feed", "http://news.example/feed")
ENTRY = Entry("https://news.example/politics/42", title="عنوان", summary="ملخص", updated_at=NOW)


@pytest.fixture
def record() -> Record:
    return replace(admitted(SOURCE, ENTRY, NOW), searchable_s=4.5)


@pytest.mark.parametrize(
    "variant",
    [
        "http://www.news.example/politics/42/",
        "https://m.news.example/politics/42?utm_source=x",
        "https://news.example/amp/politics/42",
        "https://news.example/politics/42?outputType=amp#top",
    ],
)
def test_every_variant_of_an_address_has_the_same_tombstone(variant: str) -> None:
    stone = of_article(article_id(canonical(ENTRY.url)), NOW, "", "")
    assert stone.id in keys_of(variant)
    assert stone.id not in keys_of("https://news.example/politics/43")


@pytest.mark.parametrize(
    "name", ["news.example", "www.news.example", "https://m.news.example/x", " NEWS.example ", "*.news.example"]
)
def test_a_host_is_known_by_any_of_its_names(name: str) -> None:
    stone = of_host(name, NOW, "", "")
    assert stone.id == key_of("news.example")
    ports = ("http://www.news.example:8080/4", "https://sport.news.example:8443/5")
    for url in ("https://news.example/1", "http://www.news.example/2", "https://sport.news.example/3", *ports):
        assert stone.id in keys_of(url)
        assert is_below(url, {stone.host})
    for url in ("https://example/1", "https://oldnews.example/1", "https://news.example.net/1", "file:///news.example"):
        assert stone.id not in keys_of(url)
        assert not is_below(url, {stone.host})


@pytest.mark.parametrize(
    ("name", "barred"),
    [("مثال.example", "https://مثال.example/1"), ("10.0.0.1:81", "http://10.0.0.1:81/"), ("[::1]", "http://[::1]:8/")],
)
def test_hosts_of_other_kinds(name: str, barred: str) -> None:
    assert of_host(name, NOW, "", "").id in keys_of(barred)
    assert of_host("10.0.0.1:81", NOW, "", "").id not in keys_of("http://10.0.0.1:82/")


@pytest.mark.parametrize("name", ["", "http://", "a b", "*", "*.", "file:///x", "a.*.example"])
def test_what_is_no_host_is_refused(name: str) -> None:
    with pytest.raises(Permanent):
        of_host(name, NOW, "", "")


def test_nothing_of_the_article_stays_in_its_record(record: Record) -> None:
    kept = forgotten(record, NOW)
    text = RECORD.dump_json(kept).decode()
    assert not any(word in text for word in ("politics", "news.example", "عنوان", "ملخص"))
    same = {"id", "source_id", "admitted_at", "stage", "searchable_s"}
    assert all(getattr(kept, name) == getattr(record, name) for name in same)
    assert (kept.state, kept.version) == (State.FORGOTTEN, record.version + AHEAD)
    assert same < {one.name for one in fields(Record)}


def test_no_event_brings_a_forgotten_record_back(record: Record) -> None:
    kept = forgotten(record, NOW)
    assert relisted(kept, ENTRY, NOW) is None
    assert document_found(kept, NOW) is None
    for event in (reopened, replayed):
        with pytest.raises(IllegalTransitionError):
            event(kept, NOW)


def test_what_was_never_admitted_counts_for_no_day(record: Record) -> None:
    kept = never_admitted(record.id, NOW)
    assert (kept.id, kept.state, kept.admitted_at.year) == (record.id, State.FORGOTTEN, 1970)
