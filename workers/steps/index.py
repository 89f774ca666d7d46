"""The last step of every article: outcomes from the index stream into Elasticsearch, a batch at a time."""

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields, replace
from typing import Final

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError
from redis.exceptions import RedisError

from ingest.document import characters, index_of
from ingest.errors import Unavailable
from ingest.ledger.documents import refused
from ingest.model import Article
from ingest.policy.backlog import LINGER_S
from workers.runtime import ELASTICSEARCH, Runtime
from workers.steps.forgotten import take_back, without
from workers.store.outcomes import Item, Outcome, Unreadable
from workers.store.portions import by_weight
from workers.store.stream import BATCH_BYTES
from workers.store.verdicts import Verdict

log = structlog.get_logger()

BATCH: Final = 200
"""Outcomes in one bulk: about 1 MB of Arabic articles."""
BLOCK_MS: Final = 500
NOBODYS: Final = frozenset({401, 408, 429})
"""Statuses of a whole request that say nothing of its items. For any other 4xx one of them may be to blame: it is too
large (413), or a firewall before Elasticsearch does not like its text (403)."""
ENDED: Final = frozenset({"done", "refused", "forgotten"})
"""Verdicts after which an article's record has ended, and nothing of it is at work."""
Judged = list[tuple[Item, Verdict]]


def flush(rt: Runtime, block_ms: int = BLOCK_MS, linger_s: float = LINGER_S) -> int:
    """Write one batch of outcomes to Elasticsearch, acknowledge those that are done; return their number.

    What Elasticsearch cannot take now stays in the stream. If that is most of it, all flushers pause.
    """
    count = rt.stream.allowed(BATCH)
    if not count:
        return 0
    most_bytes = max(1, BATCH_BYTES * count // BATCH)
    batch = rt.stream.read(count, block_ms, linger_s, most_bytes)
    parts, settled = list(by_weight(batch.items, lambda one: one.size, most_bytes)), 0
    for number, part in enumerate(parts):
        try:
            rest = without(rt, part)
            settled += len(part) - len(rest) + _settle(rt, _write(rt, rest))
        except Unavailable as error:
            _give_back(rt, [item for rest in parts[number:] for item in rest], str(error))
            break
        except ELASTICSEARCH as error:
            _give_back(rt, [item for rest in parts[number:] for item in rest], repr(error))
            break
    for entry in batch.unreadable:  # last: it takes room, and a full Redis may get some only from what was written
        _put_aside(rt, entry)
    return settled


def _write(rt: Runtime, items: Sequence[Item]) -> Judged:
    """Write items; if that breaks, or the request is refused whole, it is halved down to the item that is to blame."""
    try:
        return list(zip(items, rt.index.write([item.outcome for item in items], rt.now()), strict=True))
    except ApiError as error:
        if error.status_code // 100 != 4 or error.status_code in NOBODYS:  # noqa: PLR2004  # 4xx
            raise
        why = f"{error.status_code} {error}"
    except TransportError:
        raise
    except Exception as error:  # a bug: whatever it is, no other outcome may wait for this one
        log.exception("bug", outcomes=len(items))
        why = f"bug: {error!r}"
    if len(items) == 1:
        return [(items[0], _refuse(rt, items[0].outcome, why))]
    half = len(items) // 2
    return [*_write(rt, items[:half]), *_write(rt, items[half:])]


def _refuse(rt: Runtime, outcome: Outcome, detail: str) -> Verdict:
    """Write the record of an article whose request is refused; if that is refused too, it was no fault of its own."""
    if outcome.article is None:
        return Verdict("again", detail)
    (verdict,) = rt.index.write([Outcome(refused(outcome.record, rt.now(), detail[:1000]))], rt.now())
    return replace(verdict, word="refused") if verdict.word == "done" else verdict


def _settle(rt: Runtime, judged: Judged) -> int:
    stuck = [item for item, verdict in judged if not _page_gone(rt, item, verdict)]
    rt.stream.postpone(stuck)
    judged = [(item, verdict) for item, verdict in judged if item not in stuck]
    _take_back(rt, [item.outcome.record.id for item, verdict in judged if verdict.word == "forgotten"])
    settled = [item for item, verdict in judged if verdict.word != "again"]
    # a reopened article keeps its lease; of one whose outcome was overtaken, or came after it was given up and begun
    # anew, sweep must see that nobody has it
    moved = rt.leases.settled([item.outcome.record.id for item, verdict in judged if verdict.word == "moved"])
    done = [item.outcome.record.id for item, verdict in judged if verdict.word in {*ENDED, "overtaken"}]
    rt.leases.forget([*done, *moved])
    rt.stream.acknowledge(settled)
    _have_compared(rt, settled)
    later = [(item, verdict.detail) for item, verdict in judged if verdict.word == "again"]
    if len(later) > len(settled):
        _give_back(rt, [item for item, _ in later], later[0][1])
    elif later:
        rt.stream.postpone([item for item, _ in later])
        log.warning("index_postponed", outcomes=len(later), detail=later[0][1])
    return len(settled)


def _take_back(rt: Runtime, ids: Sequence[str]) -> None:
    """Take back what was written of articles that were forgotten at that moment."""
    if ids:
        take_back(rt, list(rt.ledger.get_many(ids).values()))
        for key in ids:
            rt.pages.purge(key)


def _page_gone(rt: Runtime, item: Item, verdict: Verdict) -> bool:
    """Remove a page that may not be kept; return False if it is still there, and the outcome must come again.

    Not before its outcome is in Elasticsearch: if Redis were wiped in between, a file's page would be lost.
    """
    if not item.outcome.unkept or verdict.word not in ENDED:
        return True
    try:
        rt.pages.remove(item.outcome.record.id)
    except Unavailable as error:
        log.warning(error.reason, id=item.outcome.record.id, detail=error.detail)
        return False
    return True


def _have_compared(rt: Runtime, items: Sequence[Item]) -> None:
    """Let documents wait for their stories. If that fails nothing is lost: sweep finds what nobody has compared."""
    written = [(item.outcome.record, item.outcome.article) for item in items]
    texts = {(index_of(record), record.id): _size(article) for record, article in written if article is not None}
    with suppress(RedisError):
        rt.ungrouped.add(texts, rt.now())


def _size(article: Article) -> int:
    return characters(getattr(article, one.name) for one in fields(article))


def _give_back(rt: Runtime, items: Sequence[Item], why: str) -> None:
    pause = rt.stream.give_back(items, random.random())  # noqa: S311  # jitter, no secret
    log.warning("index_later", outcomes=len(items), pause_s=pause, detail=why)


def _put_aside(rt: Runtime, entry: Unreadable) -> None:
    """Set an entry of another version aside for a person, and have its article processed again."""
    log.error("index_unreadable", id=entry.article_id, bytes=len(entry.payload), detail=entry.reason)
    if entry.article_id:
        rt.leases.interrupt(entry.article_id)
    rt.stream.put_aside(entry)
