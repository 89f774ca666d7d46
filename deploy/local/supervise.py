"""Processes are kept up by supervisor (supervisord.org): its start, and talking to it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from xmlrpc.client import Fault, ProtocolError, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from deploy.local import orphans, places
from deploy.local.errors import LocalStackError
from deploy.local.program import write_private
from deploy.local.supervisord import log_tail, socket_path

_START_S = 10.0  # supervisord answers in 0.3 s on a quiet machine
_BAD_NAME = 10  # supervisor.xmlrpc.Faults.BAD_NAME
_NOT_RUNNING = 70
_ALREADY_STARTED = 60


@dataclass(frozen=True)
class Info:
    """What supervisor knows of one process."""

    name: str
    state: str
    pid: int
    exit_status: int
    started_at: int
    now: int
    priority: int = 0

    @property
    def up(self) -> bool:
        """Return whether the process runs."""
        return self.state in {"RUNNING", "STARTING"}


class Supervisor:
    """The running supervisord of one state folder; every call opens its own connection, so threads may share it."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def call(self, method: str, *arguments: Any) -> Any:  # noqa: ANN401 - XML-RPC answers are of any shape
        """Ask supervisord; OSError when it is not there."""
        with ServerProxy(
            "http://localhost", transport=SupervisorTransport(None, None, f"unix://{socket_path(self.place)}")
        ) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)

    def alive(self) -> bool:
        """Return whether supervisord answers."""
        try:
            return bool(self.call("getState")["statename"] == "RUNNING")
        except (OSError, Fault, ProtocolError):
            return False

    def all(self) -> dict[str, Info]:
        """Return every process supervisord knows."""
        priorities = {one["name"]: one["process_prio"] for one in self.call("getAllConfigInfo")}
        return {one["name"]: _info(one, priorities.get(one["name"], 0)) for one in self.call("getAllProcessInfo")}

    def info(self, name: str) -> Info:
        """Return what is known of one process."""
        try:
            return _info(self.call("getProcessInfo", name), 0)
        except Fault as fault:
            if fault.faultCode != _BAD_NAME:
                raise
            raise LocalStackError(f"{name}: no service of that name in docker-compose.yml") from fault

    def start(self, name: str) -> None:
        """Start a process, do not wait."""
        self._tolerating(_ALREADY_STARTED, "startProcess", name)

    def stop(self, names: Iterable[str]) -> None:
        """Stop processes at the same time and wait; supervisord itself kills those that take too long.

        One that is only just forked would not notice: it has supervisord's signal handlers until it is replaced.
        """
        waited = tuple(names)
        while any(self.info(name).state == "STARTING" for name in waited):
            time.sleep(0.05)
        for name in waited:
            self._tolerating(_NOT_RUNNING, "stopProcess", name)
        while any(self.info(name).state == "STOPPING" for name in waited):
            time.sleep(0.05)

    def _tolerating(self, code: int, method: str, name: str) -> None:
        try:
            self.call(method, name, False)  # noqa: FBT003 - XML-RPC knows no keywords: wait=False
        except Fault as fault:
            if fault.faultCode != code:
                raise LocalStackError(f"{name}: supervisord refused {method}: {fault.faultString}") from fault

    def update(self) -> bool:
        """Take over a changed configuration: changed and removed processes are stopped; False when it is refused."""
        try:
            added, changed, removed = self.call("reloadConfig")[0]
        except Fault:
            return False
        self.stop([*changed, *removed])
        for name in [*changed, *removed]:
            self.call("removeProcessGroup", name)
        for name in [*added, *changed]:
            self.call("addProcessGroup", name)
        return True

    def shutdown(self) -> None:
        """End supervisord and whatever it still runs; wait until all are gone."""
        self.call("shutdown")
        deadline = time.monotonic() + _START_S
        while orphans.find(self.place) and time.monotonic() < deadline:
            time.sleep(0.02)


def _info(answer: dict[str, Any], priority: int) -> Info:
    return Info(
        name=answer["name"],
        state=cast("str", answer["statename"]),
        pid=answer["pid"],
        exit_status=answer["exitstatus"],
        started_at=answer["start"],
        now=answer["now"],
        priority=priority,
    )


def ensure(place: Path, conf: str, say: Callable[[str], None]) -> Supervisor:
    """Return a supervisord that runs this configuration; leftovers of a crashed one are ended first."""
    supervisor = Supervisor(place)
    write_private(place / "supervisord.conf", conf)
    if supervisor.alive() and supervisor.update():
        return supervisor
    orphans.end(place, say)
    for stale in [*place.glob("services/*.pid"), socket_path(place)]:
        stale.unlink(missing_ok=True)
    folder = socket_path(place).parent
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise LocalStackError(f"{folder} belongs to another user; remove it, or set WARRAQ_HOME to a shorter path")
    _launch(place)
    return supervisor


def _launch(place: Path) -> None:
    """Start supervisord, which goes into the background by itself; wait until it answers."""
    command = [sys.executable, "-W", "ignore", "-m", "supervisor.supervisord", "-c", "supervisord.conf"]
    done = subprocess.run(command, env=places.base_environment(place), cwd=place, capture_output=True, check=False)
    deadline = time.monotonic() + _START_S
    while done.returncode == 0 and time.monotonic() < deadline:
        if Supervisor(place).alive():
            return
        time.sleep(0.02)
    output = (done.stdout + done.stderr).decode(errors="replace")
    raise LocalStackError(f"supervisord did not start: {output}{log_tail(place, 'supervisord')}")
