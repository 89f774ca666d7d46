"""A kind of index is declared once; whatever has forgotten it is named here."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any
from unittest.mock import MagicMock

import pytest
from elasticsearch import BadRequestError

import ingest
from deploy.fields import SECTIONS
from ingest import document
from ingest.errors import Permanent
from ingest.mappings import ARABIC_TITLE, KEYWORD
from tests.fake_elastic import meta_of
from workers import store
from workers.store import setup as set_up
from workers.store.indices import ARTICLE_KIND, INDICES, IndexKind
from workers.store.keys import BOOTSTRAP_KEY, READER_KEY, RETENTION_KEY, WRITER_KEY, rights

NOW = datetime(2026, 11, 30, tzinfo=UTC)
DRAFTS = IndexKind("news-drafts", monthly=True, aliases=("drafts",), writer=("read", "create_doc"))


def declared() -> dict[str, set[str]]:
    """Return the stored fields of every dataclass in `ingest`, by its name."""
    found: dict[str, set[str]] = {}
    for module in pkgutil.walk_packages(ingest.__path__, "ingest."):
        for one in vars(importlib.import_module(module.name)).values():
            if isinstance(one, type) and is_dataclass(one):
                found[one.__name__] = {field.name for field in fields(one) if "mapping" in field.metadata}
    return {name: stored for name, stored in found.items() if stored}


def levels(mapping: Mapping[str, Any]) -> Iterator[set[str]]:
    """Yield the names of a mapping's fields, and those inside each of its objects."""
    if "properties" in mapping:
        yield set(mapping["properties"])
        for inner in mapping["properties"].values():
            yield from levels(inner)


def test_every_stored_declaration_has_an_index_and_every_index_its_declaration() -> None:
    assert {kind.name for kind in INDICES} == document.MAPPINGS.keys()
    mapped = [fields_ for mapping in document.MAPPINGS.values() for fields_ in levels(mapping)]
    homeless = [name for name, stored in declared().items() if not any(stored <= fields_ for fields_ in mapped)]
    assert homeless == []


def test_docs_describe_each_index() -> None:
    assert [kind.name for kind in INDICES if not any(f"`{kind.name}" in title for title in SECTIONS)] == []


def writers() -> Iterator[str]:
    """Yield the index that each class in workers.store writes to unless a test names another."""
    for module in pkgutil.iter_modules(store.__path__, f"{store.__name__}."):
        classes = inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
        for one in (one for _, one in classes if one.__module__ == module.name and one.__init__ is not object.__init__):
            parameter = inspect.signature(one.__init__).parameters.get("index")
            if parameter and parameter.default is not inspect.Parameter.empty:
                yield parameter.default


def test_workers_write_where_the_table_says() -> None:
    assert set(writers()) == {kind.name for kind in INDICES if not kind.monthly}
    assert ARTICLE_KIND.index(NOW) == f"{document.ARTICLES}2026.11"
    assert document.ALIAS in ARTICLE_KIND.aliases


@pytest.fixture
def elastic() -> Any:
    client = MagicMock()
    client.indices.exists.return_value = False
    return client


@pytest.fixture
def _one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(document.MAPPINGS, DRAFTS.name, {"dynamic": "strict", "properties": {"id": KEYWORD}})
    monkeypatch.setattr(set_up, "INDICES", (*INDICES, DRAFTS))


@pytest.mark.usefixtures("_one_more")
def test_setting_up_makes_templates_indices_and_fields_of_each_kind(elastic: Any) -> None:
    set_up.put_templates(elastic)
    made = [call.kwargs for call in elastic.indices.put_index_template.call_args_list]
    assert [one["name"] for one in made] == [kind.name for kind in (*INDICES, DRAFTS)]
    assert all(one["template"]["mappings"]["dynamic"] == "strict" for one in made)
    assert (made[-1]["index_patterns"], made[-1]["template"]["aliases"]) == (["news-drafts-*"], {"drafts": {}})
    shards = {one["name"]: one["template"]["settings"]["number_of_shards"] for one in made}
    assert set(shards.values()) == {1}
    set_up.put_templates(elastic, ledger_shards=4)
    made = [call.kwargs for call in elastic.indices.put_index_template.call_args_list][-len(made) :]
    assert {one["name"] for one in made if one["template"]["settings"]["number_of_shards"] == 4} == {document.LEDGER}
    set_up.create_indices(elastic, NOW)
    created = [call.kwargs["index"] for call in elastic.indices.create.call_args_list]
    assert created == [kind.index(NOW) for kind in (*INDICES, DRAFTS)]
    assert created[0] == "news-articles-2026.11"
    elastic.indices.get_mapping.side_effect = lambda index: {index: {"mappings": {}}}
    set_up.add_fields(elastic)
    assert elastic.indices.put_mapping.call_args.kwargs == {"index": "news-drafts-*", "properties": {"id": KEYWORD}}


