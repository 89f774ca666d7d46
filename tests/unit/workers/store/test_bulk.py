"""Whatever comes back for a bulk: each item has an answer of its own, or counts as not written."""

from collections.abc import Mapping
from typing import Any, cast

import pytest
from elastic_transport import ApiResponseMeta, BaseNode, HttpHeaders, NodeConfig, ObjectApiResponse
from elastic_transport._node._base import NodeApiResponse
from elasticsearch import Elasticsearch

from tests.fake_elastic import meta_of
from workers.runtime import ELASTICSEARCH
from workers.store.bulk import LOST, NOT_NOW, REFUSED, Write, send

WRITES = [Write("news-ledger", key, {}, 1) for key in "abc"]
HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def told(key: str, status: int = 201, error: str = "") -> Mapping[str, Any]:
    reason = {"error": {"type": error, "reason": "why"}} if error else {}
    return {"index": {"_id": key, "status": status, **reason}}


class Answers:
    """A client whose bulks have this answer."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._answer: ObjectApiResponse[Mapping[str, Any]] = ObjectApiResponse(answer, meta_of(200))

    def bulk(self, operations: object) -> ObjectApiResponse[Mapping[str, Any]]:
        assert operations
        return self._answer


def statuses(answer: Mapping[str, Any]) -> list[int]:
    return [one.status for one in send(cast("Elasticsearch", Answers(answer)), WRITES)]


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([told("a"), told("b"), told("c")], [201, 201, 201]),
        ([told("a"), told("b")], [201, 201, LOST]),
        ([told("a"), told("c")], [201, LOST, LOST]),
        ([told("a"), told("x"), told("c")], [201, LOST, 201]),
        ([told("a"), told("b"), told("c"), told("d")], [201, 201, 201]),
        ([], [LOST, LOST, LOST]),
        ([{}, told("b"), told("c")], [LOST, 201, 201]),
        ([{"index": {"_id": "a"}}, told("b"), told("c")], [LOST, 201, 201]),
        ([{"index": {"_id": "a", "status": 200, "result": "noop"}}, told("b"), told("c")], [200, 201, 201]),
    ],
    ids=["all", "the last is missing", "one is missing", "another's", "one more", "none", "empty", "no status", "noop"],
)
def test_an_item_is_written_only_if_its_own_answer_says_so(items: list[Mapping[str, Any]], found: list[int]) -> None:
    assert statuses({"items": items}) == found


def test_an_answer_without_items_tells_of_none() -> None:
    assert statuses({"took": 3}) == [LOST] * 3


def test_a_document_is_refused_only_for_what_is_in_it() -> None:
    """All of these have status 400."""
    errors = ("document_parsing_exception", "index_closed_exception", "strict_dynamic_mapping_exception")
    items = [told(key, 400, error) for key, error in zip("abc", errors, strict=True)]
    assert statuses({"items": items}) == [REFUSED, NOT_NOW, NOT_NOW]


def test_nothing_is_written_without_a_version_but_what_is_new() -> None:
    """No right of Elasticsearch keeps the writer's key from it."""
    created, moved = (next(write.lines()) for write in (Write("i", "a", {}), Write("i", "a", {}, 3)))
    assert created == {"create": {"_index": "i", "_id": "a"}}
    assert moved == {"index": {"_index": "i", "_id": "a", "version": 3, "version_type": "external"}}


@pytest.mark.parametrize("status", [200, 403, 413, 502])
def test_a_proxys_page_is_an_error_of_the_service(status: int) -> None:
    class Proxy(BaseNode):
        def perform_request(self, *_: object, **__: object) -> NodeApiResponse:
            headers = HttpHeaders({"content-type": "text/html"})
            return NodeApiResponse(ApiResponseMeta(status, "1.1", headers, 0.0, self.config), HTML)

    config = NodeConfig("http", "proxy", 9200)
    with Elasticsearch([config], node_class=Proxy, max_retries=0) as client, pytest.raises(ELASTICSEARCH):
        send(client, WRITES)
