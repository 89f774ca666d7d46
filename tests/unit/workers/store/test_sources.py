"""A source that Elasticsearch does not have, and an Elasticsearch that has no sources."""

from typing import Any, cast

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import Elasticsearch, NotFoundError

from ingest.document import SOURCE
from ingest.model import Source
from ingest.polling.poll import Poll
from workers.store.sources import Sources


class Nothing:
    """Answers as the server does where there is no such document, or no such index."""

    def __init__(self, body: dict[str, Any]) -> None:
        self._body = body

    def get(self, **_: object) -> None:
        meta = ApiResponseMeta(404, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "fake", 9200))
        raise NotFoundError("not_found", meta, self._body)

    delete = update = get


def test_a_source_that_was_removed_is_none() -> None:
    sources = Sources(cast("Elasticsearch", Nothing({"_id": "s", "found": False})))
    assert sources.polled("s") is None
    assert not sources.remove("s")


def test_one_that_cannot_be_read_stops_no_other() -> None:
    """A Redis that was wiped is rebuilt from all of them."""
    good = {"_id": "g", "_source": SOURCE.dump_python(Source("g", "feed", "http://g/feed"), mode="json"), "sort": []}
    bad = {"_id": "b", "_source": {"url": "http://b/feed", "interval_s": "often"}, "sort": []}

    class Both:
        def search(self, **_: object) -> dict[str, Any]:
            return {"hits": {"hits": [bad, good]}}

    ((source, poll),) = Sources(cast("Elasticsearch", Both())).all()
    assert (source.id, poll) == ("g", Poll())


def test_an_index_that_is_being_restored_has_lost_no_source() -> None:
    sources = Sources(cast("Elasticsearch", Nothing({"error": {"type": "index_not_found_exception"}, "status": 404})))
    for ask in (sources.polled, sources.get, sources.poll_of, sources.remove, sources.end_round):
        with pytest.raises(NotFoundError):
            ask("s")


def test_two_commands_that_read_the_same_file_at_once_both_go_on() -> None:
    """Both make it: Elasticsearch refuses the second one, unless it is told to try again."""
    asked: list[dict[str, Any]] = []

    class Busy:
        def update(self, **request: Any) -> None:
            asked.append(request)

    Sources(cast("Elasticsearch", Busy())).put(Source("s", "files", "file:///archive.warc.gz"))
    assert asked[0]["retry_on_conflict"] > 0


def test_the_voices_of_many_sources_are_asked_for_at_once_and_kept() -> None:
    owned = SOURCE.dump_python(Source("g", "feed", "http://g/feed", owner="دار", interval_s=60), mode="json")
    asked: list[list[str]] = []

    class Some:
        def mget(self, ids: list[str], **_: object) -> dict[str, Any]:
            asked.append(ids)
            known = {"g": {"_id": "g", "found": True, "_source": owned}}
            return {"docs": [known.get(key, {"_id": key, "found": False}) for key in ids]}

    sources = Sources(cast("Elasticsearch", Some()))
    for _ in range(2):
        voices = sources.voices({"g", "gone", ""})
        assert {key: owner for key, (owner, _) in voices.items()} == {"g": "دار", "gone": "", "": ""}
    assert asked == [["g", "gone"]]
