"""Retention on the real servers, with the key that it has: what is old goes, and all still agrees."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from kombu import Connection

from deploy.local.stack import Stack
from ingest.document import FINGERPRINTS, LEDGER, REVISION, REVISIONS, STORIES, TALLIES, TALLY
from ingest.ledger.record import Record, State
from ingest.ledger.tally import Tally
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from ingest.revisions.revision import Revision
from ingest.urls import article_id, canonical
from tests.stack.conftest import Command
from workers.app import app
from workers.runtime import Runtime, build, redis_client
from workers.settings import settings
from workers.steps.retention import OVER, Line, go, look
from workers.store.articles import Index
from workers.store.keys import RETENTION_KEY
from workers.store.outcomes import Outcome

pytestmark = pytest.mark.stack

MONTH = "news-articles-1999.02"
THEN = datetime(1999, 2, 11, tzinfo=UTC)
DAYS = 20 * 365
BODY = "تكرر النداء اليوم في العاصمة من أجل هدنة تسمح بوصول المساعدات إلى القرى البعيدة قبل الشتاء. " * 6


@pytest.fixture
def old(elasticsearch: Elasticsearch) -> Iterator[list[Record]]:
    """Something of each kind of 1999."""
    records = [admitted(Source("s", "feed", "http://h/"), Entry(f"http://h/old/{n}"), THEN) for n in range(3)]
    Index(elasticsearch).write([outcome(one) for one in records], THEN)
    revision = Revision(id="old.1", article_id="old", number=1, kinds=(), seen_at=THEN, url="", title="", body="")
    kept = {
        TALLIES: TALLY.dump_python(Tally("s", f"{THEN:%Y-%m-%d}"), mode="json"),
        REVISIONS: REVISION.dump_python(revision, mode="json"),
        FINGERPRINTS: {"id": "old", "index": MONTH},
        STORIES: {"id": "old", "last_at": THEN.isoformat()},
    }
    for index, one in kept.items():
        elasticsearch.index(index=index, id="old", document=one, refresh=True)
    yield records
    for one in records:
        elasticsearch.options(ignore_status=404).delete(index=LEDGER, id=one.id, refresh=True)
    elasticsearch.options(ignore_status=404).indices.delete(index=MONTH)


def outcome(record: Record) -> Outcome:
    article = Article(id=record.id, url=record.url, title="خبر", body="نص", admitted_at=THEN, source_id="s")
    return Outcome(ended(record, State.INDEXED, THEN), article)


@pytest.fixture
def rt(stack: Stack) -> Runtime:
    """A runtime with the retention key, by which all but pages is kept for twenty years."""
    kinds = ("articles", "ledger", "tallies", "revisions", "stories")
    ages = {f"keep_{kind}_days": DAYS for kind in kinds}
    key = {"elasticsearch_key_file": stack.home / "secrets" / RETENTION_KEY}
    return build(settings().model_copy(update={**ages, **key}))


def test_of_each_kind_what_is_old_goes_and_nothing_else(
    rt: Runtime, old: list[Record], elasticsearch: Elasticsearch
) -> None:
    elasticsearch.indices.refresh(index="news")
    others = elasticsearch.count(index="news,news-tallies,news-revisions,news-stories")["count"]
    shown = {line.kind: line for line in look(rt)}
    went: list[Line] = []
    go(rt, went.append)
    counts = {line.kind: line.count for line in went if line.kind != "pages"}
    assert counts == {"articles": 3, "ledger": 3, "tallies": 1, "revisions": 1, "stories": 2}
    assert counts.items() <= {kind: line.count for kind, line in shown.items()}.items()
    assert all(shown[kind].bytes > 0 for kind in counts)
    assert not elasticsearch.indices.exists(index=MONTH)
    records = rt.ledger.get_many([one.id for one in old])
    assert [(one.slim, one.expired_at is not None) for one in records.values()] == [(True, True)] * 3
    assert {one.id for one in rt.ledger.create(old)} == set(), "they are known for ever"
    assert elasticsearch.count(index="news,news-tallies,news-revisions,news-stories")["count"] == others - 3 - 3
    assert [line.count for line in look(rt) if line.kind != "pages"] == [0] * 5


def test_a_page_of_a_month_ago_goes_by_the_command_and_its_article_stays(
    stack: Stack, warraq: Command, tmp_path: Path
) -> None:
    keys = []
    for number in range(2):
        file = tmp_path / f"{number}.txt"
        file.write_text(f"عنوان الخبر رقم {number} لهذا اليوم\nتعليق\n{BODY} {number}")
        keys.append(article_id(canonical(file.resolve().as_uri())))
    assert warraq("ingest", str(tmp_path)).returncode == 0
    pages = [stack.home / "data/pages" / key[:2] / key[2:4] / f"{key}.warc.gz" for key in keys]
    part = pages[0].with_name(f"{pages[0].name}.0f.part")
    part.write_bytes(b"half a page")
    long_ago = time.time() - 31 * 86_400
    for file in (pages[0], part):
        os.utime(file, (long_ago, long_ago))
    shown = warraq("retention", "--dry-run")
    assert "pages" in shown.stdout
    assert pages[0].exists()
    done = warraq("retention", "--yes")
    assert (done.returncode, "removed: pages 2" in done.stdout) == (0, True), done.stdout + done.stderr
    assert [pages[0].exists(), part.exists(), pages[1].exists()] == [False, False, True]
    assert warraq("check").returncode == 0


def test_the_service_does_it_by_itself(rt: Runtime, stack: Stack) -> None:
    rt.reached.retention.set("")
    with redis_client(rt.settings) as redis:
        redis.delete("warraq:clock-leapt")  # the tests' stack may have been off for days
    with Connection(rt.settings.broker_url) as connection:  # beat would, within a minute
        app.send_task("retention", queue="upkeep", connection=connection)
    deadline = time.monotonic() + 60
    while not rt.reached.retention.get().startswith(OVER):
        assert time.monotonic() < deadline, f"see upkeep's log in {stack.home}"
        time.sleep(0.5)
