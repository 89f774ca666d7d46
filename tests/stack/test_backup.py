"""A backup on the real stack, copied to an object store, and restored while the workers run."""

import json
import subprocess
import time
from collections.abc import Collection
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from deploy.local.places import interpreter_folder
from ingest.document import ALIAS, LEDGER, SOURCES
from ingest.ledger.record import State
from ingest.urls import article_id, canonical
from tests.contract import test_pages
from tests.stack.conftest import Command
from tests.stack.site import Site, article, feed, until
from tests.stack.test_revisits import _pages as _serving
from tests.unit.ingest.stories.texts import prose
from workers.runtime import build
from workers.settings import settings
from workers.steps.report import ask

pytestmark = pytest.mark.stack
bucket, s3fs = test_pages.bucket, test_pages.s3fs
pages = _serving
NUMBER = time.time_ns()


def with_bucket(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `warraq` with this environment, which knows the object store: that of the other commands does not."""
    command = [str(interpreter_folder() / "warraq"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def versions(elasticsearch: Elasticsearch, keys: Collection[str]) -> dict[str, dict[str, int]]:
    """Return the versions of some records, documents and sources."""
    found: dict[str, dict[str, int]] = {}
    for index in (LEDGER, ALIAS, SOURCES):
        elasticsearch.indices.refresh(index=index)
        query = {"ids": {"values": list(keys)}}
        hits = elasticsearch.search(index=index, query=query, version=True, source=False)["hits"]["hits"]
        found[index] = {hit["_id"]: hit["_version"] for hit in hits}
    return found


def test_a_backup_is_restored_and_work_goes_on(
    pages: Site, warraq: Command, elasticsearch: Elasticsearch, bucket: tuple[str, Any]
) -> None:
    (home, served), (place, _) = pages, bucket
    keys = {name: article_id(canonical(f"{home}/{name}")) for name in ("one", "two", "three")}
    for number, name in enumerate(keys):
        text = " ".join(f"{word} في السوق" for word in prose(NUMBER + number, 60))
        served[f"/{name}"] = article(f"خبر {name} من السوق", text)
    served["/feed"] = feed(home, "one", "two")
    assert warraq("ingest", f"{home}/feed").returncode == 0
    rt = build(settings())
    until(lambda: not rt.stream.depth() and not rt.ungrouped.count(), "work goes on for ever")
    source = article_id(canonical(f"{home}/feed"))
    before = versions(elasticsearch, {*keys.values(), source})
    assert [len(one) for one in before.values()] == [2, 2, 1]

    done = with_bucket("backup", place, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    name = json.loads(done.stdout)["backup"]
    assert warraq("forget", f"{home}/two", "--why", "asked for", "--yes").returncode == 0
    served["/feed"] = feed(home, "one", "two", "three")
    assert warraq("ingest", f"{home}/feed").returncode == 0
    assert "--replace" in with_bucket("restore", place, "--yes").stderr

    served.pop("/one")  # it must not be asked for again
    rt.lanes._redis.delete("warraq:epoch", "warraq:tickets", "warraq:work")
    done = with_bucket("restore", place, "--backup", name, "--replace", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    until(rt.gauge.knows, "the workers do not rebuild Redis")
    after = versions(elasticsearch, {*keys.values(), source})
    assert after[LEDGER].pop(keys["two"]) > before[LEDGER].pop(keys["two"])
    del before[ALIAS][keys["two"]]
    assert after == before
    assert warraq("ingest", f"{home}/feed").returncode == 0
    states = {key: one.state for key, one in rt.ledger.get_many(list(keys.values())).items()}
    wanted = (State.INDEXED, State.FORGOTTEN, State.INDEXED)
    assert states == dict(zip(keys.values(), wanted, strict=True))
    checked: dict[str, Any] = json.loads(warraq("check", "--json").stdout)
    assert checked["forgotten"] == []
    assert not {*checked["lost"], *checked["found"]} & set(keys.values())
    lines = [line for line in ask(rt, day=f"{rt.now():%Y-%m-%d}") if line.source_id == source]
    assert [problem for line in lines for problem in line.problems()] == []
