"""Copies of a text become a story on the real stack, though the worker that compares them is killed meanwhile."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from deploy.local import stack as local
from deploy.local.stack import Stack
from ingest.document import ALIAS, FINGERPRINTS
from ingest.urls import article_id, canonical
from tests.stack.conftest import Command
from tests.unit.ingest.stories.texts import prose

pytestmark = pytest.mark.stack

PATIENCE_S = 60
WORD = f"زنبرك{time.time_ns()}"
"""In these articles alone."""
PLACES = " ".join(f"{word} في المدينة" for word in prose(time.time_ns(), 80))
BODY = f"أعلن المجلس اليوم عن {WORD} الجديد في المدينة. {PLACES}."
TEXTS = {
    "first.txt": BODY,
    "copy.txt": BODY,
    "longer.txt": f"{BODY} وأضاف المتحدث أن العمل سيبدأ قريبا. وشكر كل من حضر.",
    "other.txt": f"لا شأن لهذا الخبر بغيره إلا {WORD}. " + " ".join(f"{word} على البحر" for word in prose(7, 80)),
}


def key_of(file: Path) -> str:
    return article_id(canonical(file.resolve().as_uri()))


def stories(client: Elasticsearch, ids: list[str]) -> dict[str, str]:
    """Return the stories of the articles that have been compared."""
    docs = client.mget(index=FINGERPRINTS, ids=ids)["docs"]
    return {doc["_id"]: doc["_source"]["membership"]["story"] for doc in docs if doc.get("found")}


def test_copies_become_a_story_over_a_kill(
    stack: Stack, warraq: Command, tmp_path: Path, elasticsearch: Elasticsearch
) -> None:
    for name, body in TEXTS.items():
        (tmp_path / name).write_text(f"خبر عن {WORD}\nتعليق\n{body}")
    assert stack
    assert warraq("ingest", str(tmp_path)).returncode == 0
    os.kill(local.pid("control"), signal.SIGKILL)  # it compares them, or is about to
    keys = {name: key_of(tmp_path / name) for name in TEXTS}
    deadline = time.monotonic() + PATIENCE_S
    while len(found := stories(elasticsearch, list(keys.values()))) < len(TEXTS) and time.monotonic() < deadline:
        time.sleep(0.3)
    of = {name: found.get(key, "") for name, key in keys.items()}
    assert of["first.txt"] == of["copy.txt"] == of["longer.txt"] != ""
    assert of["other.txt"] == keys["other.txt"]
    elasticsearch.indices.refresh(index=ALIAS)
    hits = [json.loads(line) for line in warraq("search", WORD, "--json").stdout.splitlines()]
    assert sorted(hit["more"] for hit in hits) == [0, 2]
    assert len(warraq("search", WORD, "--all", "--json").stdout.splitlines()) == len(TEXTS)
    told = warraq("story", keys["longer.txt"]).stdout
    assert "3 articles" in told
    assert "وشكر كل من حضر." in told, "what one has, and the others do not"
