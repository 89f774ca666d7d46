"""What keeps one index only from being written, on the real server: no article is to blame, and nothing is lost."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial

import pytest
from elasticsearch import Elasticsearch

from ingest.document import LEDGER
from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Source
from tests.contract.indices import indices
from workers.store.articles import Index
from workers.store.ledger import Ledger
from workers.store.outcomes import Outcome

pytestmark = pytest.mark.stack
NOW = datetime(1999, 3, 15, 12, tzinfo=UTC)
MONTH = "news-articles-1999.03"


@contextmanager
def closed(client: Elasticsearch, _: str) -> Iterator[None]:
    client.indices.close(index=MONTH)
    yield
    client.indices.open(index=MONTH)


@contextmanager
def too_many_shards(client: Elasticsearch, _: str) -> Iterator[None]:
    client.indices.delete(index=MONTH)
    client.cluster.put_settings(transient={"cluster.max_shards_per_node": 1})
    yield
    client.cluster.put_settings(transient={"cluster.max_shards_per_node": None})


@contextmanager
def blocked(what: str, client: Elasticsearch, ledger: str) -> Iterator[None]:
    index = ledger if what == "ledger" else MONTH
    client.indices.put_settings(index=index, settings={"index.blocks.write": True})
    yield
    client.indices.put_settings(index=index, settings={"index.blocks.write": None})


@pytest.fixture(scope="module")
def ledger(elasticsearch: Elasticsearch) -> Iterator[str]:
    with indices(elasticsearch, LEDGER) as (name,):
        yield name
    elasticsearch.options(ignore_status=404).indices.delete(index=MONTH)


def test_what_another_version_has_added_waits_until_the_index_knows_it(
    elasticsearch: Elasticsearch, ledger: str
) -> None:
    """An older snapshot was restored, or an older template made the month: no worker may fail every article."""
    records, index = Ledger(elasticsearch, ledger), Index(elasticsearch, ledger)
    url = f"http://h/{uuid.uuid4().hex}"
    (record,) = records.create([admitted(Source("s", "feed", "http://h/feed"), Entry(url), NOW)])
    article = Article(id=record.id, url=url, title="عنوان", body="نص", unknown={"mood": "merry"})
    outcome = Outcome(ended(record, State.INDEXED, NOW), article)
    assert [one.word for one in index.write([outcome], NOW)] == ["again"]
    elasticsearch.indices.put_mapping(index=MONTH, properties={"mood": {"type": "keyword"}})
    assert [one.word for one in index.write([outcome], NOW)] == ["done"]


@pytest.mark.parametrize("block", [closed, too_many_shards, partial(blocked, "ledger"), partial(blocked, "month")])
def test_its_outcomes_are_written_when_it_is_over(
    elasticsearch: Elasticsearch, ledger: str, block: Callable[[Elasticsearch, str], AbstractContextManager[None]]
) -> None:
    records, index = Ledger(elasticsearch, ledger), Index(elasticsearch, ledger)
    url = f"http://h/{uuid.uuid4().hex}"
    (record,) = records.create([admitted(Source("s", "feed", "http://h/feed"), Entry(url), NOW)])
    article = Article(id=record.id, url=url, title="عنوان", body="نص")
    outcome = Outcome(ended(record, State.INDEXED, NOW), article)
    index.ensure(MONTH)
    with block(elasticsearch, ledger):
        (verdict,) = index.write([outcome], NOW)
        assert verdict.word == "again", verdict
    assert records.get_many([record.id])[record.id].pending
    assert [one.word for one in index.write([outcome], NOW)] == ["done"]
    assert not index.missing([records.get_many([record.id])[record.id]])
