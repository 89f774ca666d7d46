"""The desk as a process."""

import asyncio
import logging
import sys
from contextlib import closing, suppress

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


class Server(uvicorn.Server):
    """uvicorn's, but it looks once a second whether it is to end, and not ten times: nothing else happens at rest."""

    async def main_loop(self) -> None:
        """Keep the date of the answers, until it is told to end."""
        while not await self.on_tick(0):  # noqa: ASYNC110  # as uvicorn does, which has no event for it
            await asyncio.sleep(1.0)


def serve(config: Settings, address: str, port: int) -> None:
    """Serve the desk until the process is told to end."""
    logs.set_up(logging.getLevelNamesMapping()[config.log_level.upper()])
    with closing(elasticsearch(config)) as elastic:
        app = application(build(config, Library(elastic), mailbox(config)))
        listening = uvicorn.Config(
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
        server = Server(listening)
        with suppress(KeyboardInterrupt):
            server.run()
    if not server.started:
        sys.exit(3)  # uvicorn's own code for it


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
