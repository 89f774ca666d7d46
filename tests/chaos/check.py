"""The invariants, asked of Elasticsearch after a run: with the reader key, and by ids that the newsroom knows."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from elasticsearch import Elasticsearch

from deploy.local.stack import Stack
from ingest.document import ALIAS
from ingest.ledger.record import Record, State
from ingest.model import Source
from tests.chaos.counters import disagreements
from tests.chaos.newsroom import Newsroom
from tests.chaos.texts import Story
from workers.runtime import Runtime
from workers.settings import secret
from workers.steps.report import ask
from workers.store.keys import READER_KEY

MOST: Final = 10_000
"""Hits in one answer; Elasticsearch's own window."""
LOOKS: Final = 5
LOOK_PAUSE_S: Final = 1.0
NAMED: Final = 5
"""Problems of one kind that are told in full."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is in the ledger and in the index, and each difference as a sentence."""

    admitted: int
    lost: tuple[str, ...]
    duplicated: tuple[str, ...]
    problems: tuple[str, ...]


def check(rt: Runtime, stack: Stack, newsroom: Newsroom, sources: Sequence[Source], since: datetime) -> Found:
    """Compare ledger and index with what the newsroom's feeds list, and let `warraq report` add it all up.

    `since` is when the run began: the newsroom of an earlier one may have had the same port, and so the same hosts.

    Lost: without a record, without the end that it should have, or called indexed without its own text in the index.
    Duplicated: more than one document of an id, or a document that no feed lists.
    """
    stories = {story.id: story for story in newsroom.stories}
    records = rt.ledger.get_many(list(stories))
    rt.index.refresh()
    documents = _documents(stack, newsroom, since)
    bodies = {hit["_id"]: str(hit["_source"].get("body", "")) for hit in documents}
    lost = {key: why for key, one in stories.items() if (why := _lost(one, records.get(key), bodies.get(key)))}
    counts = Counter(str(hit["_id"]) for hit in documents)
    duplicated = [key for key, count in counts.items() if count > 1 or key not in stories]
    problems = [
        *_states(records, stories),
        *_first(f"lost {key}: {why}" for key, why in lost.items()),
        *_first(duplicated, "twice "),
        *_first(_sums(rt, sources), "report: "),
        *_first(disagreements(rt, stack), "metrics: "),
        *_first((one.id for one in records.values() if _was_ahead(one)), "called indexed before its document was: "),
    ]
    return Found(len(records), tuple(lost), tuple(duplicated), tuple(problems))


def _lost(story: Story, record: Record | None, body: str | None) -> str:
    if record is None:
        return f"{story.url} is in no ledger"
    if (record.state, record.reason) != story.end:
        return f"should have ended as {'/'.join(story.end)}: {_story(record)}"
    if record.state is State.INDEXED and story.sentence not in (body or ""):
        return f"{story.url}: {'another text' if body else 'no document'}; {_story(record)}"
    return ""


def _story(record: Record) -> str:
    return (
        f"{record.id} {record.url} {record.state} {record.reason} {record.detail[:200]} "
        f"attempts={record.attempts} starts={record.starts} version={record.version} due={record.due_at:%H:%M:%S}"
    )


def _was_ahead(record: Record) -> bool:
    """Tell whether the check had to mend it: no fault here takes a document away, so that it was never there."""
    return any(step.what == "document_lost" for step in record.history)


def _states(records: Mapping[str, Record], stories: Mapping[str, Story]) -> Iterable[str]:
    """Tell of the states, unless they are those that the newsroom's articles should have."""
    states = Counter((str(one.state), one.reason) for one in records.values())
    return [] if states == Counter(story.end for story in stories.values()) else [f"states: {dict(states)}"]


def _sums(rt: Runtime, sources: Sequence[Source]) -> list[str]:
    """Return what does not add up in the day's report of these sources, looked at again while it does not."""
    ours, problems = {source.id for source in sources}, list[str]()
    for look in range(LOOKS):
        time.sleep(LOOK_PAUSE_S if look else 0)
        mine = [line for line in ask(rt, day=f"{rt.now():%Y-%m-%d}") if line.source_id in ours]
        problems = [f"{line.source_id[:12]}: {problem}" for line in mine for problem in line.problems()]
        if not problems:
            break
    return problems


def _first(texts: Iterable[str], head: str = "") -> list[str]:
    return [head + text for text in texts][:NAMED]


def _documents(stack: Stack, newsroom: Newsroom, since: datetime) -> list[Any]:
    """Return every document of the newsroom's hosts, whatever its id or index."""
    key = secret(Path(stack.env["WARRAQ_SECRETS_DIR"]) / READER_KEY)
    with Elasticsearch(f"http://127.0.0.1:{stack.elasticsearch_port}", api_key=key) as client:
        mine = [{"terms": {"host": list(newsroom.hosts)}}, {"range": {"admitted_at": {"gte": since}}}]
        query = {"bool": {"filter": mine}}
        answer = client.search(index=ALIAS, query=query, size=MOST, source_includes=["body", "url"])
        return list(answer["hits"]["hits"])
