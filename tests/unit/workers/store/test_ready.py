"""A worker that is ahead of `warraq setup` waits, and says for what."""

from pathlib import Path
from typing import Any, cast

import pytest
import structlog
from elastic_transport import ConnectionError as NotThere
from elasticsearch import Elasticsearch

from ingest.document import ARTICLE_INDICES, LEDGER, MAPPINGS
from workers.store.ready import missing, wait_for_key, wait_for_setup


class Indices:
    """Answers with mappings, as the server does; `.indices` is itself."""

    def __init__(self) -> None:
        self.known = {name: dict(fields["properties"]) for name, fields in MAPPINGS.items()}
        self.away = False

    @property
    def indices(self) -> "Indices":
        return self

    def options(self, **_: object) -> "Indices":
        return self

    def get_mapping(self, index: str, **_: object) -> dict[str, Any]:
        if self.away:
            raise NotThere("refused")
        name = index.removesuffix("-*")
        real = "news-articles-2026.11" if index != name else name
        return {real: {"mappings": {"properties": self.known[name]}}} if name in self.known else {}


def test_it_waits_until_everything_is_known() -> None:
    server = Indices()
    client = cast("Elasticsearch", server)
    assert list(missing(client)) == []
    words = server.known[ARTICLE_INDICES].pop("words")
    ledger = server.known.pop(LEDGER)
    server.away = True
    slept: list[float] = []
    lived: list[int] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 1:
            server.away = False
        elif len(slept) == 2:
            server.known[ARTICLE_INDICES]["words"] = words
        elif len(slept) == 3:
            server.known[LEDGER] = ledger

    with structlog.testing.capture_logs() as said:
        wait_for_setup(client, lambda: lived.append(len(slept)), sleep)
    assert len(slept) == 3
    assert lived == [0, 1, 2, 3], "each look is preceded by a sign of life"
    details = [line["detail"] for line in said]
    assert "refused" in details[0]
    assert details[1].endswith("has not run: news-articles-2026.11: words, no index news-ledger")
    assert details[2].endswith("has not run: no index news-ledger")


@pytest.mark.parametrize("field", ["quality", "quality.agreement"])
def test_parts_of_a_field_count(field: str) -> None:
    server = Indices()
    at = server.known[ARTICLE_INDICES]
    if field == "quality":
        del at["quality"]
    else:
        at["quality"] = {"properties": {k: v for k, v in at["quality"]["properties"].items() if k != "agreement"}}
    assert f"news-articles-2026.11: {field}" in list(missing(cast("Elasticsearch", server)))


def test_it_waits_for_a_key(tmp_path: Path) -> None:
    file = tmp_path / "writer_key"
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        file.write_text("" if len(slept) == 1 else "key")  # an empty file is no key

    with structlog.testing.capture_logs() as said:
        wait_for_key(file, sleep)
    assert len(slept) == 2
    assert said[0]["detail"] == f"there is no key in {file} yet"
