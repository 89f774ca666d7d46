"""Our Kombu transport against the real Redis."""

from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection
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
