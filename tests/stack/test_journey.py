"""From a feed and from a folder of text files to documents, through real workers. Read this first."""

import json
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from deploy.demo.newsroom import Newsroom
from deploy.demo.proof import Proof
from deploy.local import places
from deploy.local import stack as local
from ingest.document import ALIAS
from ingest.stories.fields import NAMES
from ingest.urls import article_id, canonical
from tests.stack.conftest import Command

pytestmark = pytest.mark.stack

BODY = "تكرر النداء اليوم في العاصمة من أجل هدنة تسمح بوصول المساعدات إلى القرى البعيدة قبل الشتاء. " * 6
TEXT = f"عنوان الخبر في السطر الأول\nتعليق الصورة في السطر الثاني\n{BODY.strip()}\n"


def document(client: Elasticsearch, file: Path) -> dict[str, object]:
    client.indices.refresh(index=ALIAS)
    key = article_id(canonical(file.resolve().as_uri()))
    (hit,) = client.search(index=ALIAS, query={"ids": {"values": [key]}}, version=True)["hits"]["hits"]
    return {**hit["_source"], "_version": hit["_version"]}


def _told_by_itself(found: dict[str, object]) -> dict[str, object]:
    """Leave out what the comparison with other articles says, whenever that comes."""
    return {name: value for name, value in found.items() if name not in {*NAMES, "agencies"}}


def test_five_sites_become_documents_with_the_right_text(newsroom: Newsroom, proof: Proof, warraq: Command) -> None:
    done = warraq("ingest", *newsroom.feeds())
    assert done.returncode == 1, "a page that is gone and a page that is no article are among them"
    assert proof.compare(newsroom.expected()) == [], done.stdout + done.stderr
    assert "http_404" in done.stdout
    assert "not_an_article" in done.stdout


def test_again_asks_for_no_page_twice_and_changes_nothing(
    newsroom: Newsroom, proof: Proof, warraq: Command, elasticsearch: Elasticsearch
) -> None:
    warraq("ingest", *newsroom.feeds())
    asked, before = dict(newsroom.requests), versions(elasticsearch, newsroom)
    for _ in range(2):
        warraq("ingest", *newsroom.feeds())
    pages = {url: count for url, count in newsroom.requests.items() if url not in newsroom.feeds()}
    assert pages == {url: count for url, count in asked.items() if url not in newsroom.feeds()}
    assert versions(elasticsearch, newsroom) == before
    assert proof.compare(newsroom.expected()) == []


def versions(client: Elasticsearch, newsroom: Newsroom) -> dict[str, int]:
    client.indices.refresh(index=ALIAS)
    keys = [article_id(canonical(one.url)) for one in newsroom.expected()]
    hits = client.search(index=ALIAS, query={"ids": {"values": keys}}, version=True, size=100)["hits"]["hits"]
    return {hit["_id"]: hit["_version"] for hit in hits}


def test_a_corrected_article_replaces_the_first_version(newsroom: Newsroom, proof: Proof, warraq: Command) -> None:
    warraq("ingest", *newsroom.feeds())
    first = {one.url: one.title for one in newsroom.expected()}
    newsroom.publish_update()
    changed = [one for one in newsroom.expected() if one.title != first[one.url]]
    assert len(changed) == 1
    assert proof.compare(changed) != []
    warraq("ingest", *newsroom.feeds())
    assert proof.compare(newsroom.expected()) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_a_text_file_in_any_encoding(
    encoding: str, tmp_path: Path, warraq: Command, elasticsearch: Elasticsearch
) -> None:
    file = tmp_path / "خبر.txt"
    file.write_bytes(TEXT.encode(encoding))
    assert warraq("ingest", str(file)).returncode == 0
    found = document(elasticsearch, file)
    assert f"{found['title']}\n{found['caption']}\n{found['body']}\n" == TEXT


def test_ingesting_a_folder_three_times_leaves_one_document_a_file(
    tmp_path: Path, warraq: Command, elasticsearch: Elasticsearch
) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"عنوان رقم {number}\nتعليق\n{BODY} {number}")
    seen = []
    for _ in range(3):
        assert warraq("ingest", str(tmp_path)).returncode == 0
        seen.append([_told_by_itself(document(elasticsearch, tmp_path / f"{number}.txt")) for number in range(3)])
    assert seen[0] == seen[1] == seen[2]


def test_an_edited_file_is_indexed_anew(tmp_path: Path, warraq: Command, elasticsearch: Elasticsearch) -> None:
    file = tmp_path / "1.txt"
    file.write_text(TEXT)
    assert warraq("ingest", str(file)).returncode == 0
    file.write_text(TEXT.replace("عنوان", "تصحيح"))
    os.utime(file, (time.time() + 5, time.time() + 5))
    assert warraq("ingest", str(file)).returncode == 0
    assert str(document(elasticsearch, file)["title"]).startswith("تصحيح")


def test_a_file_that_is_no_article_ends_visibly_and_the_others_go_on(
    tmp_path: Path, warraq: Command, elasticsearch: Elasticsearch
) -> None:
    (tmp_path / "good.txt").write_text(TEXT)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 20)
    done = warraq("ingest", str(tmp_path), str(tmp_path / "missing.txt"))
    assert done.returncode == 1
    assert "missing.txt: there is no such file" in done.stderr
    assert "rejected" in done.stdout
    assert document(elasticsearch, tmp_path / "good.txt")


