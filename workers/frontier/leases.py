"""Leases and tickets in Redis: which articles are in progress, in which step, and when sweep should look after them.

    warraq:work     ZSET  article id -> when sweep should look after it (ms)
    warraq:tickets  HASH  article id -> its Record as JSON: spares the workers a look into Elasticsearch
    warraq:started  HASH  article id -> the step that is at work on it
    warraq:swept    text  what was due before this moment has been swept

A lease holds from the moment an article leaves its lane until its document and record are written.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

from pydantic import ValidationError
from redis import Redis
from redis.client import Pipeline

from ingest.document import RECORD
from ingest.ledger.record import Record, Stage
from workers.frontier.lanes import milliseconds
from workers.frontier.lua import load

IN_PROGRESS: Final = "in_progress"
FORGOTTEN: Final = "forgotten"
"""Values that `whereabouts` returns besides a Stage."""
INTERRUPTED_S: Final = 5
"""Seconds until sweep looks after an article whose step was cut short."""
RESIDENCE_S: Final = 3600
"""Seconds an outcome may wait in the index stream before sweep checks whether it is still there."""


class Leases:
    """Articles in progress."""

    def __init__(self, redis: Redis, *, lease_s: float) -> None:
        self._redis = redis
        self._lease_ms = int(lease_s * 1000)
        self._whereabouts = redis.register_script(load("whereabouts"))
        self._overdue = redis.register_script(load("overdue"))
        self._uncounted: set[str] = set()
        """Articles whose step was cut short while Redis was away: their starts are taken back at the next call."""

    def unticketed(self, ids: Sequence[str]) -> list[str]:
        """Return the articles that have no ticket, because too many were waiting when they were queued."""
        found = cast("list[bytes | None]", self._redis.hmget("warraq:tickets", list(ids))) if ids else []
        return [article_id for article_id, ticket in zip(ids, found, strict=True) if ticket is None]

    def issue(self, records: Sequence[Record]) -> None:
        """Give tickets to articles that are handed out."""
        if records:
            self._redis.hset("warraq:tickets", mapping={one.id: RECORD.dump_json(one) for one in records})

    def begin(self, article_id: str, stage: Stage) -> tuple[bool, Record | None]:
        """Record the start of a step; return whether it may run, and the ticket. Sweep counts starts that never end.

        It may not while another step works on the article: the message was delivered twice.
        """
        if self._uncounted:
            self._uncount()
        pipe = self._redis.pipeline(transaction=False)
        pipe.hsetnx("warraq:started", article_id, str(stage))
        pipe.hget("warraq:tickets", article_id)
        mine, text = pipe.execute()
        try:
            return bool(mine), RECORD.validate_json(text) if text else None
        except ValidationError:  # another version's, or damaged: the ledger has the record
            return bool(mine), None

    def skip(self, article_id: str) -> None:
        """Take back a start that found nothing to do."""
        self._redis.hdel("warraq:started", article_id)

    def interrupt(self, article_id: str) -> None:
        """Take back a start cut short by an outage of our own services: it is not counted, and sweep retries it soon.

        If it is Redis that is away, this process does it when Redis is back. Raises RedisError then.
        """
        self._uncounted.add(article_id)
        self._uncount()

    def hold(self, ids: Sequence[str]) -> None:
        """Leave articles alone that this version cannot work on, until sweep looks after them again in an hour."""
        if ids:
            self._redis.eval(load("lease"), 0, RESIDENCE_S * 1000, *ids)

    def finish(self, record: Record, lease_s: float | None = None, pipe: Pipeline | None = None) -> None:
        """Record the end of a step; the next one has `lease_s` seconds (None: the usual lease) from now.

        Part of the transaction `pipe`, if given.
        """
        lease = self._lease_ms if lease_s is None else int(lease_s * 1000)
        (pipe or self._redis).eval(load("finish"), 0, record.id, RECORD.dump_json(record), lease)

    def forget(self, ids: Sequence[str]) -> None:
        """Remove every trace of articles that have ended."""
        if not ids:
            return
        pipe = self._redis.pipeline(transaction=True)
        pipe.zrem("warraq:work", *ids)
        pipe.hdel("warraq:tickets", *ids)
        pipe.hdel("warraq:started", *ids)
        pipe.execute()

    def settled(self, ids: Sequence[str]) -> list[str]:
        """Return those whose ticket is an outcome's: whoever takes their message finds nothing to do."""
        texts = self._redis.hmget("warraq:tickets", list(ids)) if ids else []
        return [one for one, text in zip(ids, texts, strict=True) if text and b'"state":"pending"' not in text]

    def whereabouts(self, records: Sequence[Record]) -> list[str]:
        """Return, for each pending record, where Redis has it.

        `in_progress`: it waits or is being worked on. A Stage: its lease has expired after that step started.
        `forgotten`: its lease has expired and nothing had started, or Redis does not know it.
        """
        args = [part for record in records for part in (record.lane, record.id)]
        return [word.decode() for word in cast("list[bytes]", self._whereabouts(args=args))] if args else []

    def overdue(self, limit: int) -> list[str]:
        """Return the ids of articles whose lease has expired, the longest overdue first."""
        return [item.decode() for item in cast("list[bytes]", self._overdue(args=[limit]))]

    def swept_to(self) -> datetime | None:
        """Return how far sweep has come through the ledger's due times; None = it starts over."""
        text = cast("bytes | None", self._redis.get("warraq:swept"))
        return datetime.fromisoformat(text.decode()) if text else None

    def set_swept_to(self, at: datetime) -> None:
        """Record how far sweep has come."""
        self._redis.set("warraq:swept", at.isoformat())

    def count(self) -> int:
        """Return how many articles are in progress or in the index stream."""
        return self._redis.zcard("warraq:work")

    def count_overdue(self, now: datetime) -> int:
        """Return how many articles' leases are over."""
        return self._redis.zcount("warraq:work", "-inf", milliseconds(now))

    def transaction(self) -> Pipeline:
        """Return a MULTI/EXEC pipeline, for callers that combine several of these calls."""
        return self._redis.pipeline(transaction=True)

    def _uncount(self) -> None:
        ids = tuple(self._uncounted)
        pipe = self._redis.pipeline(transaction=True)
        pipe.hdel("warraq:started", *ids)
        pipe.eval(load("lease"), 0, INTERRUPTED_S * 1000, *ids)
        pipe.execute()
        self._uncounted.difference_update(ids)
