"""What Elasticsearch is asked for when it keeps snapshots."""

from types import SimpleNamespace
from typing import Any, cast

from elasticsearch import Elasticsearch

from workers.store.snapshots import Snapshots

MOST_MB = 16
"""Two of them, read and sent, fit beside what the service has in memory already."""


def test_no_file_of_a_backup_is_larger_than_its_service_can_copy() -> None:
    asked: list[dict[str, Any]] = []
    client = SimpleNamespace(snapshot=SimpleNamespace(create_repository=lambda **given: asked.append(given)))
    Snapshots(cast("Elasticsearch", client), "/backups").register()
    settings = asked[0]["repository"]["settings"]
    assert settings["location"] == "/backups"
    assert int(settings["chunk_size"].removesuffix("mb")) <= MOST_MB
