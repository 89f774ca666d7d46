"""Passwords as files: made once, on the first start, so that nothing ships with a password that everybody knows.

One folder per reader, because compose mounts folders: a service sees its own and no other. API keys join them later,
they are the work of `warraq setup`.
"""

import os
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from string import Template

from workers.queues import QUEUES

ACL_TEMPLATE = Path(__file__).parent.parent / "deploy" / "redis" / "users.acl.tmpl"

FOLDERS = {
    "redis": 0o750,  # Redis is another user: it reads by its group (see docker-compose.yml)
    "elasticsearch": 0o700,
    "workers": 0o700,
    "flower": 0o700,
    "people": 0o700,
    "setup": 0o700,
    "grafana": 0o700,
    "desk": 0o700,
    "upkeep": 0o700,
    "operator": 0o700,
}
PASSWORDS = (
    "elasticsearch/elastic_password",
    "workers/redis_password",
    "flower/redis_password",
    "flower/password",
    "grafana/admin_password",
    "desk/reader_password",
    "desk/editor_password",
    "desk/session_key",
    "desk/redis_password",
    "operator/redis_password",
)


def ensure_secrets(folder: Path) -> list[Path]:
    """Create what is missing in the folder; return the files that were written.

    A password is never overwritten: it may be in use. Files that follow from others are written anew when they
    differ: users.acl when its template changed, or when a password was removed to be replaced.
    """
    for name, mode in FOLDERS.items():
        (folder / name).mkdir(mode=mode, parents=True, exist_ok=True)
    written = [folder / name for name in PASSWORDS if _keep_or_write(folder / name)]
    derived = {
        "redis/users.acl": (_acl(folder), 0o640),
        "people/flower_password": (_read(folder / "flower/password"), 0o600),
        "people/grafana_password": (_read(folder / "grafana/admin_password"), 0o600),
        "people/desk_reader_password": (_read(folder / "desk/reader_password"), 0o600),
        "people/desk_editor_password": (_read(folder / "desk/editor_password"), 0o600),
    }
    for name, (text, mode) in derived.items():
        if not (folder / name).exists() or _read(folder / name) != text:
            write_secret(folder / name, text, mode)
            written.append(folder / name)
    return written


def _keep_or_write(path: Path) -> bool:
    if path.exists():
        return False
    write_secret(path, token_urlsafe(24))
    return True


def _acl(folder: Path) -> str:
    """Fill the template with the queues' names and with hashes: whoever reads users.acl learns no password."""
    lines = _read(ACL_TEMPLATE).splitlines(keepends=True)
    rules = "".join(line for line in lines if line.strip() and not line.startswith("#"))
    hashes = {"app": folder / "workers/redis_password", "flower": folder / "flower/redis_password"}
    hashes |= {user: folder / user / "redis_password" for user in ("desk", "operator")}
    queues = " ".join(f"~{queue.name} ~{queue.name}??[0-9]" for queue in QUEUES)  # the latter by a priority's suffix
    return Template(rules).substitute(
        {user: sha256(path.read_bytes()).hexdigest() for user, path in hashes.items()}, queues=queues
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def write_secret(path: Path, text: str, mode: int = 0o600) -> None:
    """Write atomically, so that a killed start leaves no empty password behind."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, mode)  # whatever the umask
        file.write(text)
    part.replace(path)
