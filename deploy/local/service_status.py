"""One line of `warraq status`: a service, its state and for how long."""

from dataclasses import dataclass

from deploy.local.program import Program
from deploy.local.supervise import Info

_SECOND, _MINUTE, _HOUR, _DAY = 1, 60, 3600, 86400


@dataclass(frozen=True)
class ServiceStatus:
    """One line of `warraq status`."""

    name: str
    state: str
    pid: int | None
    healthy: bool
    uptime: str


def line(program: Program, info: Info | None, *, ok: bool) -> ServiceStatus:
    """Return the line of a program; `ok` is what its health check, or a one-shot's exit code, says."""
    if info is None:
        return ServiceStatus(program.name, "stopped", None, healthy=False, uptime="")
    if program.one_shot:
        state = {"EXITED": "done" if ok else "failed"}.get(info.state, info.state.lower())
        return ServiceStatus(program.name, state, info.pid or None, ok, "")
    since = _duration(info.now - info.started_at) if info.up else ""
    return ServiceStatus(program.name, info.state.lower(), info.pid or None, ok, since)


def _duration(seconds: int) -> str:
    """Write a duration in its largest unit: `3 min`."""
    for unit, word in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (_SECOND, "s")):
        if seconds >= unit:
            return f"{seconds // unit} {word}"
    return "0 s"
