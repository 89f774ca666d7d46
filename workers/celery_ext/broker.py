"""The broker: Kombu's Redis transport with one client a channel.

Kombu makes a new client for each command that it sends, which takes as long as the command (70 of 150 us with redis-py
8). A client holds nothing but its pool, and threads may share it; a pool that kombu replaces takes its client with it.
"""

import logging
from typing import Any, Final

from kombu.transport import redis, virtual

DEAD_S: Final = 10
"""Seconds without an answer after which a connection to Redis counts as half open; no command takes as long."""


class QoS(virtual.QoS):
    """A channel's unacknowledged messages."""

    def restore_unacked(self) -> list[Any]:  # type: ignore[override]  # the stub is wrong: it returns them
        """Give unfinished messages back; without a broker that fails, and kombu would dump them all into a file."""
        astray: Any = super().restore_unacked()
        if astray:
            logging.getLogger(__name__).warning("Redis is away; the leases bring %d messages back", len(astray))
        return []


class Channel(redis.Channel):
    """A channel that keeps its client."""

    _kept: Any = None
    _in_poll: Any
    _fanout_queues: dict[str, tuple[str, str]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # kombu's own signature
        super().__init__(*args, **kwargs)
        self.QoS: Any = QoS  # where kombu, without emulated acknowledgements, has put virtual.QoS

    def _create_client(self, asynchronous: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002  # kombu's own signature
        if asynchronous:
            return super()._create_client(asynchronous=True)  # type: ignore[misc]  # not in celery-types' stub
        if self._kept is None or self._kept.connection_pool is not self.pool:
            self._kept = super()._create_client()  # type: ignore[misc]  # as above
        return self._kept

    def close(self) -> None:
        """Leave a wait for messages at once; kombu would see it out, and so would a worker that is asked to stop."""
        if self._in_poll and not self._in_poll.can_read(0):
            self._in_poll.disconnect()
            self._in_poll = None
        super().close()

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """Keep no table of the queues bound to a fanout exchange: nothing reads it.

        kombu keeps it while one listener lives, so it would grow by an entry for each worker that ever started.
        """
        if self.typeof(exchange).type == "fanout":
            self._fanout_queues[queue] = (exchange, routing_key.replace("#", "*"))
        else:
            super()._queue_bind(exchange, routing_key, pattern, queue)  # type: ignore[misc]  # as above

    def _refresh_bindings(self, queues: list[str]) -> None:
        """Refresh the tables that there are."""
        tables = [queue for queue in queues if queue not in self._fanout_queues]
        super()._refresh_bindings(tables)  # type: ignore[misc]  # as above


class Transport(redis.Transport):
    """Replaces Kombu's own transport."""

    Channel = Channel
    brpop_timeout = 5
    """Seconds that a worker waits for a message before it asks again; kombu asks every second."""
