"""Our Kombu transport against the real Redis."""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from kombu import Connection, Consumer, Exchange, Producer, Queue
from redis import Redis

from workers.app import app
from workers.celery_ext.broker import Channel
from workers.settings import settings

pytestmark = pytest.mark.stack


@pytest.fixture
def connection(redis: Redis) -> Iterator[Connection]:
    assert redis.ping()
    url = settings().broker_url.rsplit("/", 1)[0] + "/15"
    with app.connection_for_write(url) as connection:
        yield connection


def test_a_channel_keeps_one_client_for_all_that_it_sends(connection: Connection) -> None:
    channel: Any = connection.channel()
    assert isinstance(channel, Channel)
    with channel.conn_or_acquire() as one, channel.conn_or_acquire() as other:
        assert one is other


def test_messages_come_through_before_and_after_its_pool_is_replaced(connection: Connection) -> None:
    channel: Any = connection.channel()
    queue = connection.SimpleQueue("tries")
    queue.put("one")
    with channel.conn_or_acquire() as old:
        channel._disconnect_pools()
        with channel.conn_or_acquire() as new:
            assert new is not old
            assert new.connection_pool is channel.pool
    queue.put("two")
    for text in ("one", "two"):
        message = queue.get(timeout=5)
        assert message.payload == text
        message.ack()
    queue.close()


def test_who_listened_to_broadcasts_leaves_nothing_behind(connection: Connection, redis: Redis) -> None:
    """As workers that start one after the other, each under a name of its own: a pod's."""
    everybody, heard = Exchange("everybody", type="fanout"), []
    for number in range(3):
        queue = Queue(f"pod{number}", everybody, expires=10)
        with connection.clone() as own:
            channel: Any = own.default_channel
            with Consumer(channel, [queue], callbacks=[lambda body, _: heard.append(body)], no_ack=True):
                with suppress(TimeoutError):
                    own.drain_events(timeout=0.1)  # subscribes
                channel.maybe_refresh_binding_expiry()
                Producer(connection.default_channel).publish("hello", exchange=everybody, declare=[everybody])
                own.drain_events(timeout=5)
    assert heard == ["hello"] * 3
    assert list(redis.scan_iter("_kombu.binding*")) == []


def test_a_channel_that_is_closed_waits_for_no_message_and_takes_none(connection: Connection) -> None:
    channel: Any = connection.channel()
    queue = Queue("nobody-writes", Exchange("nobody-writes"), routing_key="nobody-writes")
    with Consumer(channel, [queue], no_ack=True), suppress(TimeoutError):
        connection.drain_events(timeout=0.1)  # asks
    assert channel._in_poll
    began = time.monotonic()
    channel.close()
    assert time.monotonic() - began < 1
    with connection.SimpleQueue("nobody-writes") as other:
        other.put("one")
        assert other.get(timeout=5).payload == "one"
