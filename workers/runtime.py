"""The clients of one process, built once, on first use (after a prefork pool has forked), and handed in."""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, Protocol, TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from redis import Redis
from redis.exceptions import RedisError

from ingest.model import Page
from workers.celery_ext.broker import DEAD_S
from workers.celery_ext.publisher import Publisher
from workers.clock import RedisClock
from workers.frontier.bounds import Budget, Slots
from workers.frontier.clock_watch import ClockWatch
from workers.frontier.gauge import Gauge
from workers.frontier.lanes import Lanes
from workers.frontier.leases import Leases
from workers.frontier.locks import Locks
from workers.frontier.looks import Looks
from workers.frontier.mailbox import Mailbox
from workers.frontier.schedule import Schedule
from workers.frontier.turns import Turns
from workers.frontier.ungrouped import Ungrouped
from workers.settings import Settings, settings
from workers.store.articles import Index
from workers.store.checkpoint import Reached
from workers.store.connection import client, client_with_key_file
from workers.store.documents import Documents
from workers.store.expiry import Expiry
from workers.store.fingerprints import Fingerprints
from workers.store.ledger import Ledger
from workers.store.page_files import PageFiles
from workers.store.pages import Pages
from workers.store.repeated_lines import BYTES, RepeatedLines
from workers.store.revisions import Revisions
from workers.store.sources import Sources
from workers.store.stories import Stories
from workers.store.stream import Stream
from workers.store.tallies import Tallies
from workers.store.tombstones import Tombstones
from workers.web.handle import Egress
from workers.web.http import NO_HEADERS, Follow, Http, anywhere
from workers.web.robots import Robots
from workers.web.sandbox import Sandbox
from workers.web.site_files import LARGE_MOST, SMALL_BYTES, SiteFiles
from workers.web.tdm import Tdm

T = TypeVar("T")

ELASTICSEARCH: Final = (TransportError, ApiError)
POLL_LEASES: Final = 1.5
"""A poll's lease in leases of an article: 135 s, which is longer than its hard limit of 120 s."""
SERVICES: Final = (RedisError, *ELASTICSEARCH)
"""Errors of our own services. No article is to blame, so no attempt is counted; the lease brings the article back."""


class Web(Protocol):
    """What fetches pages: `http.Http`, or a fake."""

    def get(self, url: str, headers: Mapping[str, str] = NO_HEADERS, follow: Follow = anywhere) -> Page:
        """Return the page behind a URL, of status 304 where a header allowed that; raise Permanent or Transient."""
        ...


class Calls(Protocol):
    """What reads listings within limits: `sandbox.Sandbox`, or a fake that simply calls."""

    def call(self, function: Callable[..., T], *args: object) -> T:
        """Return what a function of these arguments returns."""
        ...


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything a step may touch."""

    settings: Settings
    web: Web
    robots: Robots
    tdm: Tdm
    lanes: Lanes
    leases: Leases
    schedule: Schedule
    gauge: Gauge
    clock_watch: ClockWatch
    locks: Locks
    turns: Turns
    looks: Looks
    ledger: Ledger
    sources: Sources
    pages: Pages
    page_files: PageFiles
    stream: Stream
    index: Index
    memory: RepeatedLines
    revisions: Revisions
    tallies: Tallies
    tombstones: Tombstones
    ungrouped: Ungrouped
    reached: Reached
    expiry: Expiry
    documents: Documents
    fingerprints: Fingerprints
    stories: Stories
    post: Publisher
    mailbox: Mailbox
    sandbox: Calls
    now: Callable[[], datetime]


@cache
def runtime() -> Runtime:
    """Return this process' runtime."""
    return build(settings())


def build(config: Settings) -> Runtime:
    """Return a runtime with clients of its own."""
    return build_on(config, redis_client(config), elasticsearch_client(config))


def build_on(config: Settings, redis: Redis, elastic: Elasticsearch) -> Runtime:
    """Return a runtime on some clients."""
    busy_s = config.lease_s if config.politeness_s else 0.0
    files = site_files(redis)
    return Runtime(
        settings=config,
        web=Http(Egress(config.user_agent, config.proxy_url), config.allowed_networks),
        robots=Robots(redis, files),
        tdm=Tdm(redis, files),
        lanes=Lanes(redis, busy_s=busy_s, lease_s=config.lease_s, host_budget=config.host_budget),
        leases=Leases(redis, lease_s=config.lease_s),
        schedule=Schedule(redis, lease_s=config.lease_s * POLL_LEASES),
        gauge=Gauge(redis),
        clock_watch=ClockWatch(redis),
        locks=Locks(redis),
        turns=Turns(redis, busy_s=busy_s, host_budget=config.host_budget),
        looks=Looks(redis, politeness_s=config.politeness_s, host_budget=config.host_budget),
        ledger=Ledger(elastic),
        sources=Sources(elastic),
        pages=Pages(config.pages_url),
        page_files=PageFiles(config.pages_url),
        stream=Stream(redis, f"{socket.gethostname()}-{os.getpid()}"),
        index=Index(elastic),
        memory=RepeatedLines(redis, Budget(redis, "lines", BYTES).charge),
        revisions=Revisions(elastic),
        tallies=Tallies(elastic),
        tombstones=Tombstones(elastic),
        ungrouped=Ungrouped(redis),
        reached=Reached.of(redis),
        expiry=Expiry(elastic),
        documents=Documents(elastic),
        fingerprints=Fingerprints(elastic),
        stories=Stories(elastic),
        post=Publisher(redis),
        mailbox=Mailbox(redis),
        sandbox=Sandbox(),
        now=RedisClock(redis),
    )


def site_files(redis: Redis) -> SiteFiles:
    """Return what is kept of sites' files, with its bounds."""
    return SiteFiles(
        redis, Budget(redis, "site-files", SMALL_BYTES).charge, Slots(redis, "site-files", LARGE_MOST).take
    )


def redis_client(config: Settings) -> Redis:
    """Return a Redis client; a dead connection is noticed after DEAD_S."""
    return Redis.from_url(config.broker_url, socket_timeout=DEAD_S, socket_connect_timeout=5, socket_keepalive=True)


def elasticsearch_client(config: Settings) -> Elasticsearch:
    """Return an Elasticsearch client with the key that the settings name."""
    if (key_file := config.elasticsearch_key_file) is None:
        return client(config, request_timeout=10)
    return client_with_key_file(config, key_file, request_timeout=10)