@pytest.mark.parametrize("services", [("poll", "process", "beat"), ("control", "fetch", "index")], ids="-".join)
def test_killing_workers_at_work_loses_nothing(services: tuple[str, ...], proof: Proof, warraq: Command) -> None:
    with Newsroom(0, datetime.now(UTC)) as fresh, ThreadPoolExecutor(1) as background:
        done = background.submit(warraq, "ingest", *fresh.feeds())
        while len(fresh.requests) < 2 + len(fresh.feeds()) and not done.done():
            time.sleep(0.02)
        for service in services:
            os.kill(local.pid(service), signal.SIGKILL)
        done.result()
        assert proof.compare(fresh.expected()) == []


def test_search_speaks_json(newsroom: Newsroom, proof: Proof, warraq: Command) -> None:
    warraq("ingest", *newsroom.feeds())
    for search in newsroom.searches():
        assert proof.search(search) == []
        hits = [
            json.loads(line)
            for line in warraq("search", search.query, "--all", "--size", "100", "--json").stdout.splitlines()
        ]
        assert set(search.finds) <= {hit["url"] for hit in hits}
    assert warraq("search", "زززززز").returncode == 1


def test_failures_and_retry(newsroom: Newsroom, warraq: Command) -> None:
    warraq("ingest", *newsroom.feeds())
    (gone,) = [one for one in newsroom.expected() if one.reason == "http_404"]
    rows = [json.loads(line) for line in warraq("failures", "--json", "--reason", "http_404").stdout.splitlines()]
    (row,) = [row for row in rows if row["url"] == canonical(gone.url)]
    asked = newsroom.requests[gone.url]
    assert "articles reopened: 1" in warraq("retry", row["id"]).stdout
    deadline = time.monotonic() + 30
    while newsroom.requests[gone.url] == asked and time.monotonic() < deadline:
        time.sleep(0.2)
    assert newsroom.requests[gone.url] == asked + 1
    assert warraq("retry").returncode == 2


def test_show_tells_the_story_and_replay_fetches_nothing(newsroom: Newsroom, proof: Proof, warraq: Command) -> None:
    warraq("ingest", *newsroom.feeds())
    one = next(one for one in newsroom.expected() if one.state == "indexed")
    asked = dict(newsroom.requests)
    key = article_id(canonical(one.url))
    for name in (key, key[:12], one.url):
        story = warraq("show", name).stdout
        assert all(word in story for word in ("admitted", "fetched", "processed", "indexed", key))
    assert warraq("show", "0" * 32).returncode == 1
    source = article_id(canonical(newsroom.feeds()[0]))
    done = warraq("replay", "--source", source)
    assert "pages processed again" in done.stdout
    assert "pending" not in done.stdout
    assert newsroom.requests == asked
    assert proof.compare(newsroom.expected()) == []


def test_failures_are_grouped(newsroom: Newsroom, warraq: Command) -> None:
    warraq("ingest", *newsroom.feeds())
    grouped = warraq("failures").stdout
    assert "http_404" in grouped
    assert "qandil.localhost" in grouped


def test_sources_are_added_polled_listed_imported_and_removed(warraq: Command, tmp_path: Path) -> None:
    with Newsroom(0, datetime.now(UTC)) as fresh:
        feed, other = fresh.feeds()[:2]
        assert warraq("sources", "add", feed, "--name", "صحيفة").returncode == 0
        (tmp_path / "more.toml").write_text(
            f'[[source]]\nurl = "{other}"\ntimezone = "Asia/Baghdad"\ninterval_s = 60\n'
        )
        assert warraq("sources", "import", str(tmp_path / "more.toml")).returncode == 0
        deadline = time.monotonic() + 30
        while not all(fresh.requests.get(url) for url in (feed, other)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert fresh.requests[feed] == fresh.requests[other] == 1
        listed = warraq("sources", "list").stdout
        assert "صحيفة" in listed
        assert "every 60 s" in listed
        for url in (feed, other):
            assert warraq("sources", "remove", url).returncode == 0
            assert warraq("sources", "remove", url).returncode == 2


def test_wrong_sources_are_refused_with_a_reason(warraq: Command, tmp_path: Path) -> None:
    assert "no time zone" in warraq("sources", "add", "http://h/feed", "--timezone", "Mars/Base").stderr
    assert "only http and https" in warraq("sources", "add", "gopher://h/feed").stderr
    (tmp_path / "bad.toml").write_text("[[source]]\nname = 'no url'\n")
    done = warraq("sources", "import", str(tmp_path / "bad.toml"))
    assert done.returncode == 2
    assert "url" in done.stderr


def test_status_tells_of_services_queues_and_the_ledger(stack: local.Stack) -> None:
    """The installed command this time; the others are forked."""
    command, env = places.interpreter_folder() / "warraq", {**os.environ, "WARRAQ_HOME": str(stack.home)}
    done = subprocess.run([command, "status"], env=env, capture_output=True, text=True, timeout=180, check=True)
    assert all(
        word in done.stdout for word in ("elasticsearch", "queue process", "index stream", "indexed", "per minute")
    )
