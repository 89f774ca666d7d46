"""What did not get in, on the real stack: grouped, told step by step, taken up again; and the sums of the day."""

import json
import time
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from ingest.document import ALIAS, LEDGER
from ingest.urls import article_id, canonical
from tests.stack.conftest import Command
from tests.stack.test_journey import TEXT

pytestmark = pytest.mark.stack

BACK_WITHIN_S = 60


@pytest.fixture
def folder(tmp_path: Path, warraq: Command) -> Path:
    """A folder of which one file is an article and one is not, ingested."""
    (tmp_path / "good.txt").write_text(TEXT)
    (tmp_path / "short.txt").write_text("قصير\nجدا\nولا خبر هنا")
    assert warraq("ingest", str(tmp_path)).returncode == 0
    return tmp_path


def key_of(file: Path) -> str:
    return article_id(canonical(file.resolve().as_uri()))


def test_failures_are_grouped_by_stage_reason_and_source(folder: Path, warraq: Command) -> None:
    table = warraq("failures").stdout
    assert "process" in table
    assert "not_an_article" in table
    assert folder.name[:10] in table
    listed = warraq("failures", "--stage", "process", "--source", key_of(folder), "--json").stdout
    (row,) = [json.loads(line) for line in listed.splitlines()]
    assert (row["id"], row["state"], row["stage"]) == (key_of(folder / "short.txt"), "rejected", "process")


def test_the_whole_story_of_one_article(folder: Path, warraq: Command) -> None:
    assert warraq("retry", key_of(folder / "short.txt")[:12]).returncode == 0
    told = warraq("show", key_of(folder / "short.txt")).stdout
    steps = ("admitted", "fetched", "rejected", "reopened", "not_an_article")
    assert all(step in told for step in steps), told


def test_a_replay_processes_stored_pages_again(folder: Path, warraq: Command, elasticsearch: Elasticsearch) -> None:
    before = elasticsearch.get(index=LEDGER, id=key_of(folder / "good.txt"))["_source"]["version"]
    done = warraq("replay", "--source", key_of(folder))
    assert "2 pages processed again" in done.stdout
    after = elasticsearch.get(index=LEDGER, id=key_of(folder / "good.txt"))["_source"]
    assert (after["state"], after["version"]) == ("indexed", before + 2)
    assert "1 pages processed again" in warraq("replay", "--source", key_of(folder), "--failed").stdout


def test_the_report_adds_up_and_a_document_that_is_gone_comes_back(
    folder: Path, warraq: Command, elasticsearch: Elasticsearch
) -> None:
    done = warraq("report")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in warraq("report", "--json").stdout.splitlines()]
    (mine,) = [row for row in rows if row["source_id"] == key_of(folder)]
    assert (mine["listed"], mine["admitted"], mine["indexed"], mine["rejected"], mine["documents"]) == (2, 2, 1, 1, 1)
    elasticsearch.indices.refresh(index=ALIAS)
    elasticsearch.delete_by_query(index=ALIAS, query={"ids": {"values": [key_of(folder / "good.txt")]}})
    for _ in range(BACK_WITHIN_S):  # sweep compares ledger and index
        elasticsearch.indices.refresh(index=ALIAS)
        if elasticsearch.count(index=ALIAS, query={"ids": {"values": [key_of(folder / "good.txt")]}})["count"]:
            break
        time.sleep(1)
    assert warraq("report").returncode == 0
