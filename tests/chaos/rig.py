"""The stack that the faults act on, started as each fault needs it, and never more often than that."""

from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Final, Self

from deploy.local import stack as local
from deploy.local.stack import Stack
from tests.chaos.doors import Door
from workers.runtime import Runtime, build
from workers.settings import Settings

OVERRIDES: Final[Mapping[str, str]] = {
    "WARRAQ_FETCH_ALLOW": "127.0.0.0/8,::1/128",
    "WARRAQ_POLITENESS_S": "0",
    "WARRAQ_SWEEP_S": "3",
    "WARRAQ_LEASE_S": "15",
    "WARRAQ_PROCESS_LIMIT_S": "10",
    "WARRAQ_PROCESS_DATA_MB": "400",
}


class Rig:
    """A stack, perhaps with doors in front of its stores, and a runtime that goes past the doors."""

    def __init__(self, heap: str = "512m") -> None:
        self.redis = Door()
        self.elasticsearch = Door(http=True)
        self.stack: Stack
        self.rt: Runtime
        self._heap = heap
        self._as: tuple[dict[str, str], bool] | None = None
        self._open = ExitStack()

    def ready(self, overrides: Mapping[str, str], *, doors: bool = False) -> None:
        """Bring the stack up with these settings beside OVERRIDES; nothing happens if it is up with them."""
        wanted = {**OVERRIDES, **overrides}, doors
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
        overrides, doors = self._as
        ports = {"redis": self.redis.port, "elasticsearch": self.elasticsearch.port} if doors else {}
        self.stack = local.up(overrides, self._heap, _quietly, ports)
        self.redis.upstream, self.elasticsearch.upstream = self.stack.redis_port, self.stack.elasticsearch_port

    def stop(self) -> None:
        """Stop every process in order, by SIGTERM."""
        local.down(_quietly)

    def __enter__(self) -> Self:
        for door in (self.redis, self.elasticsearch):
            self._open.enter_context(door)
        self.ready({})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()


def _quietly(_: str) -> None:
    pass
