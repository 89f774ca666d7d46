"""The stack that the faults act on, started as each fault needs it, and never more often than that."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from deploy.local import stack as local
from deploy.local.stack import Stack
from tests.chaos.doors import Door
from tests.chaos.gate import Gate
from workers.runtime import Runtime, build
from workers.settings import Settings

SITE: Final = Path(__file__).parent / "site"
STARTED: Final = Path(tempfile.gettempdir()) / f"warraq-chaos-{os.getpid()}"
"""Gets a line for each start on a fatal page."""
OVERRIDES: Final[Mapping[str, str]] = {
    "WARRAQ_FETCH_ALLOW": "127.0.0.0/8,::1/128",
    "WARRAQ_POLITENESS_S": "0",
    "WARRAQ_SWEEP_S": "2",
    "WARRAQ_LEASE_S": "12",
    "WARRAQ_BATCH_BEHIND": "0",
    "WARRAQ_PROCESS_LIMIT_S": "14",
    "WARRAQ_PROCESS_DATA_MB": "800",
    "WARRAQ_REDIS_MAXMEMORY": "64mb",
    "WARRAQ_METRICS_SELDOM_S": "2",
    "process.PYTHONPATH": str(SITE),
    "process.WARRAQ_CHAOS_STARTS": str(STARTED),
    "poll.PYTHONPATH": str(SITE),
    "poll.WARRAQ_CHAOS_SKEW_S": "600",
}
"""Alike for nearly all faults, so that no worker is restarted between them. The poll worker is 10 minutes ahead."""


class Rig:
    """A stack with a door in front of each store, and a gate behind Elasticsearch's; a runtime that goes past them."""

    def __init__(self, heap: str = "512m") -> None:
        self.redis = Door()
        self.elasticsearch = Door()
        self.gate = Gate()
        self.stack: Stack
        self.rt: Runtime
        self._heap = heap
        self._as: dict[str, str] | None = None
        self._open = ExitStack()

    def ready(self, overrides: Mapping[str, str]) -> None:
        """Bring the stack up with these settings beside OVERRIDES; nothing happens if it is up with them."""
        wanted = {**OVERRIDES, **overrides}
        if wanted == self._as:
            return
        self._as = wanted
        self.start()
        url, redis = f"http://127.0.0.1:{self.stack.elasticsearch_port}", f"127.0.0.1:{self.stack.redis_port}"
        known = Settings(_env_file=self.stack.home / "env")  # type: ignore[call-arg]  # pydantic-settings' own argument
        self.rt = build(known.model_copy(update={"redis_url": f"redis://app@{redis}/0", "elasticsearch_url": url}))

    def start(self) -> None:
        """Start what does not run, with the settings of the last `ready`."""
        assert self._as is not None
        if not self.gate.upstream:  # the ports are chosen at the first start, and kept
            stores = local.services_up(("redis", "elasticsearch"), self._as, self._heap, _quietly)
            self.redis.upstream, self.gate.upstream = stores.redis_port, stores.elasticsearch_port
        self.elasticsearch.upstream = self.gate.port
        doors = {"redis": self.redis.port, "elasticsearch": self.elasticsearch.port}
        self.stack = local.up(self._as, self._heap, _quietly, doors)

    def stop(self) -> None:
        """Stop every process in order, by SIGTERM."""
        local.down(_quietly)

    def __enter__(self) -> Self:
        for door in (self.redis, self.elasticsearch, self.gate):
            self._open.enter_context(door)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()


def _quietly(_: str) -> None:
    pass
