"""Where things lie: the checkout, the state folder, the download cache, and the lock on them."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def home(environ: Mapping[str, str] = os.environ, *, root: bool | None = None) -> Path:
    """Return the state folder.

    As root it lies outside the checkout: Elasticsearch refuses to be root, so it runs under another uid, to which
    /root or a private checkout is closed. The hash keeps two checkouts apart.
    """
    if chosen := environ.get("WARRAQ_HOME"):
        return Path(chosen).expanduser().absolute()
    if os.geteuid() == 0 if root is None else root:
        return Path("/var/lib/warraq") / hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]
    return CHECKOUT / ".warraq"


def cache(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for what is downloaded once for all checkouts; as root one that other uids can read."""
    if os.geteuid() == 0:
        return Path("/var/cache/warraq")
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "warraq"


def interpreter_folder() -> Path:
    """Return the bin folder of the running interpreter: there lie `celery` and `warraq`."""
    return Path(sys.executable).parent


def create(place: Path) -> None:
    """Create the state folder; as root, the uid of Elasticsearch may pass through it (x), and read nothing."""
    passage = 0o711 if os.geteuid() == 0 else 0o700
    for folder, mode in (("", passage), ("data", passage), ("secrets", 0o700), ("log", 0o700), ("services", 0o700)):
        path = place / folder
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)


@contextmanager
def locked(path: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold an exclusive lock on a file: one `up` or `down` at a time, a crashed one leaves no lock behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting: another command holds {path}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def base_environment(place: Path) -> dict[str, str]:
    """Return what every process of the stack gets, and nothing of the caller's shell: as in a container.

    WARRAQ_STACK marks the processes, so that leftovers of a crash are found again (orphans.py); WARRAQ_HOME cannot do
    that, because a user's shell has it too.
    """
    path = os.pathsep.join([str(interpreter_folder()), os.environ.get("PATH", os.defpath)])
    kept = {name: os.environ[name] for name in ("HOME", "USER", "TZ") if name in os.environ}
    return {**kept, "PATH": path, "LANG": "C.UTF-8", "WARRAQ_HOME": str(place), "WARRAQ_STACK": str(place)}
