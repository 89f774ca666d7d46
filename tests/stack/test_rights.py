"""Who may do what: the keys, Redis, Flower."""

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace as replace_
from datetime import UTC, datetime
from pathlib import Path

import pytest
from elasticsearch import AuthenticationException, AuthorizationException, BadRequestError, Elasticsearch
from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, ResponseError

from deploy.demo.newsroom import Newsroom
from deploy.local.stack import Stack
from ingest.document import ALIAS, LEDGER, SOURCES
from ingest.ledger.transitions import admitted
from ingest.model import Entry, Source
from tests.stack.conftest import Command
from workers.settings import Settings, secret
from workers.store.bulk import Write, send
from workers.store.connection import client_with_key_file
from workers.store.indices import INDICES
from workers.store.keys import BOOTSTRAP_KEY, READER_KEY, WRITER_KEY, replace, rights
from workers.store.records import versioned
from workers.store.setup import set_up

pytestmark = pytest.mark.stack


@pytest.fixture
def client(stack: Stack) -> Callable[[Path], Elasticsearch]:
    def with_key(key: Path) -> Elasticsearch:
        url = f"http://127.0.0.1:{stack.elasticsearch_port}"
        return Elasticsearch(url, api_key=secret(stack.home / "secrets" / key))

    return with_key


def months(client: Elasticsearch) -> list[str]:
    return sorted(client.indices.get_alias(name=ALIAS))


def test_the_reader_reads_and_does_nothing_else(client: Callable[[Path], Elasticsearch]) -> None:
    reader = client(READER_KEY)
    assert reader.count(index=ALIAS)["count"] >= 0
    assert reader.count(index=LEDGER)["count"] >= 0
    month = months(reader)[-1]
    attempts: list[Callable[[], object]] = [
        lambda: reader.index(index=month, id="x", document={"title": "x"}),
        lambda: reader.delete_by_query(index=ALIAS, query={"match_all": {}}),
        lambda: reader.indices.delete(index=month),
        lambda: reader.indices.create(index="news-articles-1990.01"),
        lambda: reader.update(index=LEDGER, id="x", doc={}),
        lambda: reader.security.create_api_key(name="more"),
    ]
    for attempt in attempts:
        with pytest.raises(AuthorizationException):
            attempt()


def test_the_writer_cannot_remove_or_change_an_index(client: Callable[[Path], Elasticsearch]) -> None:
    writer = client(WRITER_KEY)
    month = months(writer)[-1]
    attempts: list[Callable[[], object]] = [
        lambda: writer.indices.delete(index=month),
        lambda: writer.indices.delete(index=LEDGER),
        lambda: writer.indices.put_settings(index=SOURCES, settings={"number_of_replicas": 0}),
        lambda: writer.delete_by_query(index=ALIAS, query={"match_all": {}}),
        lambda: writer.index(index="other", document={}),
        lambda: writer.delete(index=LEDGER, id="x"),
        lambda: writer.delete(index=month, id="x"),
        lambda: writer.security.create_api_key(name="more"),
    ]
    for attempt in attempts:
        with pytest.raises(AuthorizationException):
            attempt()


def test_the_writer_puts_no_older_record_in_place_of_a_newer_and_removes_none(
    client: Callable[[Path], Elasticsearch], elasticsearch: Elasticsearch
) -> None:
    """Elasticsearch has no right that asks for a version: test_bulk.py holds that all is written with one."""
    writer, now = client(WRITER_KEY), datetime.now(UTC)
    record = admitted(Source("s", "feed", "http://h/"), Entry("http://h/older-and-newer"), now)
    newer, older = versioned(LEDGER, replace_(record, version=3)), versioned(LEDGER, replace_(record, version=2))
    try:
        assert [answer.status for answer in send(writer, [newer, older, newer])] == [201, 409, 409]
        assert send(writer, [Write(LEDGER, record.id, older.source)])[0].status == 409
        answer = writer.bulk(operations=[{"delete": {"_index": LEDGER, "_id": record.id}}])
        assert answer["items"][0]["delete"]["status"] == 403
        assert elasticsearch.get(index=LEDGER, id=record.id)["_source"]["version"] == 3
    finally:
        elasticsearch.options(ignore_status=404).delete(index=LEDGER, id=record.id)


