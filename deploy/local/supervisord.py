"""supervisor's (supervisord.org) configuration file, and the places of its socket and logs."""

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from deploy.local.program import Program

_SOCKET_PATH_MAX = 90  # the kernel's limit is 107 bytes; supervisor binds NAME.PID first and renames it
_LOG = "10MB"  # times 1 + 2 old ones for each service


def configuration(place: Path, levels: Sequence[Iterable[Program]]) -> str:
    """Write supervisord.conf.

    The priority is the level of the start order, which `down` walks backwards. Paths are relative to the state folder,
    where supervisord runs: its file format has no safe way to write a space or a percent sign.
    """
    head = f"""; Written by deploy/local, so changes are lost.
[unix_http_server]
file = {"supervisor.sock" if socket_path(place).parent == place else socket_path(place)}
chmod = 0700

[supervisord]
logfile = log/supervisord.log
logfile_maxbytes = 1MB
logfile_backups = 1
pidfile = supervisord.pid
umask = 077
silent = true

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
    return head + "".join(_section(one, number) for number, level in enumerate(levels) for one in level)


def _section(program: Program, priority: int) -> str:
    """Write one program's section.

    A service counts as started after 1 s: one that dies at once is tried again after 1, 2, 3 … s instead of burning
    a core, one that was killed comes back at once; a practically endless number of tries means it is never given up.
    Only the process itself hears SIGTERM (Celery's parent stops its pool); SIGKILL goes to the whole group.
    """
    return f"""
[program:{program.name}]
command = /bin/sh services/{program.name}.start
autostart = false
autorestart = {"false" if program.one_shot else "true"}
startsecs = {0 if program.one_shot else 1}
startretries = 1000000
priority = {priority}
stopsignal = {program.stop_signal}
stopwaitsecs = {max(1, round(program.stop_s))}
stopasgroup = false
killasgroup = true
redirect_stderr = true
stdout_logfile = log/{program.name}.log
stdout_logfile_maxbytes = {_LOG}
stdout_logfile_backups = 2
"""


def socket_path(place: Path) -> Path:
    """Return the control socket; in the temporary folder where the state folder's path is too long for one."""
    wanted = place / "supervisor.sock"
    if len(str(wanted).encode()) <= _SOCKET_PATH_MAX:
        return wanted
    return Path(tempfile.gettempdir()) / f"warraq-{hashlib.sha256(str(place).encode()).hexdigest()[:8]}" / "sock"


def log_file(place: Path, name: str) -> Path:
    """Return where a service's output goes."""
    return place / "log" / f"{name}.log"


def log_tail(place: Path, name: str, lines: int = 15) -> str:
    """Return the end of a service's log, for an error message."""
    path = log_file(place, name)
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return "\n".join(["", *(f"    {line}" for line in text.splitlines()[-lines:]), f"  the whole log: {path}"])
