"""What is forgotten is in no file of any store; a backup of before does not bring it back."""

import random
import time
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch

from deploy.local.stack import Stack
from ingest.forget import of_article
from ingest.ledger.record import State
from ingest.ledger.transitions import admitted, ended
from ingest.model import Article, Entry, Page, Source
from ingest.revisions.revision import next_version
from tests.stack.held import holding, rare_word
from workers.runtime import build
from workers.settings import settings
from workers.steps.forget import forget
from workers.steps.operator import operator
from workers.steps.traces import affected, left
from workers.store.outcomes import Outcome

pytestmark = pytest.mark.stack

CHANCE = random.Random(time.time_ns())
WORDS = {place: rare_word(CHANCE) for place in ("title", "body", "old")}
TEXT = " كلام طويل عن الميناء والسفن" * 20
SOURCE = Source("erased", "feed", "http://erased.example/feed")


def test_no_byte_of_what_was_forgotten_is_left(stack: Stack, elasticsearch: Elasticsearch) -> None:
    rt, data = build(settings()), stack.home / "data"
    now = rt.now()
    record = admitted(SOURCE, Entry(f"http://erased.example/{time.time_ns()}", title=WORDS["title"]), now)
    rt.ledger.create([record])
    article = Article(record.id, record.url, WORDS["title"], WORDS["body"] + TEXT, admitted_at=now, fetched_at=now)
    made = next_version(replace(article, body=WORDS["old"] + TEXT), replace(article, fetched_at=rt.now()), rt.now())
    outcome = Outcome(ended(record, State.INDEXED, now), made.article, revisions=made.revisions)
    rt.pages.put(record.id, Page(record.url, 200, (), WORDS["body"].encode(), now), now)
    rt.leases.issue([record])
    assert [one.word for one in rt.index.write([outcome], now)] == ["done"]
    elasticsearch.indices.flush(index="news-*", force=True)
    until = time.monotonic() + 20
    while holding(data, WORDS.values()) != {"elasticsearch", "redis", "pages"}:
        assert time.monotonic() < until, f"or the search would prove nothing: {holding(data, WORDS.values())}"
        time.sleep(0.5)

    ids = list(affected(rt, [record.id]))
    forget(operator(settings()), [of_article(record.id, rt.now(), "asked for", "a test")], lambda: iter([ids]))
    assert holding(data, WORDS.values()) == set()
    assert not [stone for stone, _ in left(rt) if stone.id == record.id]
    assert rt.ledger.create([record]) == []