def test_mappings_are_strict(elasticsearch: Elasticsearch) -> None:
    for index in (kind.index(datetime.now(UTC)) for kind in INDICES):
        with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
            elasticsearch.index(index=index, id="stray", document={"a_field_nobody_declared": 1})


def test_setting_up_again_keeps_the_keys(stack: Stack) -> None:
    folder = stack.home / "secrets"
    before = [secret(folder / key) for key in (BOOTSTRAP_KEY, WRITER_KEY, READER_KEY)]
    password = secret(folder / "elasticsearch" / "elastic_password")
    set_up(Settings(elasticsearch_url=f"http://127.0.0.1:{stack.elasticsearch_port}"), password, folder)
    assert [secret(folder / key) for key in (BOOTSTRAP_KEY, WRITER_KEY, READER_KEY)] == before


def test_a_replaced_key_is_invalid_and_who_held_it_goes_on(
    stack: Stack, elasticsearch: Elasticsearch, tmp_path: Path
) -> None:
    config = Settings(elasticsearch_url=f"http://127.0.0.1:{stack.elasticsearch_port}")
    (tmp_path / READER_KEY).parent.mkdir()
    replace(elasticsearch, tmp_path / READER_KEY, rights()[READER_KEY])
    old = secret(tmp_path / READER_KEY)
    with client_with_key_file(config, tmp_path / READER_KEY) as reader:
        assert reader.count(index=ALIAS)["count"] >= 0
        replace(elasticsearch, tmp_path / READER_KEY, rights()[READER_KEY])
        assert reader.count(index=ALIAS)["count"] >= 0
    with Elasticsearch(config.elasticsearch_hosts, api_key=old) as late, pytest.raises(AuthenticationException):
        late.count(index=ALIAS)


def test_secrets_are_for_their_owner_alone(stack: Stack) -> None:
    files = [file for file in (stack.home / "secrets").rglob("*") if file.is_file()]
    assert len(files) >= 9
    for file in files:
        allowed = 0o640 if file.name == "users.acl" else 0o600  # hashes only, for Redis' group
        assert file.stat().st_mode & 0o777 == allowed, file


def test_redis_refuses_strangers_and_dangerous_commands(stack: Stack, redis: Redis) -> None:
    with pytest.raises(AuthenticationError):
        Redis(port=stack.redis_port).ping()
    for command in (["FLUSHALL"], ["CONFIG", "GET", "*"], ["KEYS", "*"], ["SHUTDOWN"], ["ACL", "LIST"]):
        with pytest.raises((NoPermissionError, ResponseError)):
            redis.execute_command(*command)  # type: ignore[no-untyped-call]


def flower(stack: Stack, path: str, password: str | None) -> tuple[int, bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{stack.flower_port}{path}")
    if password is not None:
        request.add_header("Authorization", "Basic " + base64.b64encode(f"warraq:{password}".encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""


def test_flower_wants_its_password(stack: Stack) -> None:
    password = secret(stack.home / "secrets" / "people" / "flower_password")
    for path in ("/", "/api/tasks", "/workers", "/tasks"):
        assert flower(stack, path, None)[0] == 401
        assert flower(stack, path, "wrong")[0] == 401
    assert flower(stack, "/workers", password)[0] == 200


def test_flower_shows_every_task_by_name_with_its_id(stack: Stack, newsroom: Newsroom, warraq: Command) -> None:
    warraq("ingest", *newsroom.feeds())
    password = secret(stack.home / "secrets" / "people" / "flower_password")
    wanted = {"poll_source", "fetch_article", "process_article", "index_flush"}  # tick and sweep send no events
    deadline = time.monotonic() + 30
    seen: dict[str, str] = {}
    while wanted - set(seen) and time.monotonic() < deadline:
        tasks = json.loads(flower(stack, "/api/tasks?limit=5000", password)[1] or b"{}")
        seen = {task["name"]: task["kwargs"] for task in tasks.values() if task["name"]}
        time.sleep(0.5)
    assert wanted <= set(seen)
    article = seen["process_article"]
    assert len(article) == 32
    assert set(article) <= set("0123456789abcdef")
