"""The desk as a process."""

import logging
from contextlib import closing

import uvicorn
from elasticsearch import Elasticsearch
from redis import Redis

from workers.celery_ext import logs
from workers.desk.app import application
from workers.desk.desk import build
from workers.desk.library import Library
from workers.frontier.mailbox import Mailbox
from workers.settings import Settings
from workers.store.connection import client, client_with_key_file

LONGEST: int = 4 * 2**20
"""Bytes of a request's head: of a longer address than a page may have, the desk itself says so (wall.py)."""
AT_ONCE = 200


def serve(config: Settings, address: str, port: int) -> None:
    """Serve the desk until the process is told to end."""
    logs.set_up(logging.getLevelNamesMapping()[config.log_level.upper()])
    with closing(elasticsearch(config)) as elastic:
        app = application(build(config, Library(elastic), mailbox(config)))
        uvicorn.run(
            app,
            host=address,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=config.desk_proxies,
            h11_max_incomplete_event_size=LONGEST,
            limit_concurrency=AT_ONCE,
            timeout_graceful_shutdown=5,
        )


def mailbox(config: Settings) -> Mailbox | None:
    """Return the way to the workers, where there is one: a desk alone has no Redis."""
    if config.redis_password_file is None:
        return None
    return Mailbox(Redis.from_url(config.broker_url, socket_timeout=5, socket_connect_timeout=5))


def elasticsearch(config: Settings) -> Elasticsearch:
    """Return a client with the key that the settings name."""
    patience = {"request_timeout": 10, "max_retries": 1}
    key = config.elasticsearch_key_file
    return client_with_key_file(config, key, **patience) if key else client(config, **patience)
