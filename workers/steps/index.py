"""The last step of every article: outcomes from the index stream into Elasticsearch, a batch at a time."""

import random
from collections.abc import Sequence
from typing import Final

import structlog

from workers.runtime import ELASTICSEARCH, Runtime
from workers.store.stream import Item

log = structlog.get_logger()

BATCH: Final = 200
"""Outcomes in one bulk: about 1 MB of Arabic articles."""
BLOCK_MS: Final = 500
LINGER_S: Final = 0.3
"""Seconds to wait for a batch to fill: a bulk of one article costs Elasticsearch nearly what one of fifty does."""


def flush(rt: Runtime, block_ms: int = BLOCK_MS, linger_s: float = LINGER_S) -> int:
    """Write one batch of outcomes to Elasticsearch and acknowledge those that are done; return how many were settled.

    What Elasticsearch cannot take now stays in the stream, and all flushers pause.
    """
    if rt.stream.rests():
        return 0
    items = rt.stream.read(BATCH, block_ms, linger_s)
    if not items:
        return 0
    try:
        verdicts = rt.index.write([item.outcome for item in items], rt.now())
    except ELASTICSEARCH as error:
        _give_back(rt, items, repr(error))
        return 0
    judged = list(zip(items, verdicts, strict=True))
    settled = [item for item, verdict in judged if verdict.word != "again"]
    if settled:
        # who is at work again keeps its lease
        rt.leases.forget([item.outcome.record.id for item, verdict in judged if verdict.word in {"done", "refused"}])
        rt.stream.acknowledge(settled)
    if len(settled) < len(items):
        later = [(item, verdict.detail) for item, verdict in judged if verdict.word == "again"]
        _give_back(rt, [item for item, _ in later], later[0][1])
    return len(settled)


def _give_back(rt: Runtime, items: Sequence[Item], why: str) -> None:
    pause = rt.stream.give_back(items, random.random())  # noqa: S311  # jitter, no secret
    log.warning("index_later", outcomes=len(items), pause_s=pause, detail=why)
