"""The invariants, asked of Elasticsearch after a run: with the reader key, and by ids that the newsroom knows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from elasticsearch import Elasticsearch

from deploy.local.stack import Stack
from ingest.document import ALIAS
from ingest.record import Record, State
from ingest.urls import article_id, canonical
from tests.chaos.newsroom import Newsroom, Story
from workers.runtime import Runtime
from workers.settings import secret
from workers.setup import READER_KEY

MOST: Final = 10_000
"""Hits in one answer; Elasticsearch's own window."""
NAMED: Final = 5
"""Problems of one kind that are told in full."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is in the ledger and in the index, and each difference as a sentence."""

    admitted: int
    lost: tuple[str, ...]
    duplicated: tuple[str, ...]
    problems: tuple[str, ...]


def check(rt: Runtime, stack: Stack, newsroom: Newsroom) -> Found:
    """Compare ledger and index with what the newsroom's feeds list.

    Lost: without a record, without an end, or called indexed without its own text in the index. Duplicated: more than
    one document of an id, or a document that no feed lists.
    """
    stories = {article_id(canonical(story.url)): story for story in newsroom.stories}
    records = rt.ledger.get_many(list(stories))
    rt.index.refresh()
    documents = _documents(stack, newsroom)
    bodies = {hit["_id"]: str(hit["_source"].get("body", "")) for hit in documents}
    lost = {key: why for key, one in stories.items() if (why := _lost(one, records.get(key), bodies.get(key)))}
    counts = Counter(str(hit["_id"]) for hit in documents)
    duplicated = [key for key, count in counts.items() if count > 1 or key not in stories]
    other = [_story(one) for one in records.values() if one.state not in (State.INDEXED, State.PENDING)]
    problems = [
        *_first(f"lost {key}: {why}" for key, why in lost.items()),
        *_first(duplicated, "twice "),
        *_first(other),
    ]
    return Found(len(records), tuple(lost), tuple(duplicated), (*_states(records), *problems))


def _lost(story: Story, record: Record | None, body: str | None) -> str:
    if record is None:
        return f"{story.url} is in no ledger"
    if record.pending:
        return _story(record)
    if record.state is State.INDEXED and story.sentence not in (body or ""):
        return f"{story.url}: {'another text' if body else 'no document'}; {_story(record)}"
    return ""


def _story(record: Record) -> str:
    return (
        f"{record.id} {record.url} {record.state} {record.reason} {record.detail[:200]} "
        f"attempts={record.attempts} starts={record.starts} version={record.version} due={record.due_at:%H:%M:%S}"
    )


def _states(records: Mapping[str, Record]) -> Iterable[str]:
    """Tell of the states, unless every record is indexed: all articles of this newsroom are good ones."""
    states = Counter(f"{one.state}/{one.reason}" for one in records.values())
    return [] if set(states) <= {f"{State.INDEXED}/"} else [f"states: {dict(states)}"]


def _first(texts: Iterable[str], head: str = "") -> list[str]:
    return [head + text for text in texts][:NAMED]


def _documents(stack: Stack, newsroom: Newsroom) -> list[Any]:
    """Return every document of the newsroom's hosts, whatever its id or index."""
    key = secret(Path(stack.env["WARRAQ_SECRETS_DIR"]) / READER_KEY)
    with Elasticsearch(stack.env["WARRAQ_ELASTICSEARCH_URL"], api_key=key) as client:
        query = {"terms": {"host": list(newsroom.hosts)}}
        answer = client.search(index=ALIAS, query=query, size=MOST, source_includes=["body", "url"])
        return list(answer["hits"]["hits"])
