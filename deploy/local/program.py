"""One process to keep up, and the small scripts that start and check it.

Scripts, because a shell's quoting holds any value (supervisor's own file knows no escape for quotes), and because a
person who wonders why a service fails can run the very same file by hand.
"""

import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.compose import Condition

Check = Callable[[], bool]


def _nothing() -> str:
    return ""


@dataclass(frozen=True)
class Program:
    """A process of the stack; `prepare` writes its files and returns a fingerprint of them: a change restarts it."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    after: Mapping[str, Condition] = field(default_factory=dict)
    check: Check | None = None
    check_argv: tuple[str, ...] = ()
    check_every_s: float = 0.2
    one_shot: bool = False
    stop_s: float = 10.0
    stop_signal: str = "TERM"
    prepare: Callable[[], str] = _nothing


def script(program: Program, place: Path, fingerprint: str) -> str:
    """Write the start script.

    A process that was killed alone may leave its children behind (pool processes, the JVM below Elasticsearch's
    launcher). They share its process group: the next start ends them, as the end of a container would. The group is
    ours as long as no living process has its number.
    """
    pid, tmp = shlex.quote(str(pid_file(place, program.name))), shlex.quote(str(place / "run" / program.name))
    return f"""#!/bin/sh
# Starts {program.name}; written by deploy/local, so changes are lost. Settings: {fingerprint}
if read -r old 2>/dev/null <{pid} && [ ! -e "/proc/$old" ]; then kill -KILL -- "-$old" 2>/dev/null; fi
echo $$ >{pid}
rm -rf -- {tmp}; mkdir -p {tmp}
{_body(program, program.argv)}"""


def check_script(program: Program) -> str:
    """Write the script that exits 0 while the service is healthy."""
    return f"#!/bin/sh\n# Tells whether {program.name} is healthy; written by deploy/local.\n" + _body(
        program, program.check_argv
    )


def _body(program: Program, argv: tuple[str, ...]) -> str:
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(program.env.items()))
    return f"cd {shlex.quote(str(program.cwd))} || exit 1\n{exports}exec {shlex.join(argv)}\n"


def start_file(place: Path, name: str) -> Path:
    """Return where the start script lies."""
    return place / "services" / f"{name}.start"


def check_file(place: Path, name: str) -> Path:
    """Return where the script of the healthcheck lies."""
    return place / "services" / f"{name}.health"


def pid_file(place: Path, name: str) -> Path:
    """Return where the start script leaves its pid."""
    return place / "services" / f"{name}.pid"


def check_by_script(path: Path, timeout_s: float, env: Mapping[str, str]) -> Check:
    """Return a check that runs the healthcheck of the compose file on this machine."""

    def check() -> bool:
        try:
            done = subprocess.run(["/bin/sh", str(path)], env=env, timeout=timeout_s, capture_output=True, check=False)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    return check


def write_private(path: Path, text: str) -> bool:
    """Write a file only its owner reads, all or nothing (a shell may be reading it); tell whether it changed."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return True
