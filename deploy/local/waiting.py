"""Waits until services are healthy and one-shots are done."""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from deploy.local.errors import LocalStackError, ServiceFailedError, WrongPasswordError
from deploy.local.program import Program
from deploy.local.supervise import Info, Supervisor
from deploy.local.supervisord import log_tail

_PATIENCE_S = 180.0  # Elasticsearch needs 8-17 s, 66 s were seen with a load of 8 on two cores
_REFUSAL_S = 30.0  # so long may Elasticsearch refuse its password: until it has read its index of users, 1-5 s
_DEATHS = 3  # so often may a starting service die before its log is shown


@dataclass
class _Wait:
    """The waiting for one program."""

    supervisor: Supervisor
    program: Program
    over: threading.Event
    began: float = field(default_factory=time.monotonic)
    refused_since: float | None = None
    pids: set[int] = field(default_factory=set)

    def run(self) -> str:
        """Return the closing message; raise if the program failed."""
        while not self.over.is_set():
            info = self.supervisor.info(self.program.name)
            if self.program.one_shot and not info.up:
                return self._one_shot(info)
            if not self.program.one_shot and self._is_well(info):
                return f"{self.program.name} is healthy ({time.monotonic() - self.began:.1f} s)"
            self._lose_patience(info)
            self.over.wait(0.02 if self.program.one_shot else self.program.check_every_s)
        return ""

    def _is_well(self, info: Info) -> bool:
        """Ask the service; Elasticsearch refuses every password until it has read its index of users."""
        try:
            return is_well(self.program, info)
        except WrongPasswordError:
            self.refused_since = self.refused_since or time.monotonic()
            if time.monotonic() - self.refused_since > _REFUSAL_S:
                raise
            return False

    def _lose_patience(self, info: Info) -> None:
        self.pids |= {info.pid} - {0}
        why = f"died {_DEATHS} times" if len(self.pids) > _DEATHS else None
        if time.monotonic() - self.began > _PATIENCE_S:
            why = f"is not {'done' if self.program.one_shot else 'healthy'} after {_PATIENCE_S:.0f} s"
        if why:
            raise ServiceFailedError(f"{self.program.name} {why}; it said last:{self._tail()}")

    def _one_shot(self, info: Info) -> str:
        if not is_well(self.program, info):
            why = f"failed with exit status {info.exit_status}" if info.state == "EXITED" else "could not be started"
            raise ServiceFailedError(f"{self.program.name} {why}; it said last:{self._tail()}")
        return f"{self.program.name} is done"

    def _tail(self) -> str:
        return log_tail(self.supervisor.place, self.program.name)


def wait(programs: Collection[Program], supervisor: Supervisor, say: Callable[[str], None]) -> None:
    """Wait for all of them at the same time; the first failure ends the waiting."""
    over = threading.Event()

    def one(program: Program) -> None:
        try:
            if sentence := _Wait(supervisor, program, over).run():
                say(sentence)
        except BaseException:
            over.set()
            raise

    with ThreadPoolExecutor(max_workers=max(1, len(programs))) as pool:
        try:
            for done in [pool.submit(one, program) for program in programs]:
                done.result()
        finally:  # Ctrl-C as well
            over.set()


def is_well(program: Program, info: Info) -> bool:
    """Return whether a one-shot ended well, a service is up and healthy (without a healthcheck: has lived for 1 s)."""
    if program.one_shot:
        return info.state == "EXITED" and info.exit_status == 0
    return info.up and program.check() if program.check else info.state == "RUNNING"


def all_well(programs: Collection[Program], known: Mapping[str, Info]) -> dict[str, bool]:
    """Ask all at the same time: a Python healthcheck takes a part of a second."""

    def one(program: Program) -> bool:
        try:
            return is_well(program, known[program.name])
        except LocalStackError:
            return False

    with ThreadPoolExecutor(max_workers=max(1, len(programs))) as pool:
        return dict(zip([program.name for program in programs], pool.map(one, programs), strict=True))
