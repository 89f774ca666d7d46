"""Notes from the desk to the workers, and back.

warraq:desk:orders   LIST  orders, the oldest first
warraq:desk:answers  LIST  the last answers, the newest first
warraq:claim:obey    text  exists while a worker is called: the poll queue does not fill with calls while all are away

The desk may write the first and read the first two, and nothing else in Redis. May be lost: the editor asks again.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import Final, cast

from pydantic import ValidationError
from redis import Redis

from ingest.desk.order import ANSWER, ORDER, Answer, Order

ORDERS: Final = "warraq:desk:orders"
ANSWERS: Final = "warraq:desk:answers"
CALLED: Final = "warraq:claim:obey"
CALL_S: Final = 60
"""Seconds after which a call that nobody has answered is made again: its message may be lost."""
KEPT: Final = 20
MOST: Final = 100
"""Orders that wait; more are a fault."""


class Mailbox:
    """Orders and answers."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def put(self, order: Order) -> bool:
        """Leave an order; False if too many wait already."""
        if self.waiting() >= MOST:
            return False
        self._redis.rpush(ORDERS, ORDER.dump_json(order))
        return True

    def waiting(self) -> int:
        """Return how many orders wait."""
        return self._redis.llen(ORDERS)

    def calls(self) -> bool:
        """Return whether a worker must be called: orders wait, and no call for them does."""
        return self.waiting() > 0 and bool(self._redis.set(CALLED, 1, nx=True, ex=CALL_S))

    def come(self) -> None:
        """Answer a call: what is ordered from now on is worth another."""
        self._redis.delete(CALLED)

    def take(self) -> Order | None:
        """Take the oldest order off: nobody else gets it."""
        text = cast("bytes | None", self._redis.lpop(ORDERS))
        return ORDER.validate_json(text) if text else None

    def answer(self, answer: Answer) -> None:
        """Say what became of an order."""
        self._redis.lpush(ANSWERS, ANSWER.dump_json(answer))
        self._redis.ltrim(ANSWERS, 0, KEPT - 1)

    def drop(self, words: Collection[str]) -> None:
        """Remove the answers that have any of some words: an entry of a listing that was tried."""
        written = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]  # as JSON has it: with its \"
        for text in cast("list[bytes]", self._redis.lrange(ANSWERS, 0, -1)):
            if any(word in text.decode() for word in written):
                self._redis.lrem(ANSWERS, 0, cast("str", text))

    def answers(self) -> list[Answer]:
        """Return the last answers, the newest first; one that another version has written is left out."""
        return list(_readable(cast("list[bytes]", self._redis.lrange(ANSWERS, 0, KEPT - 1))))


def _readable(texts: Iterable[bytes]) -> Iterator[Answer]:
    for text in texts:
        with suppress(ValidationError):
            yield ANSWER.validate_json(text)