def test_fields_are_added_where_they_lack_and_no_field_is_changed(elastic: Any) -> None:
    """Elasticsearch refuses a mapping whose fields differ from what there is, and the new ones with it."""
    title: dict[str, Any] = {"type": "text", "fields": {"exact": {"type": "text"}}}
    stored = {"title": title, "quality": {"properties": {"words": {}}}}
    whole = {"mappings": {"properties": dict(ARTICLE_KIND.mapping["properties"])}}
    months = {"news-articles-2026.10": {"mappings": {"properties": stored}}, "news-articles-2026.11": whole}
    elastic.indices.get_mapping.side_effect = lambda index: months if index == ARTICLE_KIND.pattern else {}
    set_up.add_fields(elastic)
    (added,) = (call.kwargs for call in elastic.indices.put_mapping.call_args_list)
    assert added["index"] == "news-articles-2026.10"
    assert added["properties"]["title"] == {
        "type": "text",
        "fields": {**title["fields"], "autocomplete": ARABIC_TITLE["fields"]["autocomplete"]},
    }
    assert added["properties"]["quality"]["properties"].keys() > {"words", "prose"}
    assert added["properties"].keys() == ARTICLE_KIND.mapping["properties"].keys()


def test_an_index_that_refuses_new_fields_keeps_none_from_the_others(elastic: Any) -> None:
    months: dict[str, Any] = {f"news-articles-2026.{month}": {"mappings": {}} for month in (9, 10, 11)}
    elastic.indices.get_mapping.side_effect = lambda index: months if index == ARTICLE_KIND.pattern else {}
    too_many = {"type": "illegal_argument_exception", "reason": "Limit of total fields [1000] has been exceeded"}
    refusals: dict[str, Any] = {"news-articles-2026.9": {"error": too_many}, "news-articles-2026.10": "no JSON"}
    given: list[str] = []

    def put(index: str, **_: Any) -> None:
        if index in refusals:
            raise BadRequestError("bad_request", meta_of(400), refusals[index])
        given.append(index)

    elastic.indices.put_mapping.side_effect = put
    with pytest.raises(Permanent) as refused:
        set_up.add_fields(elastic)
    assert given == ["news-articles-2026.11"]
    assert str(refused.value) == (
        "fields_refused: news-articles-2026.9: Limit of total fields [1000] has been exceeded; "
        "news-articles-2026.10: BadRequestError(400, 'bad_request')"
    )


def test_a_template_matches_the_indices_of_its_kind_alone() -> None:
    for kind in INDICES:
        assert [one.name for one in INDICES if fnmatchcase(kind.index(NOW), one.pattern)] == [kind.name]


def may(key: Any, index: str) -> set[str]:
    """Return what a key may do with an index."""
    entries = rights((*INDICES, DRAFTS))[key]["indices"]
    return {
        right
        for entry in entries
        for right in entry["privileges"]
        if any(fnmatchcase(index, name) for name in entry["names"])
    }


@pytest.mark.parametrize("kind", [*INDICES, DRAFTS], ids=lambda kind: kind.name)
def test_the_keys_reach_each_kind(kind: IndexKind) -> None:
    for name in (kind.index(NOW), *kind.aliases):
        assert may(BOOTSTRAP_KEY, name) == {"manage", "read", "write"}
        assert may(WRITER_KEY, name) == set(kind.writer)
        assert may(READER_KEY, name) == ({"read", "view_index_metadata"} if kind.readable else set())


def test_the_keys_reach_a_month_that_was_built_anew() -> None:
    assert may(BOOTSTRAP_KEY, "news-v2-articles-2026.11") == {"manage", "read", "write"}
    assert may(READER_KEY, "news-v2-articles-2026.11") == {"read", "view_index_metadata"}


def test_the_ledger_may_be_split_behind_its_alias() -> None:
    assert may(BOOTSTRAP_KEY, "news-v2-ledger") == {"manage", "read", "write"}
    assert may(WRITER_KEY, "news-v2-ledger") == may(WRITER_KEY, document.LEDGER)
    assert may(BOOTSTRAP_KEY, "news-v2-tallies") == set()


def test_the_writer_deletes_sources_and_stories_and_nothing_else() -> None:
    deletes = [kind.name for kind in INDICES if {"write", "delete", "delete_index", "manage", "all"} & set(kind.writer)]
    assert deletes == [document.SOURCES, document.STORIES]


def test_retention_deletes_no_record_and_no_single_article() -> None:
    assert "index" in may(RETENTION_KEY, document.LEDGER)
    assert not {"write", "delete", "delete_index", "manage"} & may(RETENTION_KEY, document.LEDGER)
    assert not {"write", "delete", "index", "manage"} & may(RETENTION_KEY, ARTICLE_KIND.index(NOW))
    assert "delete_index" in may(RETENTION_KEY, "news-v2-articles-2026.11")
    assert not {"write", "delete", "index"} & may(RETENTION_KEY, document.SOURCES)


def test_people_see_what_is_readable() -> None:
    (kind,) = rights([IndexKind("news-drafts", readable=False)])[BOOTSTRAP_KEY]["indices"]
    assert kind["names"] == ["news-drafts"]
    assert rights([IndexKind("news-drafts", readable=False)])[READER_KEY]["indices"] == []
